"""Posts as Telegram takes them: text and entities, never a parse mode, so nothing needs escaping."""

from core.rendering.post import TEXT_LIMIT, RenderedPost, render, render_plain

__all__ = ["TEXT_LIMIT", "RenderedPost", "render", "render_plain"]

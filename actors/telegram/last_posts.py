"""The last posts of chats as buttons: each shows the life of its link."""

from actors.context import Context
from actors.telegram.panels import Panel, button
from core.languages import gettext as _
from core.languages import marked
from core.text import cut, is_blank, one_line
from core.urls.normalize import host_of
from store.finding import Scope
from store.last_posts import last_posts

EVERYWHERE = 0
"""Stands for all chats that somebody may look at, where others have the id of one."""
_MOST = 8
_TITLE_LIMIT = 60
_HOW = marked(
    "Say which link: /why https://example.com/story. Or answer a post with /why, or forward me one."
)


async def last_posts_panel(ctx: Context, scope: Scope, chat_id: int) -> Panel:
    """Return how to ask about a link, with a button for each of the last posts.

    Args:
        ctx: the world of the actor.
        scope: the chats whose posts they are.
        chat_id: the only one of them, or `EVERYWHERE`.
    """
    posts = await ctx.store.read(last_posts, scope, limit=_MOST)
    rows = [[button(_label(post.title, post.url), f"why:{chat_id}:{post.history_id}")] for post in posts]
    return Panel(_(_HOW) + ("\n\n" + _("Or is it one of the last posts?") if rows else ""), rows)


def _label(title: str, url: str) -> str:
    label = cut(one_line(title), _TITLE_LIMIT)
    return (host_of(url) or "?") if is_blank(label) else label

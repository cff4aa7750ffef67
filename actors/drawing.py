"""Posts drawn as their chat wants them; where that fails, by default, and at last as plain text."""

from dataclasses import replace
from functools import lru_cache

import structlog
from sqlite_utils import Database

from actors.context import Context
from actors.insisting import insist
from core.digests import render_digest
from core.languages import speaking
from core.protocol import Delivery, PostContent
from core.rendering.post import RenderedPost, render, render_plain
from core.templates.errors import TemplateFailed, WrongTemplate
from store import languages, people, templates


@lru_cache(maxsize=64)
def _rendered(content: PostContent, language: str, template: str | None = None) -> RenderedPost:
    """Return what a link looks like: chats that show it alike get it one after the other."""
    with speaking(language):
        return render(content) if template is None else render(content, template=template)


log = structlog.get_logger("publisher")


async def drawn(ctx: Context, delivery: Delivery) -> tuple[Delivery, RenderedPost]:
    """Render a post; of a digest, with as many of its links as a message has room for."""
    language = await _language(ctx, delivery)
    if not delivery.more:
        return delivery, await _drawn_alone(ctx, delivery, language)
    try:
        with speaking(language):
            rendered, count = render_digest([each.content for each in delivery.together])
    except Exception:
        log.exception("rendering_failed", queue=delivery.queue_id, link=delivery.history_id)
        return replace(delivery, more=()), render_plain(delivery.content)
    if count == 1:
        alone = replace(delivery, more=())
        return alone, await _drawn_alone(ctx, alone, language)
    return replace(delivery, more=delivery.more[: count - 1], preview=False, picture=None), rendered


async def _language(ctx: Context, delivery: Delivery) -> str:
    """Return the language of a post, its chat's; only notes are our words, without one none is looked up."""
    if all(each.content.note is None for each in delivery.together):
        return "en"
    found = await insist(lambda: ctx.store.read(languages.of_place, delivery.place.chat_id))
    return found or ctx.settings.bot_language


async def _drawn_alone(ctx: Context, delivery: Delivery, language: str) -> RenderedPost:
    """Render the post of one link; a template that fails is told of once, and nothing stops the queue."""
    if delivery.plain:
        return render_plain(delivery.content)
    if delivery.template is not None:
        try:
            return _rendered(delivery.content, language, delivery.template)
        except (WrongTemplate, TemplateFailed) as error:
            await _tell(ctx, delivery, str(error))
        except Exception:
            log.exception("template_crashed", queue=delivery.queue_id, link=delivery.history_id)
    try:
        return _rendered(delivery.content, language)
    except Exception:
        log.exception("rendering_failed", queue=delivery.queue_id, link=delivery.history_id)
        return render_plain(delivery.content)


async def _tell(ctx: Context, delivery: Delivery, problem: str) -> None:
    log.warning("template_failed", queue=delivery.queue_id, chat=delivery.place.chat_id, problem=problem)
    if await insist(
        lambda: ctx.store.write(_report, delivery, problem=problem, ctx=ctx, now_ms=ctx.now_ms())
    ):
        ctx.bells.speaker.ring()


def _report(db: Database, delivery: Delivery, *, problem: str, ctx: Context, now_ms: int) -> bool:
    alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
    return templates.report_failure(db, delivery, problem=problem, alert=alert, now_ms=now_ms)

"""/post: links that somebody wants posted, by the schedule or not."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import ChatHere, allowed_place
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.posting.moments import next_clock
from core.posting.post_request import PostRequest, parse_post
from core.posting.shown import moment_text
from core.posting.zones import zone_of
from core.protocol import Place
from core.text import cut
from core.words import say
from store import chats
from store.outbox import posting, schedules

_WILL_GO = frozenset({"post_queued", "post_promoted"})


def router(ctx: Context) -> Router:
    """Return the router of /post."""
    routes = Router(name="post")

    @routes.message(named("post"))
    async def post(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_post(command.args or "")
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        await post_links(ctx, message, request, chat)

    return routes


async def post_links(ctx: Context, message: Message, request: PostRequest, chat: ChatHere) -> None:
    """Put links into the queue of a chat, and say what became of each."""
    place = Place(chat_id=chat.chat_id, topic_id=chat.topic_id)
    await ctx.store.write(chats.ensure, chat.chat_id, chat_type=chat.type, title=chat.title)
    at_ms, when = await _moment(ctx, request, chat.chat_id)
    pages = PagePolicy(fetch=ctx.settings.fetch_pages)
    lines = []
    for url in request.urls:
        did = await ctx.store.write(
            posting.post,
            place,
            url=url,
            at_ms=at_ms,
            again=request.again,
            pages=pages,
            now_ms=ctx.now_ms(),
        )
        note = " " + _("At {when}.").format(when=when) if when and did in _WILL_GO else ""
        name = f"{cut(url, 100)}: " if len(request.urls) > 1 else ""
        lines.append(f"{name}{say(did)}{note}")
    ctx.bells.fetcher.ring()
    ctx.bells.publisher.ring()
    await message.answer("\n".join(lines))


async def _moment(ctx: Context, request: PostRequest, chat_id: int) -> tuple[int | None, str]:
    """Return the moment that was chosen, and how it is said; None leaves it to the schedule."""
    now_ms = ctx.now_ms()
    if request.now:
        return now_ms, ""
    if request.at_min is None:
        return None, ""
    found = await ctx.store.read(
        schedules.schedule_of, chat_id, pacing=pacing_policy(ctx.settings), now_ms=now_ms
    )
    at_ms = next_clock(request.at_min, zone_of(found.zone), now_ms)
    return at_ms, moment_text(at_ms, found.zone, now_ms=now_ms)

"""/add: watch feeds for this chat, or for another one."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import ChatHere, here_or_there
from core.errors import UserError
from core.kinds.options import CHOICES, read_options
from core.protocol import Place
from core.requests import AddRequest, parse_add
from store import adding
from store.subscriptions import Subscribed

_URLS_AT_ONCE = 50


def router(ctx: Context) -> Router:
    """Return the router of /add."""
    routes = Router(name="add")

    @routes.message(named("add"))
    async def add(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_add(command.args or "", interval_min_s=ctx.settings.interval_min)
        _check(request)
        chat = await here_or_there(bot, message, request.target)
        answer_in = (message.chat.id, here_topic(message))
        wishes = [_wish(ctx, request, url, chat, answer_in) for url in request.urls]
        done = await ctx.store.write(_add_all, wishes, now_ms=ctx.now_ms())
        known = [f"No. {each.number} is watched here already." for each in done if not each.created]
        if known:
            await message.answer("\n".join(known))
        ctx.bells.speaker.ring()
        ctx.bells.poller.ring()

    return routes


def _check(request: AddRequest) -> None:
    if not request.urls:
        raise UserError(
            "Send the address of a feed with it, like\n/add https://example.com/feed.xml\n"
            "Options: every=30m (how often I look), backlog=3 (how many of its present entries to post), "
            "as=sitemap or as=list select=.card for a page without a feed."
        )
    if len(request.urls) > _URLS_AT_ONCE:
        raise UserError(f"At most {_URLS_AT_ONCE} addresses at once, please.")
    if request.kind not in CHOICES:
        raise UserError(f"as={request.kind[:20]}: I can read {', '.join(CHOICES[1:])}.")


def _wish(
    ctx: Context, request: AddRequest, url: str, chat: ChatHere, answer_in: tuple[int, int]
) -> adding.Wish:
    private = "1" if chat.type == "private" else "none"
    kind, rules = read_options(request.kind, select=request.select, rules=request.rules)
    return adding.Wish(
        place=Place(chat_id=chat.chat_id, topic_id=chat.topic_id),
        kind="feed" if kind == "auto" else kind,
        rules=rules,
        url=url,
        backlog=request.backlog or ctx.settings.backlog_default or private,
        interval_s=request.interval_s,
        chat_type=chat.type,
        chat_title=chat.title,
        answer_in=answer_in,
    )


def _add_all(db: Database, wishes: list[adding.Wish], *, now_ms: int) -> list[Subscribed]:
    return [adding.add(db, wish, now_ms=now_ms) for wish in wishes]


def here_topic(message: Message) -> int:
    """Return the forum topic a message was written in (0: none)."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0

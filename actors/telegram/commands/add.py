"""/add: watch something for this chat, or for another one."""

from dataclasses import replace

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import ChatHere, allowed_place
from core.errors import UserError
from core.kinds.options import CHOICES, LINK, read_options
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.protocol import Place
from core.requests import AddRequest, parse_add
from core.words import say
from store import adding, by_hand, defaults, people, probes

_URLS_AT_ONCE = 50


def router(ctx: Context) -> Router:
    """Return the router of /add."""
    routes = Router(name="add")

    @routes.message(named("add"))
    async def add(message: Message, command: CommandObject, bot: Bot, owner: bool) -> None:
        request = parse_add(command.args or "", interval_min_s=ctx.settings.interval_min)
        _check(request)
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        if request.kind == LINK:
            await queue_links(ctx, message, request, chat)
            return
        tells = message.from_user.id if owner and message.from_user else await _an_owner(ctx)
        await watch(ctx, message, request, chat, tells=tells)

    return routes


def _check(request: AddRequest) -> None:
    if not request.urls:
        raise UserError(
            "Send the address of a feed or of a page with it, like\n/add https://example.com\n"
            "Options: every=30m (how often I look), backlog=3 (how many of its present entries to post), "
            "as=sitemap or as=list select=.card for a page without a feed."
        )
    if len(request.urls) > _URLS_AT_ONCE:
        raise UserError("At most {urls_at_once} addresses at once, please.", urls_at_once=_URLS_AT_ONCE)
    if request.kind not in (*CHOICES, LINK):
        raise UserError(
            "as={kind}: I can read {choices}; as=link posts the address itself.",
            kind=request.kind[:20],
            choices=", ".join(CHOICES[1:]),
        )


async def watch(
    ctx: Context, message: Message, request: AddRequest, chat: ChatHere, *, tells: int | None
) -> None:
    """Subscribe a chat to addresses; `tells` is the owner who hears in private what others are not told."""
    answer_in = (message.chat.id, here_topic(message))
    usual = await ctx.store.read(defaults.of, chat.chat_id)
    backlog = usual.get("backlog")
    if request.backlog is None and backlog is not None:
        request = replace(request, backlog=str(backlog))
    wishes = [
        replace(_wish(ctx, request, url, chat), answer_in=answer_in, owner=tells) for url in request.urls
    ]
    numbers = await ctx.store.write(_add_all, wishes, now_ms=ctx.now_ms())
    known = [_("No. {number} is watched here already.").format(number=number) for number in numbers]
    if known:
        await message.answer("\n".join(known))
    ctx.bells.speaker.ring()
    ctx.bells.poller.ring()
    ctx.bells.finder.ring()


async def queue_links(ctx: Context, message: Message, request: AddRequest, chat: ChatHere) -> None:
    """Post addresses themselves, once each."""
    place = Place(chat_id=chat.chat_id, topic_id=chat.topic_id)
    pages = PagePolicy(fetch=ctx.settings.fetch_pages)
    lines = []
    for url in request.urls:
        queued = await ctx.store.write(
            by_hand.queue_link,
            place,
            url=url,
            pages=pages,
            asked_in=(message.chat.id, here_topic(message)),
            now_ms=ctx.now_ms(),
        )
        lines.append(say("add_link" if queued else "add_link_known"))
    await message.answer("\n".join(lines))
    ctx.bells.fetcher.ring()
    ctx.bells.publisher.ring()


async def _an_owner(ctx: Context) -> int | None:
    owners = await ctx.store.read(people.owners, ctx.settings.owner_ids)
    return owners[0] if owners else None


def _wish(ctx: Context, request: AddRequest, url: str, chat: ChatHere) -> adding.Wish:
    private = "1" if chat.type == "private" else "none"
    kind, rules = read_options(request.kind, select=request.select, rules=request.rules)
    return adding.Wish(
        place=Place(chat_id=chat.chat_id, topic_id=chat.topic_id),
        kind=kind,
        rules=rules,
        url=url,
        backlog=request.backlog or ctx.settings.backlog_default or private,
        interval_s=request.interval_s,
        chat_type=chat.type,
        chat_title=chat.title,
    )


def _add_all(db: Database, wishes: list[adding.Wish], *, now_ms: int) -> list[int]:
    """Watch what is clear, and have the finder look behind the rest; return numbers of what was known."""
    known: list[int] = []
    for wish in wishes:
        if wish.kind == "auto":
            begun = probes.begin(db, wish, now_ms=now_ms)
            known += [begun.known_number] if begun.known_number is not None else []
        else:
            done = adding.add(db, wish, now_ms=now_ms)
            known += [] if done.created else [done.number]
    return known


def here_topic(message: Message) -> int:
    """Return the forum topic a message was written in (0: none)."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0

"""/add: watch something for this chat, or for another one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import ChatHere, allowed_place
from actors.telegram.quotas import adder_of
from core.errors import QuotaReached, UserError
from core.kinds.options import CHOICES, LINK, read_options
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.protocol import Place
from core.requests import AddRequest, parse_add
from core.text import cut
from core.urls.normalize import without_secrets
from core.words import say
from store import adding, by_hand, defaults, people, probes

_URLS_AT_ONCE = 50
_TOLD = 10


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
        await watch(ctx, message, request, chat, tells=tells, by=adder_of(message))

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
    ctx: Context, message: Message, request: AddRequest, chat: ChatHere, *, tells: int | None, by: int | None
) -> None:
    """Subscribe a chat to addresses, as far as the quota of whom they count for, `by`, lets it.

    `tells` is the owner who hears in private what others are not told.
    """
    answer_in = (message.chat.id, here_topic(message))
    usual = await ctx.store.read(defaults.of, chat.chat_id)
    backlog = usual.get("backlog")
    if request.backlog is None and backlog is not None:
        request = replace(request, backlog=str(backlog))
    wishes = [
        replace(_wish(ctx, request, url, chat), answer_in=answer_in, owner=tells, added_by=by)
        for url in request.urls
    ]
    done = await ctx.store.write(_add_all, wishes, owners=ctx.settings.owner_ids, now_ms=ctx.now_ms())
    if lines := _lines(done):
        await message.answer("\n".join(lines), parse_mode=None)
    ctx.bells.speaker.ring()
    ctx.bells.poller.ring()
    ctx.bells.finder.ring()


def _lines(done: "_Done") -> list[str]:
    """Return what there is to say at once."""
    lines = [_("No. {number} is watched here already.").format(number=number) for number in done.known]
    if done.reached is not None:
        lines += [_("Not added: {url}").format(url=cut(url, 200)) for url in done.refused[:_TOLD]]
        more = len(done.refused) - _TOLD
        lines += [_("… and {more} more").format(more=more)] if more > 0 else []
        lines.append(str(done.reached))
    return lines


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


@dataclass(slots=True)
class _Done:
    """Numbers of what was known, and addresses that a quota refused, with what it says."""

    known: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    reached: QuotaReached | None = None


def _add_all(db: Database, wishes: list[adding.Wish], *, owners: Sequence[int], now_ms: int) -> _Done:
    """Watch what is clear, and have the finder look behind the rest, as long as there is room."""
    done = _Done()
    for wish in wishes:
        try:
            number = _add_one(db, wish, owners, now_ms)
        except QuotaReached as refusal:  # raised before anything is changed
            done.refused.append(without_secrets(wish.url))
            done.reached = refusal
        else:
            done.known += [] if number is None else [number]
    return done


def _add_one(db: Database, wish: adding.Wish, owners: Sequence[int], now_ms: int) -> int | None:
    """Return the number of what is watched already."""
    if wish.kind == "auto":
        return probes.begin(db, wish, owners=owners, now_ms=now_ms).known_number
    added = adding.add(db, wish, owners=owners, now_ms=now_ms)
    return None if added.created else added.number


def here_topic(message: Message) -> int:
    """Return the forum topic a message was written in (0: none)."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0

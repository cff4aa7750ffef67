"""The screens of /admin: the bot on one of them, and behind it chats, roles, links and what was done."""

from collections.abc import Callable, Mapping
from pathlib import Path

from aiogram.types import InlineKeyboardButton

from actors.context import Context
from actors.telegram.done_words import done_text
from actors.telegram.panels import Panel, Row, button, part_of
from actors.telegram.quotas import line_of
from core import VERSION, backups
from core.disk import is_low
from core.languages import gettext as _
from core.languages.formats import duration_text, number_text
from core.state_words import role_name, state_text
from core.text import cut, one_line
from core.upkeep_words import format_size
from core.words import say
from store import administration, quotas, reads_monitor, repeats, roles
from store.administration import ChatState, Done
from store.backups import names
from store.quotas import Holder
from store.reads_monitor import Monitored
from store.roles import Role

_PAGE = 8
_LOG_ENTRIES = 80
_LATE = 2
"""Times BACKUP_EVERY: an older backup says that none are made any more."""

FreeBytes = Callable[[Path], int | None]


async def home(ctx: Context, free_bytes: FreeBytes) -> Panel:
    """Return what the program is, and how it is."""
    now_ms = ctx.now_ms()
    started_ms = await ctx.store.read(administration.started_ms, ctx.owner.boot_id)
    now = await ctx.store.read(reads_monitor.monitored)
    uptime = "?" if started_ms is None else duration_text((now_ms - started_ms) / 1000)
    out_of_reach = await ctx.store.read(administration.suspended)
    lines = [
        _("Vestnik {version}, up for {uptime}").format(version=VERSION, uptime=uptime),
        _sources(now),
        *_outbox(now, await ctx.store.read(administration.held), now_ms),
        _("Chats out of reach: {out_of_reach}").format(out_of_reach=out_of_reach),
        _backup(ctx)[1],
        (await _disk(ctx, free_bytes))[1],
    ]
    return Panel("\n".join(lines), _menu())


async def check(ctx: Context, free_bytes: FreeBytes) -> Panel:
    """Return the quick part of what `python run.py check` looks at."""
    found = await ctx.store.read(repeats.count, now_ms=ctx.now_ms())
    doubles = found.same_key + found.same_place
    now = await ctx.store.read(reads_monitor.monitored)
    out_of_reach = await ctx.store.read(administration.suspended)
    findings = [
        (
            doubles == 0,
            _("Duplicates: {doubles}, among the newest {looked_at} links").format(
                doubles=doubles, looked_at=number_text(found.looked_at)
            ),
        ),
        (
            not now.waiting.get("uncertain"),
            _("Posts in doubt: {waiting}").format(waiting=now.waiting.get("uncertain", 0)),
        ),
        (not now.failing, _("Sources that fail: {failing}").format(failing=sum(now.failing.values()))),
        (not out_of_reach, _("Chats out of reach: {out_of_reach}").format(out_of_reach=out_of_reach)),
        _backup(ctx),
        await _disk(ctx, free_bytes),
    ]
    lines = [f"{'✅' if well else '⚠️'} {text}" for well, text in findings]
    lines.append(_("The whole check, with rights and integrity: python run.py check"))
    return Panel("\n".join(lines), [[button(_("Again"), "adm:check:0"), _back()]])


async def chats(ctx: Context, number: int) -> Panel:
    """Return a page of the chats, those out of reach first, each with its way back."""
    part = part_of(await ctx.store.read(administration.chat_states), number, size=_PAGE)
    lines = [_chat_line(each, ctx.now_ms()) for each in part.items] or [_("No chat has a source yet.")]
    rows: list[Row] = [
        [
            button(
                _("Resume {title}").format(title=one_line(each.title)),
                f"adm:resume:{each.chat_id}:{part.number}",
            )
        ]
        for each in part.items
        if each.state == "suspended" or each.closed_topics
    ]
    return Panel("\n".join(lines), [*rows, *part.turning("adm:chats:{}".format), [_back()]])


async def people(ctx: Context, number: int) -> Panel:
    """Return a page of who has which role where, and who else adds what is watched."""
    owners = ctx.settings.owner_ids
    found: list[Role | Holder] = [*await ctx.store.read(roles.of_all, owners=owners)]
    found += await ctx.store.read(quotas.without_role, owners=owners)
    part = part_of(found, number, size=_PAGE)
    rows: list[Row] = [
        [
            button(
                _("Remove {name} from {chat}").format(
                    name=one_line(each.name) or each.user_id, chat=one_line(each.chat)
                ),
                f"adm:unrole:{each.chat_id}:{each.user_id}:{part.number}",
            )
        ]
        for each in part.items
        if isinstance(each, Role)
    ]
    empty = _("Nobody but owners has a role. /role editor @chat makes a link that gives one.")
    text = "\n".join(line_of(each) for each in part.items) or empty
    return Panel(text, [*rows, *part.turning("adm:roles:{}".format), [_back()]])


async def links(ctx: Context, number: int) -> Panel:
    """Return a page of the invitations that nobody has taken up yet."""
    now_ms = ctx.now_ms()
    part = part_of(await ctx.store.read(administration.invitations, now_ms=now_ms), number, size=_PAGE)
    lines = [
        _("{chat}: {role}, for another {duration}").format(
            chat=cut(one_line(each.chat), 100),
            role=role_name(each.role),
            duration=duration_text((each.until_ms - now_ms) / 1000),
        )
        for each in part.items
    ]
    rows: list[Row] = [
        [
            button(
                _("Take back: {role} of {chat}").format(role=role_name(each.role), chat=one_line(each.chat)),
                f"adm:revoke:{each.mark}:{part.number}",
            )
        ]
        for each in part.items
    ]
    text = "\n".join(lines) or _("No link waits to be opened. /role editor @chat makes one.")
    return Panel(text, [*rows, *part.turning("adm:links:{}".format), [_back()]])


async def log(ctx: Context, number: int) -> Panel:
    """Return a page of the audit log, the newest first."""
    part = part_of(await ctx.store.read(administration.log, limit=_LOG_ENTRIES), number, size=_PAGE)
    lines = [_done_line(each, ctx.now_ms()) for each in part.items] or [_("Nothing was done yet.")]
    return Panel("\n".join(lines), [*part.turning("adm:log:{}".format), [_back()]])


def _menu() -> list[Row]:
    return [
        [
            button(_("Chats"), "adm:chats:0"),
            button(_("Roles"), "adm:roles:0"),
            button(_("Links"), "adm:links:0"),
        ],
        [
            button(_("Log"), "adm:log:0"),
            button(_("Check"), "adm:check:0"),
            button(_("Back up now"), "adm:backup:0"),
        ],
        [button(_("Refresh"), "adm:home:0")],
    ]


def _back() -> InlineKeyboardButton:
    return button(_("Back"), "adm:home:0")


def _sources(now: Monitored) -> str:
    states = ", ".join(f"{count} {state_text(state)}" for state, count in sorted(now.sources.items()))
    return _("Sources: {states}; failing: {failing}").format(
        states=states or _("none"), failing=sum(now.failing.values())
    )


def _outbox(now: Monitored, held: Mapping[str, int], now_ms: int) -> list[str]:
    waiting = ", ".join(f"{count} {state_text(state)}" for state, count in now.waiting.items() if count)
    lines = [_("Outbox: {waiting}").format(waiting=waiting or _("nothing waits"))]
    if now.oldest_pending_ms is not None:
        lines.append(
            _("Oldest waiting post: {duration}").format(
                duration=duration_text((now_ms - now.oldest_pending_ms) / 1000)
            )
        )
    return lines + [
        _("Held, {reason}: {count}").format(reason=say(reason), count=count) for reason, count in held.items()
    ]


def _backup(ctx: Context) -> tuple[bool, str]:
    settings = ctx.settings
    if not settings.backup_every:
        return True, _("Backups: off (BACKUP_EVERY)")
    database = settings.database_path.name
    taken = [backups.taken_ms(database, name) for name in names(settings.backup_folder)]
    newest_ms = max((at_ms for at_ms in taken if at_ms is not None), default=None)
    if newest_ms is None:
        return True, _("Last backup: none yet")
    age_s = max(0.0, (ctx.now_ms() - newest_ms) / 1000)
    return age_s <= _LATE * settings.backup_every, _("Last backup: {duration} ago").format(
        duration=duration_text(age_s)
    )


async def _disk(ctx: Context, free_bytes: FreeBytes) -> tuple[bool, str]:
    size = await ctx.store.read(administration.database_bytes)
    free = free_bytes(ctx.settings.database_path.absolute().parent)
    if free is None:
        return True, _("Database: {size}").format(size=format_size(size))
    low = is_low(free_bytes=free, database_bytes=size, was_low=False)
    return not low, _("Database: {size}; free on its disk: {free}").format(
        size=format_size(size), free=format_size(free)
    )


def _chat_line(each: ChatState, now_ms: int) -> str:
    line = _("{title}: {subscriptions} watched").format(
        title=cut(one_line(each.title), 100), subscriptions=each.subscriptions
    )
    if each.closed_topics:
        line += _(", {closed_topics} topics out of reach").format(closed_topics=each.closed_topics)
    if each.state == "suspended":
        since = (
            _("out of reach: {reason}")
            if each.since_ms is None
            else _("out of reach for {duration}: {reason}")
        )
        duration = duration_text((now_ms - (each.since_ms or now_ms)) / 1000)
        line = f"⚠️ {line}; {since.format(duration=duration, reason=say(each.reason))}"
    return line + (_("; {held} posts wait for that").format(held=each.held) if each.held else "")


def _done_line(each: Done, now_ms: int) -> str:
    ago = duration_text((now_ms - each.at_ms) / 1000)
    return cut(_("{ago} ago: {done}").format(ago=ago, done=done_text(each)), 300)

"""The screens of /admin: the bot on one of them, and behind it chats, roles, links and what was done."""

from collections.abc import Callable, Mapping
from pathlib import Path

from aiogram.types import InlineKeyboardButton

from actors.context import Context
from actors.telegram.panels import Panel, Row, button, part_of
from core import VERSION, backups
from core.disk import is_low
from core.durations import format_duration
from core.text import cut, one_line
from core.upkeep_words import format_size
from core.words import say
from store import administration, reads_monitor, repeats, roles
from store.administration import ChatState, Done
from store.backups import names
from store.reads_monitor import Monitored

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
    uptime = "?" if started_ms is None else format_duration((now_ms - started_ms) / 1000)
    out_of_reach = await ctx.store.read(administration.suspended)
    lines = [
        f"Vestnik {VERSION}, up for {uptime}",
        _sources(now),
        *_outbox(now, await ctx.store.read(administration.held), now_ms),
        f"Chats out of reach: {out_of_reach}",
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
        (doubles == 0, f"Duplicates: {doubles}, among the newest {found.looked_at:,} links"),
        (not now.waiting.get("uncertain"), f"Posts in doubt: {now.waiting.get('uncertain', 0)}"),
        (not now.failing, f"Sources that fail: {sum(now.failing.values())}"),
        (not out_of_reach, f"Chats out of reach: {out_of_reach}"),
        _backup(ctx),
        await _disk(ctx, free_bytes),
    ]
    lines = [f"{'✅' if well else '⚠️'} {text}" for well, text in findings]
    lines.append("The whole check, with rights and integrity: python run.py check")
    return Panel("\n".join(lines), [[button("Again", "adm:check:0"), _back()]])


async def chats(ctx: Context, number: int) -> Panel:
    """Return a page of the chats, those out of reach first, each with its way back."""
    part = part_of(await ctx.store.read(administration.chat_states), number, size=_PAGE)
    lines = [_chat_line(each, ctx.now_ms()) for each in part.items] or ["No chat has a source yet."]
    rows: list[Row] = [
        [button(f"Resume {one_line(each.title)}", f"adm:resume:{each.chat_id}:{part.number}")]
        for each in part.items
        if each.state == "suspended" or each.closed_topics
    ]
    return Panel("\n".join(lines), [*rows, *part.turning("adm:chats:{}".format), [_back()]])


async def people(ctx: Context, number: int) -> Panel:
    """Return a page of who has which role where."""
    part = part_of(await ctx.store.read(roles.of_all), number, size=_PAGE)
    lines = [
        f"{one_line(each.chat)}: {each.role} {one_line(each.name)} ({each.user_id})" for each in part.items
    ]
    rows: list[Row] = [
        [
            button(
                f"Remove {one_line(each.name) or each.user_id} from {one_line(each.chat)}",
                f"adm:unrole:{each.chat_id}:{each.user_id}:{part.number}",
            )
        ]
        for each in part.items
    ]
    empty = "Nobody but owners has a role. /role editor @chat makes a link that gives one."
    text = "\n".join(cut(line, 200) for line in lines) or empty
    return Panel(text, [*rows, *part.turning("adm:roles:{}".format), [_back()]])


async def links(ctx: Context, number: int) -> Panel:
    """Return a page of the invitations that nobody has taken up yet."""
    now_ms = ctx.now_ms()
    part = part_of(await ctx.store.read(administration.invitations, now_ms=now_ms), number, size=_PAGE)
    lines = [
        f"{cut(one_line(each.chat), 100)}: {each.role}, for another "
        f"{format_duration((each.until_ms - now_ms) / 1000)}"
        for each in part.items
    ]
    rows: list[Row] = [
        [button(f"Take back: {each.role} of {one_line(each.chat)}", f"adm:revoke:{each.mark}:{part.number}")]
        for each in part.items
    ]
    text = "\n".join(lines) or "No link waits to be opened. /role editor @chat makes one."
    return Panel(text, [*rows, *part.turning("adm:links:{}".format), [_back()]])


async def log(ctx: Context, number: int) -> Panel:
    """Return a page of the audit log, the newest first."""
    part = part_of(await ctx.store.read(administration.log, limit=_LOG_ENTRIES), number, size=_PAGE)
    lines = [_done_line(each, ctx.now_ms()) for each in part.items] or ["Nothing was done yet."]
    return Panel("\n".join(lines), [*part.turning("adm:log:{}".format), [_back()]])


def _menu() -> list[Row]:
    return [
        [button("Chats", "adm:chats:0"), button("Roles", "adm:roles:0"), button("Links", "adm:links:0")],
        [button("Log", "adm:log:0"), button("Check", "adm:check:0"), button("Back up now", "adm:backup:0")],
        [button("Refresh", "adm:home:0")],
    ]


def _back() -> InlineKeyboardButton:
    return button("Back", "adm:home:0")


def _sources(now: Monitored) -> str:
    states = ", ".join(f"{count} {state}" for state, count in sorted(now.sources.items()))
    return f"Sources: {states or 'none'}; failing: {sum(now.failing.values())}"


def _outbox(now: Monitored, held: Mapping[str, int], now_ms: int) -> list[str]:
    waiting = ", ".join(f"{count} {state}" for state, count in now.waiting.items() if count)
    lines = [f"Outbox: {waiting or 'nothing waits'}"]
    if now.oldest_pending_ms is not None:
        lines.append(f"Oldest waiting post: {format_duration((now_ms - now.oldest_pending_ms) / 1000)}")
    return lines + [f"Held, {say(reason)}: {count}" for reason, count in held.items()]


def _backup(ctx: Context) -> tuple[bool, str]:
    settings = ctx.settings
    if not settings.backup_every:
        return True, "Backups: off (BACKUP_EVERY)"
    database = settings.database_path.name
    taken = [backups.taken_ms(database, name) for name in names(settings.backup_folder)]
    newest_ms = max((at_ms for at_ms in taken if at_ms is not None), default=None)
    if newest_ms is None:
        return True, "Last backup: none yet"
    age_s = max(0.0, (ctx.now_ms() - newest_ms) / 1000)
    return age_s <= _LATE * settings.backup_every, f"Last backup: {format_duration(age_s)} ago"


async def _disk(ctx: Context, free_bytes: FreeBytes) -> tuple[bool, str]:
    size = await ctx.store.read(administration.database_bytes)
    free = free_bytes(ctx.settings.database_path.absolute().parent)
    if free is None:
        return True, f"Database: {format_size(size)}"
    low = is_low(free_bytes=free, database_bytes=size, was_low=False)
    return not low, f"Database: {format_size(size)}; free on its disk: {format_size(free)}"


def _chat_line(each: ChatState, now_ms: int) -> str:
    line = f"{cut(one_line(each.title), 100)}: {each.subscriptions} watched"
    if each.closed_topics:
        line += f", {each.closed_topics} topics out of reach"
    if each.state == "suspended":
        ago = "" if each.since_ms is None else f" for {format_duration((now_ms - each.since_ms) / 1000)}"
        line = f"⚠️ {line}; out of reach{ago}: {say(each.reason)}"
    return line + (f"; {each.held} posts wait for that" if each.held else "")


def _done_line(each: Done, now_ms: int) -> str:
    """Return one line of the log: known actions in words, others by their code."""
    role, of = each.args.get("role", ""), each.args.get("of", "")
    words = {
        "role.invited": f"made a link for an {role} of",
        "role.accepted": f"became {role} of",
        "role.removed": f"took the role {role} from {of} in",
        "role.revoked": f"took back a link for an {role} of",
        "chat.resumed": "resumed",
    }
    ago = format_duration((now_ms - each.at_ms) / 1000)
    if each.action == "source.moved":
        return f"{ago} ago: source {each.args.get('source')} moved to another address"
    did = words.get(each.action, each.action)
    return cut(f"{ago} ago: {one_line(each.who)} {did} {one_line(each.chat)}", 200)

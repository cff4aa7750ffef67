"""/stats: how everything is doing, on one screen; in a group, and to who is no owner, their chats alone."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from aiogram import Router
from aiogram.types import Message

from actors.context import Context
from actors.telegram.answering import scope_of
from actors.telegram.matching import named
from actors.telegram.stats_picture import picture_keyboard
from core.languages import gettext as _
from core.languages.formats import duration_text
from core.state_words import state_text
from core.upkeep_words import format_size
from core.words import say, say_alike
from store.chat_overview import ChatOverview, chat_overview, chats_with_subscriptions
from store.finding import Scope
from store.overview import Overview, overview, percentile


def router(ctx: Context) -> Router:
    """Return the router of /stats."""
    routes = Router(name="stats")

    @routes.message(named("stats"))
    async def stats(message: Message, owner: bool) -> None:
        private = message.chat.type == "private"
        if not (owner and private):
            scope = await scope_of(ctx, message.from_user, message.chat.id, private=private)
            await message.answer(await _of_chats(ctx, scope))
            return
        seen = await ctx.store.read(overview, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms())
        free_bytes = _free_bytes(ctx.settings.database_path.absolute().parent)
        text = stats_text(seen, free_bytes=free_bytes, now_ms=ctx.now_ms())
        await message.answer(text, reply_markup=picture_keyboard())

    return routes


async def _of_chats(ctx: Context, scope: Scope) -> str:
    """Return how these chats are doing, and nothing of others or of the machine."""
    now_ms = ctx.now_ms()
    if scope is None:  # a role in all of them
        scope = await ctx.store.read(chats_with_subscriptions)
    return chats_text(await ctx.store.read(chat_overview, scope, now_ms=now_ms), now_ms=now_ms)


def chats_text(seen: ChatOverview, *, now_ms: int) -> str:
    """Return an overview of some chats in words."""
    return "\n".join(
        [
            _("Subscriptions: {count} (paused: {paused})").format(
                count=seen.subscriptions, paused=seen.paused
            ),
            _failing(seen.failing, say_alike),
            _("Posted: {day} in a day, {week} in 7 days").format(day=seen.day, week=seen.week),
            _waiting(seen, now_ms),
            *_held(seen.held),
        ]
    )


def stats_text(seen: Overview, *, free_bytes: int | None, now_ms: int) -> str:
    """Return an overview in words; a day is the last 24 hours."""
    day, week = seen.day, seen.week
    lines = [
        _sources(seen.sources),
        _failing(seen.failing, say),
        _("Subscriptions: {count} (chats: {chats}, paused: {paused})").format(
            count=seen.subscriptions, chats=seen.chats, paused=seen.paused
        ),
        _("Links: {day} new in a day, {week} in 7 days, {known} known").format(
            day=day.links, week=week.links, known=seen.links
        ),
        _("Posted: {day} in a day, {week} in 7 days").format(day=day.posted, week=week.posted),
        _("Repeats caught: {day} in a day, {week} in 7 days; duplicates: 0").format(
            day=day.repeats, week=week.repeats
        ),
        _delays(seen.delays_ms),
        _waiting(seen, now_ms),
        *_held(seen.held),
        _("Never to be posted: {day} in a day, {week} in 7 days").format(day=day.ended, week=week.ended),
        _database(seen.database_bytes, free_bytes),
    ]
    if seen.started_ms is not None:
        lines.append(
            _("Running for {duration}").format(duration=duration_text((now_ms - seen.started_ms) / 1000))
        )
    return "\n".join(lines)


def _sources(by_state: dict[str, int]) -> str:
    states = ", ".join(f"{count} {state_text(state)}" for state, count in sorted(by_state.items()))
    return _("Sources: {count}").format(count=sum(by_state.values())) + (f" ({states})" if states else "")


def _held(held: dict[str, int]) -> list[str]:
    return [
        _("Held: {count}, {reason}").format(count=count, reason=say(reason)) for reason, count in held.items()
    ]


def _failing(failing: dict[str, int], say: Callable[[str], str]) -> str:
    counts: Counter[str] = Counter()
    for error, count in failing.items():
        if error:
            counts[say(error)] += count
    reasons = "; ".join(f"{count}: {said}" for said, count in counts.items())
    return _("Failing now: {count}").format(count=failing[""]) + (f" ({reasons})" if reasons else "")


def _delays(delays_ms: list[int]) -> str:
    if not delays_ms:
        return _("From seen to posted: nothing was posted in a day")
    half, most = (duration_text(percentile(delays_ms, share) / 1000) for share in (0.5, 0.95))
    return _("From seen to posted: half within {half}, 95% within {most} (last {count})").format(
        half=half, most=most, count=len(delays_ms)
    )


def _waiting(seen: Overview | ChatOverview, now_ms: int) -> str:
    said = _("Waiting: {count}").format(count=seen.waiting)
    if seen.oldest_ms is not None:
        said += _(", the oldest for {duration}").format(
            duration=duration_text((now_ms - seen.oldest_ms) / 1000)
        )
    return said + (_("; in doubt: {count}").format(count=seen.doubtful) if seen.doubtful else "")


def _database(size: int, free_bytes: int | None) -> str:
    if free_bytes is None:
        return _("Database: {size}").format(size=format_size(size))
    return _("Database: {size}, free on its disk: {free}").format(
        size=format_size(size), free=format_size(free_bytes)
    )


def _free_bytes(folder: Path) -> int | None:
    """Return what is free on the disk of a folder; None where that cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None

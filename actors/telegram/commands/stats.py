"""/stats: how everything is doing, on one screen."""

import shutil
from pathlib import Path

from aiogram import Router
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.stats_picture import picture_keyboard
from core.durations import format_duration
from core.words import say
from store.overview import Overview, overview, percentile

_MIB = 2**20


def router(ctx: Context) -> Router:
    """Return the router of /stats."""
    routes = Router(name="stats")

    @routes.message(named("stats"))
    async def stats(message: Message) -> None:
        seen = await ctx.store.read(overview, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms())
        free_bytes = _free_bytes(ctx.settings.database_path.absolute().parent)
        text = stats_text(seen, free_bytes=free_bytes, now_ms=ctx.now_ms())
        await message.answer(text, reply_markup=picture_keyboard())

    return routes


def stats_text(seen: Overview, *, free_bytes: int | None, now_ms: int) -> str:
    """Return an overview in words; a day is the last 24 hours."""
    states = ", ".join(f"{count} {state}" for state, count in sorted(seen.sources.items()))
    day, week = seen.day, seen.week
    lines = [
        f"Sources: {sum(seen.sources.values())}{f' ({states})' if states else ''}",
        _failing(seen.failing),
        f"Subscriptions: {seen.subscriptions} (chats: {seen.chats}, paused: {seen.paused})",
        f"Links: {day.links} new in a day, {week.links} in 7 days, {seen.links} known",
        f"Posted: {day.posted} in a day, {week.posted} in 7 days",
        f"Repeats caught: {day.repeats} in a day, {week.repeats} in 7 days; duplicates: 0",
        _delays(seen.delays_ms),
        _waiting(seen, now_ms),
        *(f"Held: {count}, {say(reason)}" for reason, count in seen.held.items()),
        f"Never to be posted: {day.ended} in a day, {week.ended} in 7 days",
        f"Database: {_size(seen.database_bytes)}"
        + (f", free on its disk: {_size(free_bytes)}" if free_bytes is not None else ""),
    ]
    if seen.started_ms is not None:
        lines.append(f"Running for {format_duration((now_ms - seen.started_ms) / 1000)}")
    return "\n".join(lines)


def _failing(failing: dict[str, int]) -> str:
    reasons = "; ".join(f"{count}: {say(error)}" for error, count in failing.items() if error)
    return f"Failing now: {failing['']}{f' ({reasons})' if reasons else ''}"


def _delays(delays_ms: list[int]) -> str:
    if not delays_ms:
        return "From seen to posted: nothing was posted in a day"
    half, most = (format_duration(percentile(delays_ms, share) / 1000) for share in (0.5, 0.95))
    return f"From seen to posted: half within {half}, 95% within {most} (last {len(delays_ms)})"


def _waiting(seen: Overview, now_ms: int) -> str:
    oldest = ""
    if seen.oldest_ms is not None:
        oldest = f", the oldest for {format_duration((now_ms - seen.oldest_ms) / 1000)}"
    doubt = f"; in doubt: {seen.doubtful}" if seen.doubtful else ""
    return f"Waiting: {seen.waiting}{oldest}{doubt}"


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count / _MIB:.1f} MB"


def _free_bytes(folder: Path) -> int | None:
    """Return what is free on the disk of a folder; None where that cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None

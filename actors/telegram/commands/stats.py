"""/stats: counts of everything, on one screen."""

from aiogram import Router
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from core.durations import format_duration
from core.words import say
from store import reads
from store.reads import Counts


def router(ctx: Context) -> Router:
    """Return the router of /stats."""
    routes = Router(name="stats")

    @routes.message(named("stats"))
    async def stats(message: Message) -> None:
        counts = await ctx.store.read(reads.counts, now_ms=ctx.now_ms())
        await message.answer(stats_text(counts, now_ms=ctx.now_ms()))

    return routes


def stats_text(counts: Counts, *, now_ms: int) -> str:
    """Return the counts in words."""
    waiting = counts.queue.get("pending", 0) + counts.queue.get("sending", 0)
    lines = [
        f"Sources: {sum(counts.sources.values())}, failing now: {counts.failing}",
        f"Subscriptions: {counts.subscriptions} in {counts.chats} chats",
        f"Links known: {counts.links}",
        f"Posted: {counts.queue.get('sent', 0)}, of these in the last 24 hours: {counts.sent_today}",
        f"Waiting: {waiting}",
        f"Repeats caught: {counts.repeats_caught}, duplicates: {counts.duplicates}",
    ]
    if counts.oldest_pending_ms is not None:
        age_s = (now_ms - counts.oldest_pending_ms) / 1000
        lines.append(f"Oldest waiting post: {format_duration(age_s)}")
    lines += [f"Held, {say(reason)}: {count}" for reason, count in counts.held.items()]
    lines += [
        f"{state.capitalize()}: {counts.queue[state]}"
        for state in ("dropped", "dead")
        if counts.queue.get(state)
    ]
    return "\n".join(lines)

"""The prober: looks for posts of which nobody knows whether they arrived, by asking Telegram itself."""

from dataclasses import replace
from math import inf

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.glances import Glances, tell
from actors.idling import idle
from actors.insisting import insist
from actors.messenger import Messenger
from actors.sweeper import Sweeper
from core.probe import Untold
from core.protocol import Uncertain
from core.settings import Settings
from store import people, reconciling
from store.reconciling import Hunt

log = structlog.get_logger("prober")


class Prober:
    """Looks for one post after the other, the longest doubtful first.

    Looking at a message makes a silent copy of it in PROBE_CHAT, which is recorded before anything else
    happens, and deleted. What a crash leaves behind is swept up by the next start.
    """

    def __init__(self, ctx: Context, messenger: Messenger) -> None:
        self._ctx = ctx
        self._unseen = replace(ctx, turned=lambda: None)
        """As `ctx`; that this loop turns does not tell that the publisher's does."""
        self._messenger = messenger
        self._glances = Glances(ctx, messenger)
        self._busy = False
        self._sweeper = Sweeper(ctx, self._glances, busy=lambda: self._busy)

    async def run(self) -> None:
        """Look for what is in doubt, for ever, and sweep up behind."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._sweeper.run)
            while True:
                seen = self._ctx.store.changes
                until_ms = await self._round()
                await idle(self._unseen, self._ctx.bells.prober, seen=seen, until_ms=until_ms)

    async def once(self) -> None:
        """Look for all that can be looked for now, and sweep up behind."""
        await self._round()
        await self._sweeper.catch_up()

    async def _round(self) -> float:
        """Look for what is due; return when there is more (epoch milliseconds)."""
        ctx = self._ctx
        try:
            while True:
                found = await insist(
                    lambda: ctx.store.write(
                        _next, ctx=ctx, shared_id=self._messenger.highest_shared_id, now_ms=ctx.now_ms()
                    )
                )
                if not isinstance(found, Hunt):
                    return inf if found is None else found
                self._busy = True
                await self._find(found)
        finally:
            self._busy = False

    async def _find(self, hunt: Hunt) -> None:
        """Look for one post and record what came of it; its copies are deleted meanwhile."""
        ctx = self._ctx
        search = await self._glances.search(hunt, hunt.chat_id, after=hunt.after, since=hunt.post_id)
        copies: list[int] = []
        unclear = False
        while search.verdict is None and ctx.now_ms() < hunt.until_ms:
            glance = await self._glances.at(hunt, hunt.chat_id, search.next_id, copies)
            search.known |= set(copies)
            unclear = unclear or isinstance(glance, Uncertain)
            tell(search, glance)
        verdict = search.verdict or Untold("no_time")
        await insist(lambda: ctx.store.write(reconciling.settle, hunt, verdict, now_ms=ctx.now_ms()))
        log.info("probe_ended", queue=hunt.queue_id, chat=hunt.chat_id, verdict=str(verdict))
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        self._sweeper.later(replace(hunt, copies=tuple(copies)), strays=unclear)


def _next(db: Database, *, ctx: Context, shared_id: int, now_ms: int) -> Hunt | int | None:
    place = probe_place(db, ctx.settings)
    if place is None:
        return None
    return reconciling.next_doubt(db, owner=ctx.owner, place=place, shared_id=shared_id, now_ms=now_ms)


def probe_place(db: Database, settings: Settings) -> tuple[int, int] | None:
    """Return the chat and topic in which copies are made: PROBE_CHAT, else the first owner's private chat."""
    return people.alert_place(db, settings.probe_place, settings.owner_ids)

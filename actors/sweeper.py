"""The sweeper: looks for copies that a crash or a lost answer has left in PROBE_CHAT, and deletes them."""

from collections.abc import Callable, Hashable

import structlog
import trio

from actors.context import Context
from actors.glances import Glances, tell
from actors.insisting import insist
from core.probe import Copied
from store import reconciling
from store.reconciling import Hunt

_YIELDS_S = 1.0
_WAITING = 1000

log = structlog.get_logger("prober")


class Sweeper:
    """Sweeps after searches, while no post is being looked for."""

    def __init__(self, ctx: Context, glances: Glances, *, busy: Callable[[], bool]) -> None:
        self._ctx = ctx
        self._glances = glances
        self._busy = busy
        self._send, self._receive = trio.open_memory_channel[tuple[Hunt, bool]](_WAITING)

    async def run(self) -> None:
        """Sweep for ever, first after those who are dead."""
        await self._take_over()
        async for hunt, strays in self._receive:
            await self._tidy(hunt, strays=strays)

    async def catch_up(self) -> None:
        """Sweep after all searches that have not ended: those of dead owners, and those of before."""
        await self._take_over()
        while self._receive.statistics().current_buffer_used:
            hunt, strays = self._receive.receive_nowait()
            await self._tidy(hunt, strays=strays)

    def later(self, hunt: Hunt, *, strays: bool) -> None:
        """Delete the copies of a search, and those of which no answer told (`strays`), when there is time.

        The next start does it where too much waits.
        """
        try:
            self._send.send_nowait((hunt, strays))
        except trio.WouldBlock:
            log.warning("sweep_postponed", chat=hunt.place.chat_id)

    async def _take_over(self) -> None:
        ctx = self._ctx
        for hunt in await insist(lambda: ctx.store.write(reconciling.left_over, owner=ctx.owner)):
            log.info("probe_taken_over", chat=hunt.chat_id, copies=len(hunt.copies))
            await self._tidy(hunt, strays=True)

    async def _tidy(self, hunt: Hunt, *, strays: bool) -> None:
        ctx = self._ctx
        gone = await self._glances.delete(hunt.place, hunt.copies)
        if strays:
            gone = await self._sweep(hunt) and gone
        if gone:
            await insist(lambda: ctx.store.write(reconciling.end, hunt, now_ms=ctx.now_ms()))

    async def _sweep(self, hunt: Hunt) -> bool:
        """Look for copies of which no answer told and delete them; return whether all are gone."""
        ctx = self._ctx
        here = hunt.place.chat_id
        gone = True
        search = await self._glances.search(hunt, here, after=hunt.place_after, since=hunt.probe_id)
        strays = _Strays(hunt, await insist(lambda: ctx.store.read(reconciling.stray_fingerprints, hunt)))
        while search.verdict is None:
            while self._busy():  # noqa: ASYNC110 - posts in doubt hold up their chats, this can wait
                await trio.sleep(_YIELDS_S)
            looked_at = search.next_id
            made: list[int] = []
            glance = await self._glances.at(hunt, here, looked_at, made)
            search.known |= set(made)
            if isinstance(glance, Copied):
                search.seen("")
                await self._glances.refresh(search, here, since=hunt.probe_id)
                if strays.has(glance, looked_at) and looked_at not in search.known:
                    log.info("stray_copy", chat=here, message=looked_at)
                    made.append(looked_at)
                gone = await self._glances.delete(hunt.place, made) and gone
            else:
                tell(search, glance)
        return gone


class _Strays:
    """Tells copies from messages that belong where they are."""

    def __init__(self, hunt: Hunt, fingerprints: set[str]) -> None:
        self._hunt = hunt
        self._fingerprints = fingerprints
        self._seen: set[Hashable] = set()

    def has(self, glance: Copied, message_id: int) -> bool:
        """Return whether what was seen under an id is a copy that a search or a sweep has made.

        Of two that show the same message, the later one is a copy. Else copies from a channel tell what they
        are copies of, and other ones show a post of the chat that was searched.
        """
        shown = glance.origin or (glance.fingerprint, glance.origin_s)
        again = shown in self._seen
        self._seen.add(shown)
        if glance.origin is None:
            return again or glance.fingerprint in self._fingerprints
        return again or self._made_by_looking(glance.origin, message_id)

    def _made_by_looking(self, origin: tuple[int, int], message_id: int) -> bool:
        hunt, here = self._hunt, self._hunt.place.chat_id
        channel, original = origin
        searched = channel == hunt.chat_id and original > hunt.after
        swept = channel == here and original > hunt.place_after
        return (searched or swept) and origin != (here, message_id)

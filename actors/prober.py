"""The prober: looks for posts of which nobody knows whether they arrived, by asking Telegram itself."""

import math
from collections.abc import Sequence

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.graceful import finishing
from actors.insisting import insist
from actors.messenger import Messenger
from core.pacing import GlobalPace, PacingPolicy
from core.probe import Copied, Missing, Search, Unreadable, Untold, missing_ids, shares_ids
from core.protocol import Deferred, NotSent, Place, SendOutcome, Sent, Uncertain
from core.settings import Settings
from store import chats, people, reconciling
from store.reconciling import Hunt

_GRACE_S = 1.5
_LONGEST_SLEEP_S = 30.0
_AGAIN_S = 2.0
_TRIES_TO_DELETE = 5

log = structlog.get_logger("prober")

Look = Copied | Missing | Unreadable | SendOutcome


class Prober:
    """Looks for one post after the other, at the pace of everything that is sent.

    Looking at a message makes a silent copy of it in PROBE_CHAT, which is recorded before anything else
    happens, and deleted. Copies that a crash left behind are looked for and deleted at the next start.
    """

    def __init__(self, ctx: Context, messenger: Messenger, *, pace: GlobalPace) -> None:
        self._ctx = ctx
        self._messenger = messenger
        self._pace = pace
        self._pacing = PacingPolicy(
            chat_gap_s=max(ctx.settings.chat_gap, 1.0),
            group_gap_s=ctx.settings.group_gap,
            global_rate=ctx.settings.global_rate,
        )

    async def run(self) -> None:
        """Look for what is in doubt, for ever."""
        await self.clear_up()
        while True:
            wait_s = await self.round()
            await self._ctx.bells.prober.wait(min(wait_s, _LONGEST_SLEEP_S))

    async def round(self) -> float:
        """Look for all that can be looked for now; return the seconds until there is more (inf: nothing)."""
        ctx = self._ctx
        while True:
            found = await insist(
                lambda: ctx.store.write(
                    _next, ctx=ctx, shared_id=self._messenger.highest_shared_id, now_ms=ctx.now_ms()
                )
            )
            if not isinstance(found, Hunt):
                return math.inf if found is None else max(0.0, (found - ctx.now_ms()) / 1000)
            await self._find(found)

    async def clear_up(self) -> None:
        """Delete the copies that searches of dead processes left behind."""
        ctx = self._ctx
        for hunt in await insist(lambda: ctx.store.write(reconciling.left_over, owner=ctx.owner)):
            log.info("probe_taken_over", chat=hunt.chat_id, copies=len(hunt.copies))
            await self._sweep(hunt, list(hunt.copies))

    async def _find(self, hunt: Hunt) -> None:
        """Look for one post, record what came of it, and delete the copies."""
        ctx = self._ctx
        search = await self._search(hunt, hunt.chat_id, after=hunt.after, since=hunt.post_id)
        copies: list[int] = []
        unclear = False
        while search.verdict is None and ctx.now_ms() < hunt.until_ms:
            look = await self._look(hunt, hunt.chat_id, search.next_id, copies)
            unclear = unclear or isinstance(look, Uncertain)
            _take(search, look)
        verdict = search.verdict or Untold("no_time")
        await insist(lambda: ctx.store.write(reconciling.settle, hunt, verdict, now_ms=ctx.now_ms()))
        log.info("probe_ended", queue=hunt.queue_id, chat=hunt.chat_id, verdict=str(verdict))
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        if unclear:
            await self._sweep(hunt, copies)
        elif await self._delete(hunt.place, copies):
            await insist(lambda: ctx.store.write(reconciling.end, hunt, now_ms=ctx.now_ms()))

    async def _sweep(self, hunt: Hunt, copies: list[int]) -> None:
        """Look for copies of which no answer told, and delete them together with the others."""
        ctx = self._ctx
        here = hunt.place.chat_id
        deleted = await self._delete(hunt.place, copies)
        search = await self._search(hunt, here, after=hunt.place_after, since=hunt.probe_id)
        while search.verdict is None:
            looked_at = search.next_id
            made: list[int] = []
            look = await self._look(hunt, here, looked_at, made)
            if isinstance(look, Copied) and _is_copy(look, hunt):
                made.append(looked_at)
                log.info("stray_copy", chat=here, message=looked_at)
            search.known |= set(made)
            deleted = await self._delete(hunt.place, made) and deleted
            _take(search, look, ignore_match=True)
        if deleted:
            await insist(lambda: ctx.store.write(reconciling.end, hunt, now_ms=ctx.now_ms()))

    async def _search(self, hunt: Hunt, chat_id: int, *, after: int, since: int) -> Search:
        shared_id = self._messenger.highest_shared_id
        chat_type, highest, known = await insist(
            lambda: self._ctx.store.read(
                _surroundings, chat_id, after=after, since=since, shared_id=shared_id
            )
        )
        if shares_ids(chat_type):
            known |= self._messenger.latest_shared_ids
        return Search(
            fingerprint=hunt.fingerprint,
            after=after,
            highest=highest,
            missing=missing_ids(chat_type),
            known=known,
        )

    async def _look(self, hunt: Hunt, chat_id: int, message_id: int, copies: list[int]) -> Look:
        """Look at one id when that may be done; a copy is recorded and added to `copies`."""
        ctx = self._ctx
        await self._wait(hunt.place.chat_id)
        look: Look = Uncertain(error="stopped before an answer came")
        async with finishing() as grace:
            with grace.step(_GRACE_S):
                look = await self._messenger.look(hunt.place, chat_id, message_id)
            if isinstance(look, Copied):
                copies.append(look.copy_id)
                copy_id = look.copy_id
                with grace.step(_GRACE_S):
                    await insist(
                        lambda: ctx.store.write_first(
                            reconciling.note_copy, hunt, copy_id, now_ms=ctx.now_ms()
                        )
                    )
        await self._rest_after(look, hunt)
        return look

    async def _wait(self, chat_id: int) -> None:
        """Wait for flood waits, for the gap behind the last message to the chat, and for the overall pace."""
        ctx = self._ctx
        await trio.sleep(self._pace.reserve(now_s=trio.current_time()))
        while True:
            free_ms = await insist(
                lambda: ctx.store.read(
                    reconciling.free_at_ms, chat_id, pacing=self._pacing, now_ms=ctx.now_ms()
                )
            )
            if free_ms <= ctx.now_ms():
                return
            await trio.sleep((free_ms - ctx.now_ms()) / 1000)

    async def _rest_after(self, outcome: Look, hunt: Hunt) -> None:
        ctx = self._ctx
        if isinstance(outcome, Deferred):
            until_ms = ctx.now_ms() + round((outcome.retry_after_s + ctx.rng.random()) * 1000)
            await insist(
                lambda: ctx.store.write(
                    chats.flood, hunt.place.chat_id, until_ms=until_ms, now_ms=ctx.now_ms()
                )
            )
        elif isinstance(outcome, (NotSent, Uncertain)):
            await trio.sleep(_AGAIN_S)

    async def _delete(self, place: Place, copies: Sequence[int]) -> bool:
        """Delete copies; return whether all of them are gone."""
        gone = True
        for copy_id in copies:
            for _ in range(_TRIES_TO_DELETE):
                outcome = await self._messenger.delete(place.chat_id, copy_id)
                if isinstance(outcome, Sent):
                    break
                await trio.sleep(outcome.retry_after_s + 1 if isinstance(outcome, Deferred) else _AGAIN_S)
            else:
                gone = False
        return gone


def _take(search: Search, look: Look, *, ignore_match: bool = False) -> None:
    """Tell a search what a look showed; what showed nothing is to be looked at again."""
    match look:
        case Copied(fingerprint=fingerprint):
            search.seen("" if ignore_match else fingerprint)
        case Missing():
            search.absent()
        case Unreadable():
            search.unreadable()
        case Deferred() | NotSent() | Uncertain():
            pass
        case _:
            search.verdict = Untold("probe_refused")


def _is_copy(look: Copied, hunt: Hunt) -> bool:
    """Return whether what was looked at is a copy that this search has made."""
    if look.origin is not None and look.origin[0] == hunt.chat_id:
        return look.origin[1] > hunt.after
    return look.fingerprint == hunt.fingerprint


def _next(db: Database, *, ctx: Context, shared_id: int, now_ms: int) -> Hunt | int | None:
    place = probe_place(db, ctx.settings)
    if place is None:
        return None
    return reconciling.next_doubt(db, owner=ctx.owner, place=place, shared_id=shared_id, now_ms=now_ms)


def probe_place(db: Database, settings: Settings) -> tuple[int, int] | None:
    """Return the chat and topic in which copies are made: PROBE_CHAT, else the first owner's private chat."""
    return people.alert_place(db, settings.probe_place, settings.owner_ids)


def _surroundings(
    db: Database, chat_id: int, *, after: int, since: int, shared_id: int
) -> tuple[str, int, set[int]]:
    known = reconciling.known_ids(db, chat_id, after=after, since_post=since)
    return chats.type_of(db, chat_id), chats.highest_id(db, chat_id, shared_id=shared_id), known

"""Glances at messages: each makes a silent copy in PROBE_CHAT, which is recorded, and deleted later."""

from collections.abc import Iterable

import trio

from actors.context import Context
from actors.graceful import finishing
from actors.insisting import insist
from actors.messenger import Messenger
from core.pacing import PacingPolicy
from core.probe import Copied, Missing, Search, Unreadable, Untold, missing_ids, shares_ids
from core.protocol import Deferred, NotSent, Place, SendOutcome, Sent, Uncertain
from store import chats, floods, reconciling
from store.reconciling import Hunt

_GRACE_S = 1.5
_AGAIN_S = 1.0
_TRIES_TO_DELETE = 5
_LEAST_GAP_S = 1.0
_BETWEEN_S = 0.05

Glance = Copied | Missing | Unreadable | SendOutcome


class Glances:
    """Looks at messages, one at a time, and never in a flood wait."""

    def __init__(self, ctx: Context, messenger: Messenger) -> None:
        self._ctx = ctx
        self._messenger = messenger
        self._lock = trio.Lock()
        self._pacing = PacingPolicy(
            chat_gap_s=max(ctx.settings.chat_gap, _LEAST_GAP_S),
            group_gap_s=ctx.settings.group_gap,
            global_rate=ctx.settings.global_rate,
        )

    async def search(self, hunt: Hunt, chat_id: int, *, after: int, since: int) -> Search:
        """Begin a search in a chat behind an id; `since` is the row of `posts` from whose time on it is."""
        shared_id = self._messenger.highest_shared_id
        chat_type, highest = await insist(
            lambda: self._ctx.store.read(reconciling.surroundings, chat_id, shared_id=shared_id)
        )
        search = Search(
            fingerprint=hunt.fingerprint,
            after=after,
            highest=highest,
            missing=missing_ids(chat_type),
            known=set(),
        )
        await self.refresh(search, chat_id, since=since)
        if shares_ids(chat_type):
            search.known |= self._messenger.latest_shared_ids
        return search

    async def refresh(self, search: Search, chat_id: int, *, since: int) -> None:
        """Let a search know of messages that were sent since it began."""
        search.known |= await insist(
            lambda: self._ctx.store.read(reconciling.known_ids, chat_id, after=search.after, since_post=since)
        )

    async def at(self, hunt: Hunt, chat_id: int, message_id: int, copies: list[int]) -> Glance:
        """Look at one id when that may be done; a copy is recorded and added to `copies`."""
        ctx = self._ctx
        async with self._lock:
            await self._wait(hunt.place.chat_id)
            look: Glance = Uncertain(error="stopped before an answer came")
            async with finishing() as grace:
                with grace.step(_GRACE_S):
                    look = await self._messenger.look(hunt.place, chat_id, message_id)
                if isinstance(look, Copied):
                    copies.append(look.copy_id)
                    ctx.pace.reserve(now_s=trio.current_time())
                    with grace.step(_GRACE_S):
                        await self._record(hunt, look.copy_id)
            if isinstance(look, Deferred):
                await self._note_flood(hunt.place.chat_id, look)
        if isinstance(look, (NotSent, Uncertain)):
            await trio.sleep(_AGAIN_S)
        return look

    async def delete(self, place: Place, copies: Iterable[int]) -> bool:
        """Delete copies; return whether all of them are gone."""
        gone = True
        for copy_id in copies:
            for _ in range(_TRIES_TO_DELETE):
                if isinstance(await self._delete(place.chat_id, copy_id), Sent):
                    break
                await trio.sleep(_AGAIN_S)
            else:
                gone = False
        return gone

    async def _delete(self, chat_id: int, copy_id: int) -> SendOutcome:
        """Delete a copy when that may be done, and never during a look: either may meet a flood wait."""
        ctx = self._ctx
        async with self._lock:
            wait_ms = 1
            while wait_ms > 0:
                until_ms = await insist(lambda: ctx.store.read(floods.until_ms, chat_id, now_ms=ctx.now_ms()))
                wait_ms = until_ms - ctx.now_ms()
                await trio.sleep(max(0, wait_ms / 1000))
            outcome = await self._messenger.delete(chat_id, copy_id)
            if isinstance(outcome, Deferred):
                await self._note_flood(chat_id, outcome)
        return outcome

    async def _note_flood(self, chat_id: int, told: Deferred) -> None:
        """Let nobody write to a chat before the wait that Telegram asked for is over."""
        ctx = self._ctx
        until_ms = ctx.now_ms() + round((told.retry_after_s + ctx.rng.random()) * 1000)
        await insist(lambda: ctx.store.write(chats.flood, chat_id, until_ms=until_ms, now_ms=ctx.now_ms()))

    async def _record(self, hunt: Hunt, copy_id: int) -> None:
        ctx = self._ctx
        await insist(lambda: ctx.store.write_first(reconciling.note_copy, hunt, copy_id, now_ms=ctx.now_ms()))

    async def _wait(self, chat_id: int) -> None:
        """Wait for flood waits and for the gap behind the last message to the chat.

        A glance at nothing sends nothing, and a copy comes once in a second: that takes its slot in the
        overall pace afterwards, instead of waiting behind all posts for each of twenty glances.
        """
        ctx = self._ctx
        await trio.sleep(_BETWEEN_S)
        while True:
            free_ms = await insist(
                lambda: ctx.store.read(
                    reconciling.free_at_ms, chat_id, pacing=self._pacing, now_ms=ctx.now_ms()
                )
            )
            if free_ms <= ctx.now_ms():
                return
            await trio.sleep((free_ms - ctx.now_ms()) / 1000)


def tell(search: Search, glance: Glance) -> None:
    """Tell a search what a glance showed; what showed nothing is to be looked at again."""
    match glance:
        case Copied(fingerprint=fingerprint):
            search.seen(fingerprint)
        case Missing():
            search.absent()
        case Unreadable():
            search.unreadable()
        case Deferred() | NotSent() | Uncertain():
            pass
        case _:
            search.verdict = Untold("probe_refused")

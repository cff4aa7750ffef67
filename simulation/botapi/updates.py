"""What people do, waiting for the bot to ask."""

import math
from collections import deque
from collections.abc import Callable

import trio

from simulation.botapi.answers import Json, Refused
from simulation.botapi.parameters import Parameters

MAX_LIMIT = 100
MAX_TIMEOUT_S = 50
CONFLICT_PAUSE_S = 3.0
NEVER_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class _Poll:
    """One long poll that waits."""

    def __init__(self) -> None:
        self.woken = trio.Event()
        self.ended = False


class Updates:
    """The queue of updates of one bot; handed out until confirmed by a higher offset."""

    def __init__(self, *, first_id: int, now: Callable[[], float]) -> None:
        self.webhook_url = ""
        self.unwanted: list[Json] = []
        self._next_id = first_id
        self._now = now
        self._waiting: deque[Json] = deque()
        self._allowed: frozenset[str] | None = None
        self._poll: _Poll | None = None
        self._next_conflict_at = -math.inf

    @property
    def pending(self) -> int:
        """How many are not confirmed yet."""
        return len(self._waiting)

    def add(self, kind: str, content: Json) -> int:
        """Queue one update unless the bot does not want its kind; its id either way."""
        update_id, self._next_id = self._next_id, self._next_id + 1
        update = {"update_id": update_id, kind: content}
        if kind in NEVER_UNASKED if self._allowed is None else kind not in self._allowed:
            self.unwanted.append(update)
            return update_id
        self._waiting.append(update)
        if self._poll is not None:
            self._poll.woken.set()
        return update_id

    def drop(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    async def get(self, ask: Parameters) -> list[Json]:
        """The method `getUpdates`."""
        if self.webhook_url:
            await self._conflict(WEBHOOK)
        self._remember_allowed(ask)
        self._confirm(ask.integer("offset"))
        limit = min(max(ask.integer("limit", MAX_LIMIT), 1), MAX_LIMIT)
        timeout_s = min(max(ask.integer("timeout"), 0), MAX_TIMEOUT_S)
        if not self._waiting and timeout_s:
            await self._wait(timeout_s)
        return list(self._waiting)[:limit]

    async def _wait(self, timeout_s: int) -> None:
        """Wait for an update; a later poll that finds nothing either ends this one."""
        if self._poll is not None:
            self._poll.ended = True
            self._poll.woken.set()
        mine = self._poll = _Poll()
        try:
            with trio.move_on_after(timeout_s):
                await mine.woken.wait()
        finally:
            if self._poll is mine:
                self._poll = None
        if mine.ended:
            await self._conflict(OTHER_POLL)

    async def _conflict(self, description: str) -> None:
        """Answer 409 at once, but within three seconds of the last one three seconds later."""
        if self._now() >= self._next_conflict_at:
            self._next_conflict_at = self._now() + CONFLICT_PAUSE_S
        else:
            await trio.sleep(CONFLICT_PAUSE_S)
        raise Refused(409, description)

    def _remember_allowed(self, ask: Parameters) -> None:
        """The list sticks until another one is sent; an empty one means the default again."""
        if ask.has("allowed_updates"):
            kinds = ask.value("allowed_updates")
            self._allowed = frozenset(map(str, kinds)) if kinds else None

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while offset > 0 and self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

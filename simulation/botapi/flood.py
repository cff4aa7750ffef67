"""Flood control: how often Telegram lets a bot write, and who writes while told to wait."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from simulation.botapi.answers import too_many_requests
from simulation.botapi.chats import Chat

EVERYWHERE = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How strict the Bot API is; the defaults are what its FAQ says.

    Attributes:
        chat_burst: Messages one chat takes at once; it then takes one a second.
        group_per_minute: Messages a group, supergroup or channel takes in any 60 seconds.
        overall_per_second: Messages all chats together take in any second.
        least_wait_s: No announced wait is shorter.
        refuse_bad_links: A text_link entity with a wrong URL is a 400 instead of being dropped.
        enforced: False lets everything through; announced waits of scripted faults still hold.
    """

    chat_burst: int = 3
    group_per_minute: int = 20
    overall_per_second: int = 30
    least_wait_s: int = 1
    refuse_bad_links: bool = False
    enforced: bool = True

    @classmethod
    def off(cls) -> "Limits":
        """No limits, for tests about something else."""
        return cls(enforced=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodViolation:
    """A message that came while the announced wait was still running.

    `everywhere` is a wait that was announced for all chats; Telegram does not say so in its answer, so that
    a bot learns it only when a second chat is told to wait.
    """

    method: str
    chat_id: int
    at: float
    until: float
    told: float
    """When that wait was announced."""
    everywhere: bool = False


class _Window:
    """At most `count` events in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._last: deque[float] = deque(maxlen=count)

    def wait_s(self, at: float) -> float:
        if len(self._last) < (self._last.maxlen or 0):
            return 0.0
        return self._last[0] + self._seconds - at

    def count(self, at: float) -> None:
        self._last.append(at)


class FloodControl:
    """Watches one bot's messages."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self.limits = limits
        self.violations: list[FloodViolation] = []
        self._now = now
        self._until: dict[int | None, float] = {}
        self._told: dict[int | None, float] = {}
        self._windows: dict[tuple[int | None, str], _Window] = {}

    def announce(self, chat_id: int | None, retry_after_s: int) -> None:
        """Remember that the bot was told to keep away from a chat, or from all with None."""
        self._told[chat_id] = self._now()
        self._until[chat_id] = max(self._until.get(chat_id, 0.0), self._now() + retry_after_s)

    def require_waited(self, method: str, chat_id: int) -> None:
        """Refuse, and record, what comes before an announced wait is over."""
        at = self._now()
        here = self._until.get(chat_id, 0.0)
        until = max(here, self._until.get(EVERYWHERE, 0.0))
        if at < until:
            everywhere = here <= at
            self.violations.append(
                FloodViolation(
                    method=method,
                    chat_id=chat_id,
                    at=at,
                    until=until,
                    told=self._told[EVERYWHERE if everywhere else chat_id],
                    everywhere=everywhere,
                )
            )
            raise too_many_requests(math.ceil(until - at))

    def admit(self, chat: Chat) -> None:
        """Count one message, or refuse it and announce how long to wait."""
        if not self.limits.enforced:
            return
        at = self._now()
        windows = self._windows_of(chat)
        for scope, window in windows:
            if (wait_s := window.wait_s(at)) > 0:
                retry_after_s = max(math.ceil(wait_s), self.limits.least_wait_s)
                self.announce(scope, retry_after_s)
                raise too_many_requests(retry_after_s)
        for _, window in windows:
            window.count(at)

    def _windows_of(self, chat: Chat) -> list[tuple[int | None, _Window]]:
        limits = self.limits
        wanted = [
            (chat.chat_id, "chat", limits.chat_burst, float(limits.chat_burst)),
            (EVERYWHERE, "all", limits.overall_per_second, 1.0),
        ]
        if chat.kind != "private":
            wanted.append((chat.chat_id, "group", limits.group_per_minute, 60.0))
        return [
            (scope, self._windows.setdefault((scope, name), _Window(count, seconds)))
            for scope, name, count, seconds in wanted
        ]

"""What goes wrong on purpose between the bot and its server."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from simulation.botapi.answers import Refused, failure, too_many_requests
from simulation.botapi.parameters import Parameters
from simulation.http import Reply

What = Literal[
    "flood", "error", "restart", "html", "truncated", "binary",
    "no_answer", "reset", "refuse", "dns", "tls", "half", "hang", "delay",
]  # fmt: skip
When = Literal["before", "after"]

RESTART = "Internal Server Error: restart"
HTML_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
ALL_TROUBLE: tuple[What, ...] = (
    "flood", "error", "restart", "html", "truncated", "binary", "no_answer", "reset", "half", "delay",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Fault:
    """One scripted fault.

    Attributes:
        what: What happens.
            `flood`: 429 with `retry_after_s`, and writing earlier is a violation.
            `error`: an error answer with `status` and `description`.
            `restart`: 500 'Internal Server Error: restart'.
            `html`: a proxy's 502 page.
            `truncated`: 200 with half of the JSON. `binary`: 200 with bytes that are no UTF-8.
            `no_answer`, `reset`, `refuse`, `dns`, `tls`, `half`, `hang`: see `simulation.http.Reply`.
            `delay`: the right answer, `delay_s` late.
        method: The method it happens to, in any case of letters; None is any but getUpdates.
        chat_id: The chat it happens to; None is any.
        predicate: One more condition, on the parameters.
        nth: The first matching call that it happens to, counted from 1; calls that an earlier fault
            of the script struck do not count.
        count: How many calls it happens to; None is all that follow.
        when: Before the call has any effect, or after it took effect.
        scope: Whom a `flood` is for: the chat, or all chats.
        outlives_freeze: A `delay` before the effect that began before `BotApi.freeze()` still takes
            effect after `thaw()`: a commit later than the crash of the client.
    """

    what: What
    method: str | None = None
    chat_id: int | None = None
    predicate: Callable[[Parameters], bool] | None = None
    nth: int = 1
    count: int | None = 1
    when: When = "before"
    retry_after_s: int = 5
    delay_s: float = 0.0
    status: int = 500
    description: str = "Internal Server Error"
    scope: Literal["chat", "all"] = "chat"
    outlives_freeze: bool = False
    seen: int = field(default=0, init=False)

    def matches(self, method: str, ask: Parameters) -> bool:
        """Whether this call (its name in lower case) is one that it counts."""
        wanted = method != "getupdates" if self.method is None else method == self.method.lower()
        return (
            wanted
            and (self.chat_id is None or ask.text("chat_id") == str(self.chat_id))
            and (self.predicate is None or self.predicate(ask))
        )

    def strikes(self) -> bool:
        """Count one matching call; whether it is one of those."""
        self.seen += 1
        return self.seen >= self.nth and (self.count is None or self.seen < self.nth + self.count)

    def reply(self, right: Reply | None) -> Reply:
        """What the client gets.

        Args:
            right: The answer of a call that took effect, None before that.
        """
        if self.what in ("no_answer", "reset", "refuse", "dns", "tls", "hang", "half"):
            whole = right or failure(Refused(500, RESTART))
            return Reply(status=whole.status, headers=whole.headers, body=whole.body, cut=_cut(self.what))
        if self.what == "html":
            return Reply(status=502, headers=(("content-type", "text/html"),), body=HTML_PAGE)
        if self.what in ("truncated", "binary"):
            body = b'{"ok":true,"result":{"mess' if self.what == "truncated" else b'{"ok":\xff\xfe}'
            return Reply(headers=(("content-type", "application/json"),), body=body)
        return failure(self._refusal())

    def _refusal(self) -> Refused:
        if self.what == "flood":
            return too_many_requests(self.retry_after_s)
        if self.what == "restart":
            return Refused(500, RESTART)
        return Refused(self.status, self.description)


def _cut(what: What) -> Literal["no_answer", "reset", "refuse", "dns", "tls", "hang", "half"]:
    match what:
        case "no_answer" | "reset" | "refuse" | "dns" | "tls" | "hang" | "half":
            return what
        case _:
            raise ValueError(what)


class Faults:
    """The script of faults, and random ones at a `rate` between 0 and 1.

    Random faults strike the methods of `methods` only, half of them after the call took effect.
    """

    def __init__(self, rng: random.Random, *, rate: float = 0.0) -> None:
        self.rate = rate
        self.kinds: tuple[What, ...] = ALL_TROUBLE
        self.methods: frozenset[str] = frozenset({"sendmessage", "sendphoto", "editmessagetext"})
        self.struck: list[tuple[str, Fault]] = []
        self._rng = rng
        self._script: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Append to the script."""
        self._script.extend(faults)

    def clear(self) -> None:
        """Forget the script; random faults stay as they are."""
        self._script.clear()

    def next(self, method: str, ask: Parameters) -> Fault | None:
        """The fault that strikes this call: the first of the script, or a random one."""
        hits = (fault for fault in self._script if fault.matches(method, ask) and fault.strikes())
        fault = next(hits, None) or self._random(method)
        if fault is not None:
            self.struck.append((method, fault))
        return fault

    def _random(self, method: str) -> Fault | None:
        if method not in self.methods or not self.rate or self._rng.random() >= self.rate:
            return None
        what = self._rng.choice(self.kinds)
        when: When = "before" if what == "flood" else self._rng.choice(("before", "after"))
        return Fault(
            what=what, when=when, retry_after_s=self._rng.randint(1, 8), delay_s=self._rng.uniform(1, 30)
        )

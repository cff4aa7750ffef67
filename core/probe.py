"""Looking for a post of which nobody knows whether it arrived: which message to look at, and when to stop.

Between the request and its answer a message either got the next id or did not come to be. So the ids
that follow the highest one known before are looked at, one after the other, until the post is found, or
so many of them are missing in a row that it cannot be there.
"""

from dataclasses import dataclass, field

GRACE_S = 60.0
"""So long after the doubt arose a message may still come to be; nothing is looked for before."""

_SHARED = frozenset({"private", "group"})
_LOOKS_PER_ID = 3


def shares_ids(chat_type: str) -> bool:
    """Return whether the ids of a chat's messages run over the whole account; others count for themselves."""
    return chat_type in _SHARED


def missing_ids(chat_type: str) -> int:
    """Return how many ids in a row must be missing in a chat of this type before a post is not there."""
    return 50 if shares_ids(chat_type) else 20


@dataclass(frozen=True, slots=True)
class Found:
    """The post is there."""

    message_id: int


@dataclass(frozen=True, slots=True)
class NotThere:
    """The post did not arrive."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Looking does not tell; `reason` is a code."""

    reason: str


Verdict = Found | NotThere | Untold


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A look that showed a message, by making a copy of it.

    Attributes:
        copy_id: the copy, which is to be deleted.
        fingerprint: of the message.
        origin: channel and id of what was copied, where Telegram tells them.
        origin_s: when that was written, epoch seconds.
    """

    copy_id: int
    fingerprint: str
    origin: tuple[int, int] | None = None
    origin_s: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A look at an id that no message of the chat has."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A look at a message that cannot be copied: one of the chat's own, or all of them are protected."""


@dataclass(slots=True, kw_only=True)
class Search:
    """The state of one search. Told what each look showed, it says where to look next.

    Attributes:
        fingerprint: of the post.
        after: the highest id known before the post was sent; 0 where none was.
        highest: the highest id known now; what is missing below it says nothing about the end.
        missing: so many ids in a row must be missing.
        known: ids that are known to be other messages.
        verdict: the outcome, once there is one.
    """

    fingerprint: str
    after: int
    highest: int
    missing: int
    known: set[int]
    verdict: Verdict | None = None
    _looks: int = 0
    _run: int = 0
    _hidden: bool = False
    _last: int = field(init=False)

    def __post_init__(self) -> None:
        """Begin behind what was known."""
        self._last = self.after

    @property
    def next_id(self) -> int:
        """The id to look at now."""
        following = self._last + 1
        while following in self.known:
            following += 1
        return following

    def absent(self) -> None:
        """There is no message with this id."""
        message_id = self._looked()
        self._run += message_id > self.highest
        if self._run >= self.missing:
            self.verdict = self._end()

    def unreadable(self) -> None:
        """There is a message with this id, which nobody may look at."""
        self._looked()
        self._run = 0
        self._hidden = True

    def seen(self, fingerprint: str) -> None:
        """There is a message with this id, and this is its fingerprint."""
        message_id = self._looked()
        self._run = 0
        if fingerprint == self.fingerprint:
            self.verdict = Found(message_id)

    def _end(self) -> Verdict:
        if self.after == 0:  # ids may begin anywhere above what was looked at
            return Untold("no_start")
        return Untold("protected") if self._hidden else NotThere()

    def _looked(self) -> int:
        self._last = self.next_id
        self._looks += 1
        if self._looks >= self.missing * _LOOKS_PER_ID:
            self.verdict = Untold("no_end")
        return self._last

"""Subscribing a place to all that a list names, line by line."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.access import split_userinfo
from core.errors import UserError
from core.incoming import Wanted, Ways, read_outline
from core.languages import gettext as _
from core.opml import Outline
from core.protocol import Place
from store import exchange
from store.adding import Wish
from store.client import Storage

_BATCH = 100
"""Subscriptions of one transaction."""


@dataclass
class Intake:
    """One import, with what became of its lines.

    Attributes:
        wish: What all have in common.
        ways: What was asked for all lines at once.
        new: Subscriptions that are new.
        taken: Lines that were taken, be it that they were watched already.
        troubles: Lines that were not, each with the reason.
    """

    store: Storage
    now_ms: Callable[[], int]
    wish: Wish
    ways: Ways
    check: Callable[[str], None] | None = None
    """Raises UserError for an address that is not to be watched."""
    new: int = 0
    taken: int = 0
    troubles: list[str] = field(default_factory=list)
    _batch: list[exchange.Incoming] = field(default_factory=list)

    async def take(self, outline: Outline) -> None:
        """Take a line, or note why not; what is taken may wait for the next batch."""
        try:
            incoming = await self._incoming(read_outline(outline, self.ways))
            if split_userinfo(incoming.wish.url)[1]:  # a login may be refused, for itself alone
                await self.write()
                self.new += await self.store.write(exchange.take, [incoming], now_ms=self.now_ms())
                self.taken += 1
                return
        except UserError as error:
            self.troubles.append(_("line {number}: {error}").format(number=outline.line, error=error))
            return
        self._batch.append(incoming)
        if len(self._batch) >= _BATCH:
            await self.write()

    async def write(self) -> None:
        """Write down what was read since the last time."""
        if self._batch:
            self.new += await self.store.write(exchange.take, self._batch, now_ms=self.now_ms())
            self.taken += len(self._batch)
            self._batch = []

    async def looked_behind(self, wanted: Wanted) -> tuple[str, str, str]:
        """Return address, kind and rules of a source."""
        return wanted.url, wanted.kind, wanted.rules

    async def _incoming(self, wanted: Wanted) -> exchange.Incoming:
        if self.check is not None:
            self.check(wanted.url)
        url, kind, rules = await self.looked_behind(wanted)
        wish = Wish(
            place=Place(chat_id=self.wish.place.chat_id, topic_id=wanted.topic_id),
            url=url,
            kind=kind,
            rules=rules,
            interval_s=wanted.interval_s,
            backlog=self.wish.backlog,
            chat_type=self.wish.chat_type,
            chat_title=self.wish.chat_title,
        )
        return exchange.Incoming(wish=wish, changes=wanted.changes, paused=wanted.paused)

"""Subscribing a place to all that a list names, line by line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.access import split_userinfo
from core.errors import UserError
from core.incoming import Wanted, Ways, read_outline
from core.languages import gettext as _
from core.opml import Outline
from core.protocol import Place
from core.quotas import Room
from core.urls.normalize import without_secrets
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
        refused: Lines for which a quota has no room, with their addresses; `reached` says how much it has.
    """

    store: Storage
    now_ms: Callable[[], int]
    wish: Wish
    ways: Ways
    check: Callable[[str], None] | None = None
    """Raises UserError for an address that is not to be watched."""
    owners: Sequence[int] = ()
    """Of the settings: they have no quota."""
    new: int = 0
    taken: int = 0
    troubles: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    reached: Room | None = None
    _batch: list[tuple[int, exchange.Incoming]] = field(default_factory=list)

    async def take(self, outline: Outline) -> None:
        """Take a line, or note why not; what is taken may wait for the next batch."""
        try:
            incoming = await self._incoming(read_outline(outline, self.ways))
            if split_userinfo(incoming.wish.url)[1]:  # a login may be refused, for itself alone
                await self.write()
                await self._write([(outline.line, incoming)])
                return
        except UserError as error:
            self.troubles.append(_("line {number}: {error}").format(number=outline.line, error=error))
            return
        self._batch.append((outline.line, incoming))
        if len(self._batch) >= _BATCH:
            await self.write()

    async def write(self) -> None:
        """Write down what was read since the last time."""
        if self._batch:
            await self._write(self._batch)
            self._batch = []

    async def _write(self, batch: list[tuple[int, exchange.Incoming]]) -> None:
        entries = [incoming for _line, incoming in batch]
        done = await self.store.write(exchange.take, entries, owners=self.owners, now_ms=self.now_ms())
        self.new += done.new
        self.taken += len(batch) - len(done.refused)
        left_out = [batch[index] for index in done.refused]
        self.refused += [(line, without_secrets(incoming.wish.url)) for line, incoming in left_out]
        self.reached = done.reached or self.reached

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
            added_by=self.wish.added_by,
        )
        return exchange.Incoming(wish=wish, changes=wanted.changes, paused=wanted.paused)

"""One site with a feed, growing as time goes by."""

import random
import re
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Literal

from simulation.feeds.documents import Format, document, part_number, part_url
from simulation.feeds.entry import Entry, invented
from simulation.feeds.trouble import Trouble

NAME = re.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?")
PATHS: dict[Format, str] = {
    "rss": "/feed.xml",
    "atom": "/atom.xml",
    "json": "/feed.json",
    "rdf": "/index.rdf",
    "sitemap": "/sitemap.xml",
    "index": "/sitemap.xml",
    "list": "/list",
    "api": "/api/things",
}


@dataclass(slots=True, kw_only=True)
class Feed:
    """A feed, its entries and its script of troubles.

    Attributes:
        name: Its host is `<name>.example`.
        form: How it is written.
        gap_s: Mean pause between two entries; None grows only by `publish`.
        window: How many of the newest entries a document shows.
        first: How many entries are there from the start.
        validators: Which of ETag and Last-Modified it sends.
        base: What its links begin with; `https://<name>.example` unless given.
        hidden: Numbers of entries that have vanished from its document, for a while or for good.
        turned: Whether its document shows the oldest entry first.
    """

    name: str
    form: Format = "rss"
    gap_s: float | None = 600.0
    window: int = 30
    first: int = 5
    validators: Literal["both", "etag", "modified", "none"] = "both"
    base: str = ""
    entries: list[Entry] = field(default_factory=list, init=False)
    hidden: set[int] = field(default_factory=set, init=False)
    turned: bool = field(default=False, init=False)
    troubles: deque[Trouble] = field(default_factory=deque, init=False)
    changed_at: float = field(default=0.0, init=False)
    _rng: random.Random = field(default_factory=random.Random, init=False, repr=False)
    _next_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Refuse names that no host can have."""
        if not NAME.fullmatch(self.name):
            raise ValueError(f"not a host name: {self.name!r}")
        self.base = (self.base or f"https://{self.name}.example").rstrip("/")

    @property
    def title(self) -> str:
        """Its title."""
        return f"{self.name.replace('-', ' ').capitalize()} & friends"

    @property
    def path(self) -> str:
        """The path of its document."""
        return PATHS[self.form]

    @property
    def url(self) -> str:
        """The address of its document."""
        return self.base + self.path

    @property
    def shown(self) -> list[Entry]:
        """The entries of the document, newest first unless it is turned round."""
        newest = [one for one in reversed(self.entries) if one.number not in self.hidden][: self.window]
        return newest[::-1] if self.turned else newest

    def begin(self, rng: random.Random, now: float) -> None:
        """Take its own randomness and write the first entries, spread over the time before `now`."""
        self._rng = rng
        gap_s = self.gap_s or 600.0
        for back in range(self.first, 0, -1):
            self._append(now - back * gap_s)
        self.changed_at = self.changed_at or now
        self._next_at = now + self._pause_s()

    def grow(self, now: float) -> None:
        """Write everything that was due until `now`."""
        while self._next_at <= now:
            self._append(self._next_at)
            self._next_at += self._pause_s()

    def publish(
        self, now: float, *, link: str = "", title: str = "", summary: str = "", image: str = ""
    ) -> Entry:
        """Write one entry now, with parts of its own where they are given."""
        self.grow(now)
        entry = self._append(now)
        self.entries[-1] = replace(
            entry,
            link=link or entry.link,
            title=title or entry.title,
            summary=summary or entry.summary,
            image=image or entry.image,
        )
        return self.entries[-1]

    def rewrite(self, number: int, now: float, *, title: str) -> None:
        """Give an entry another title; link and guid stay."""
        self.entries[number - 1] = replace(self.entries[number - 1], title=title)
        self.changed_at = now

    def document(self) -> bytes:
        """The document as it is now."""
        home = self.base + "/"
        return document(self.form, title=self.title, url=self.url, home=home, entries=self.shown)

    def part(self, path: str) -> list[Entry] | None:
        """The entries of the sitemap at a path, where this site has an index of sitemaps; None elsewhere."""
        if self.form != "index":
            return None
        home = self.base + "/"
        found = [one for one in self.shown if part_url(home, part_number(one)) == self.base + path]
        return found or None

    def part_document(self, entries: list[Entry]) -> bytes:
        """A sitemap of the index as it is now."""
        return document("sitemap", title=self.title, url=self.url, home=self.base + "/", entries=entries)

    def next_trouble(self) -> Trouble | None:
        """The trouble that this request meets."""
        if not self.troubles:
            return None
        trouble = self.troubles[0]
        if trouble.count is not None:
            trouble.count -= 1
            if trouble.count <= 0:
                self.troubles.popleft()
        return trouble

    def _append(self, at: float) -> Entry:
        entry = invented(self._rng, number=len(self.entries) + 1, base=self.base, published=at)
        self.entries.append(entry)
        self.changed_at = max(self.changed_at, at)
        return entry

    def _pause_s(self) -> float:
        return float("inf") if self.gap_s is None else self._rng.expovariate(1 / self.gap_s)

"""Sitemaps: lists of a site's pages (https://www.sitemaps.org/protocol.html), and indexes of such lists."""

import re
from collections.abc import Sequence
from itertools import islice

from core.documents.gzip import head_of, inflated
from core.documents.newest import newest
from core.documents.opening import find_root, opening
from core.entries import Document, Entry, Further, ParsedDocument
from core.errors import UnreadableDocument
from core.kinds.rules import NO_RULES, NoRules, read_rules
from core.order import publishing_order
from core.protocol import Validators

MOST_CHILDREN = 20
"""Of an index, so many sitemaps are read at each look."""
MOST_ENTRIES = 50_000
"""What the protocol allows for one sitemap; here also for all of an index together."""
_ROOTS = frozenset({"urlset", "sitemapindex"})
_PATH = re.compile(r"sitemap[^/]*\.xml(?:\.gz)?$|sitemap[^/]*\.gz$", re.IGNORECASE)
_DEFAULT = NoRules()
_SETTLED_MS = 2 * 86_400_000


class Sitemap:
    """The kind of source that names the pages of a site."""

    name = "sitemap"
    words = "sitemap"
    example = NO_RULES

    def read_rules(self, text: str) -> NoRules:
        """Check that there are no rules.

        Raises:
            UserError: there are some.
        """
        return read_rules(NoRules, text, kind=self.name, names=(), example=self.example)

    def recognise(self, document: Document) -> bool:
        """Tell by the root element whether a document is a sitemap or an index, gzipped or not."""
        root = find_root(opening(head_of(document.body)))
        return root is not None and root.name in _ROOTS

    def recognise_url(self, url: str) -> bool:
        """Tell whether an address ends as those of sitemaps do."""
        return _PATH.search(url.partition("?")[0].partition("#")[0]) is not None

    def wanted(self, document: Document) -> tuple[str, ...]:
        """Give the sitemaps that an index names, the newest first; none for a plain sitemap.

        The newest is the one with the latest lastmod; those without one come last, and among them those
        listed last come first. At most `MOST_CHILDREN`.

        Raises:
            UnreadableDocument: as `parse`.
        """
        return tuple(listed(document).dates)

    def parse(self, document: Document, rules: NoRules = _DEFAULT) -> ParsedDocument:  # noqa: ARG002
        """Read the pages of a sitemap, in document order; an index has none of its own.

        A title, keywords and a date of publication come from the news extension, a picture from the
        image and video ones; where no publication date is said, lastmod is the date.

        Raises:
            UnreadableDocument: `empty`, `not_a_sitemap`, `broken`, `too_large`, `bad_encoding`.
        """
        from core.documents.xml_sitemap import read_sitemap

        plain, whole = _plain(document)
        found = read_sitemap(plain)
        chosen = () if found.is_index else newest(found.entries, _date_of, most=MOST_ENTRIES, is_feed=False)
        return ParsedDocument(
            kind=self.name,
            entries=tuple(chosen),
            complete=found.complete and whole and (found.is_index or len(chosen) == len(found.entries)),
        )


def listed(document: Document) -> Further:
    """Give what `Sitemap.wanted` does, each with its lastmod.

    Raises:
        UnreadableDocument: as `Sitemap.parse`.
    """
    from core.documents.xml_sitemap import read_sitemap

    plain, whole = _plain(document)
    found = read_sitemap(plain)
    if not found.is_index:
        return Further()
    order = sorted(
        enumerate(found.entries), key=lambda each: (each[1].published_ms or 0, each[0]), reverse=True
    )
    dates: dict[str, int | None] = {}
    for _, child in order:
        if child.url and child.url != document.url:
            dates.setdefault(child.url, child.published_ms)
    return Further(dates=dict(islice(dates.items(), MOST_CHILDREN)), complete=found.complete and whole)


def is_unchanged(listed_ms: int | None, read: Validators, *, now_ms: int) -> bool:
    """Tell whether a sitemap need not be read again: its lastmod is the one that it was last read with.

    That must be two days ago: a lastmod may be a mere date, in any zone, under which there are changes all
    day long, and what came from a cache just then may have been older than the index. A site whose lastmod
    never changes is read in full once a day, as every source is.
    """
    if listed_ms is None or listed_ms != read.listed_ms or read.body_hash is None:
        return False
    return listed_ms < now_ms - _SETTLED_MS


def merge(children: Sequence[ParsedDocument]) -> ParsedDocument:
    """Join the sitemaps of an index, given as `Sitemap.wanted` orders them, the newest first.

    The entries are in the order of a feed, newest first: by their dates where every one has a date,
    else those of a newer sitemap before those of an older.
    """
    found = [(list(child.entries), publishing_order(child.entries)) for child in reversed(children)]
    ordered = [entry for _, oldest_first in found for entry in oldest_first]
    if all(entry.published_ms is not None for entry in ordered):
        # Of entries with the same date the order is that of the site, which another of its sitemaps may tell.
        if any(len(listed) > 1 and listed == oldest_first for listed, oldest_first in found):
            ordered = [entry for listed, _ in found for entry in listed]
        ordered.sort(key=lambda entry: entry.published_ms or 0)
    return ParsedDocument(
        kind=Sitemap.name,
        entries=tuple(reversed(ordered[-MOST_ENTRIES:])),
        complete=all(child.complete for child in children),
    )


def _plain(document: Document) -> tuple[Document, bool]:
    plain, whole = inflated(document)
    if not plain.body or plain.body.isspace():
        raise UnreadableDocument("empty", "the document has no content")
    return plain, whole


def _date_of(entry: Entry) -> int | None:
    return entry.published_ms

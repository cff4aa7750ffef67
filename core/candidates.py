"""From the entries of a document to candidates for history: each under its key, oldest first."""

from collections.abc import Container, Iterable, Iterator
from hashlib import sha256

from core.entries import Entry, ParsedDocument
from core.known_links import KnownLinks
from core.memory import Memory
from core.order import publishing_order
from core.protocol import Candidate
from core.urls.normalize import RefusedUrl, normalize

_SUMMARY_LIMIT = 4_000
_TITLE_LIMIT = 1_000
_GUID_LIMIT = 1_000
_TAGS_LIMIT = 20
_NOTHING = Memory()


class Candidates:
    """Collects the candidates of a document, entry by entry, in publishing order.

    An entry whose URL is shown twice counts once, at its first place in publishing order. Those in the
    memory of what the source showed last time are counted only, as are those that `known` found there while
    the document was read, with the same memory. Links to names without a dot are taken for
    those of `allow_hosts` only.
    An entry without any URL leads to the site itself and gets a key of its own, made of source and guid
    (or of its words where it has no guid); without a site either there is nothing to publish.
    """

    def __init__(
        self,
        document: ParsedDocument,
        *,
        source_id: int,
        memory: Memory = _NOTHING,
        allow_hosts: Container[str] = (),
        fragments: bool = False,
        known: KnownLinks | None = None,
    ) -> None:
        self.fragments = fragments or differ_by_fragment(document.entries)
        """What follows `#` in an address tells entries apart (a list of changes on one page)."""
        self._document = document
        self._source_id = source_id
        self._memory = memory
        self._allow_hosts = allow_hosts
        same_keys = known is not None and known.fragments == self.fragments
        self._known = known if same_keys else None
        self._found: dict[bytes, Candidate | None] = {}
        self.refused = 0
        """Entries whose link cannot be published."""

    @property
    def known(self) -> int:
        """How many links the source showed last time too."""
        return sum(candidate is None for candidate in self._found.values())

    @property
    def memory(self) -> Memory:
        """The memory of this document."""
        return self._memory.of(self._found)

    def __iter__(self) -> Iterator[Candidate]:
        return (candidate for candidate in self._found.values() if candidate is not None)

    def steps(self, entries: int) -> Iterator[None]:
        """Take in the document, and yield each time so many entries were."""
        for count, entry in enumerate(publishing_order(self._document.entries), start=1):
            try:
                self._take(entry)
            except RefusedUrl:
                self.refused += 1
            if count % entries == 0:
                yield

    def _take(self, entry: Entry) -> None:
        if self._known is not None and (hashed := self._known.hash_of(entry.url)) is not None:
            self._found[hashed] = None
            return
        url, key = self._url_and_key(entry)
        remembered = self._memory.hash_of(key)
        if remembered in self._memory.hashes:
            self._found[remembered] = None
        elif remembered not in self._found:
            self._found[remembered] = _candidate(entry, url, key)

    def _url_and_key(self, entry: Entry) -> tuple[str, str]:
        if entry.url:
            return entry.url, normalize(entry.url, fragments=self.fragments, allow_hosts=self._allow_hosts)
        site_url = self._document.site_url
        if site_url is None:
            raise RefusedUrl("no_link")
        normalize(site_url, allow_hosts=self._allow_hosts)
        return site_url, _synthetic_key(entry, self._source_id)


def candidates_of(
    document: ParsedDocument, *, source_id: int, allow_hosts: Container[str] = ()
) -> tuple[tuple[Candidate, ...], int]:
    """Return the candidates of a document, and how many entries were refused; see `Candidates`."""
    candidates = Candidates(document, source_id=source_id, allow_hosts=allow_hosts)
    for _ in candidates.steps(len(document.entries) + 1):
        pass
    return tuple(candidates), candidates.refused


def differ_by_fragment(entries: Iterable[Entry]) -> bool:
    """Tell whether two entries with different titles are on one page, and lead to different parts of it."""
    parts: dict[str, tuple[str, str]] = {}
    for entry in entries:
        page, _, fragment = (entry.url or "").partition("#")
        if fragment:
            first = parts.setdefault(page, (fragment, entry.title))
            if first[0] != fragment and first[1] != entry.title:
                return True
    return False


def _candidate(entry: Entry, url: str, key: str) -> Candidate:
    return Candidate(
        key=key,
        url=url,
        guid=entry.id[:_GUID_LIMIT] if entry.id else None,
        title=entry.title[:_TITLE_LIMIT],
        summary=entry.summary[:_SUMMARY_LIMIT],
        image=entry.image,
        author=entry.author,
        tags=entry.tags[:_TAGS_LIMIT],
        published_ms=entry.published_ms,
    )


def _synthetic_key(entry: Entry, source_id: int) -> str:
    said = entry.id or f"{entry.title}\n{entry.summary}"
    digest = sha256(said.encode()).hexdigest()[:32]
    return f"entry:{source_id}:{digest}"

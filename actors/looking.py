"""Looking at a source once: its document, what belongs to it, and the entries found there."""

from dataclasses import dataclass, field, replace

import structlog
import trio

from actors.reader.reading import Reader
from actors.web import Fetched, Hop, Web
from core.candidates import Candidates, differ_by_fragment
from core.entries import Document, Further, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds.sitemap import is_unchanged, merge
from core.known_links import KnownLinks
from core.memory import Memory
from core.protocol import DueSource, PollReport, PollStatus, Validators
from core.urls.normalize import host_of

_PERMANENT = frozenset({301, 308})
_ENTRIES_AT_ONCE = 1_000
"""Then others have their turn."""

log = structlog.get_logger("poller")


@dataclass(slots=True)
class _Found:
    """What the documents of a source held."""

    parsed: ParsedDocument | None = None
    """None: none of them has changed."""
    known: KnownLinks | None = None
    """Links of which no more than the addresses were read."""
    children: dict[str, Validators] = field(default_factory=dict)
    partial: bool = False
    """Some of them have not changed, and were not read again."""


class _ChildNotRead(Exception):
    """A further document could not be fetched: what it holds would be missed."""

    def __init__(self, fetched: Fetched) -> None:
        super().__init__(fetched.error)
        self.fetched = fetched


async def look_at(  # noqa: PLR0911 - one for each way in which it can go wrong
    web: Web,
    reader: Reader,
    source: DueSource,
    *,
    now_ms: int,
    fetched: Fetched | None = None,
) -> PollReport:
    """Fetch and read a source, or read what was fetched of it; whatever goes wrong is in the report.

    Further documents that it needs (the sitemaps of an index) are fetched one after the other, each
    within a fetch's own deadline, but for those that the index says have not changed. One that fails fails
    the poll: what it held would be missed otherwise.
    """
    if fetched is None:
        fetched = await web.get(source.url, source.validators, now_ms=now_ms, access=source.access)
    if fetched.status not in ("ok", "not_modified"):
        return _not_read(source, fetched)
    try:
        found = await _read(web, reader, source, fetched, now_ms=now_ms)
        if found.parsed is None:
            return _not_read(source, fetched, status="not_modified")
        candidates = await _collect(source, found.parsed, found.known)
    except _ChildNotRead as child:
        return replace(_not_read(source, child.fetched, status="failed"), final_url=fetched.url)
    except UnreadableDocument as error:
        return _unreadable(source, fetched, error.code, error.detail)
    except UserError:
        return _unreadable(source, fetched, "bad_rules")
    except Exception:
        # A document must never cost more than its own source: the next one may be fine.
        log.exception("document_crashed_its_reader", source=source.source_id)
        return _unreadable(source, fetched, "crashed")
    return _report(source, fetched, found, found.parsed, candidates)


def _own_host(source: DueSource) -> tuple[str]:
    """A source on a local name was let through by the guard, and its entries may be there too."""
    return (host_of(source.url),)


async def _collect(source: DueSource, parsed: ParsedDocument, known: KnownLinks | None) -> Candidates:
    """Take in the entries of a document, by and by."""
    candidates = Candidates(
        parsed,
        source_id=source.source_id,
        memory=source.memory,
        allow_hosts=_own_host(source),
        fragments=source.fragments,
        known=known,
    )
    for _ in candidates.steps(_ENTRIES_AT_ONCE):
        await trio.lowlevel.checkpoint()
    return candidates


def _report(
    source: DueSource, fetched: Fetched, found: _Found, parsed: ParsedDocument, candidates: Candidates
) -> PollReport:
    return PollReport(
        source_id=source.source_id,
        status="ok",
        candidates=tuple(candidates),
        known=candidates.known,
        fragments=candidates.fragments,
        refused=candidates.refused,
        memory=_remembered(source, candidates.memory, found.partial),
        validators=_kept(source, fetched) if parsed.complete else None,
        complete=parsed.complete,
        children=found.children,
        partial=found.partial,
        title=parsed.title or None,
        hints=parsed.hints,
        fresh_s=fetched.fresh_s,
        final_url=fetched.url,
        moved_to=_moved_to(source, fetched.hops),
    )


async def _read(web: Web, reader: Reader, source: DueSource, fetched: Fetched, *, now_ms: int) -> _Found:
    """Read a source's document, or the further ones that it names; an unchanged one names those it did."""
    changed = fetched.status == "ok"
    if changed:
        further = await reader.wanted(source.kind, _document(fetched))
    else:
        further = Further(dates={url: kept.listed_ms for url, kept in source.children.items()})
    if further.dates or not further.complete:
        return await _read_further(web, reader, source, further, now_ms=now_ms)
    return await _read_news(reader, source, fetched) if changed else _Found()


async def _read_further(
    web: Web, reader: Reader, source: DueSource, further: Further, *, now_ms: int
) -> _Found:
    """Read the further documents of a source; where not all of them are known, none is remembered as all."""
    found = _Found(partial=not further.complete)
    read = []
    for url, listed_ms in further.dates.items():
        kept = source.children.get(url, Validators())
        if is_unchanged(listed_ms, kept, now_ms=now_ms):
            found.children[url] = kept
            found.partial = True
            continue
        await web.hosts.wait_for_turn(host_of(url))
        child = await web.get(url, kept, now_ms=now_ms, access=source.access)
        if child.status == "not_modified" and kept != Validators():
            found.children[url] = replace(kept, listed_ms=listed_ms)
            found.partial = True
        elif child.status == "ok":
            read.append(await reader.read(source.kind, _document(child), source.rules))
            validators = child.validators if read[-1].complete else None
            found.children[url] = replace(validators, listed_ms=listed_ms) if validators else Validators()
        else:
            raise _ChildNotRead(child)
    if not further.complete:
        found.parsed = replace(merge(read), complete=False)
    elif read:
        found.parsed = merge(read)
    return found


async def _read_news(reader: Reader, source: DueSource, fetched: Fetched) -> _Found:
    """Read a document, and of the entries that its source showed last time no more than the addresses."""
    document = _document(fetched)
    if not source.memory.hashes:
        return _Found(parsed=await reader.read(source.kind, document, source.rules))
    known = KnownLinks(source.memory, allow_hosts=_own_host(source), fragments=source.fragments)
    parsed = await reader.read(source.kind, replace(document, known=known), source.rules)
    if source.fragments or not differ_by_fragment(parsed.entries):
        return _Found(parsed=parsed, known=known)
    # From now on keys are made in another way, and by that one any of them may be news.
    return _Found(parsed=await reader.read(source.kind, document, source.rules))


def _document(fetched: Fetched) -> Document:
    return Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)


def _kept(source: DueSource, fetched: Fetched) -> Validators | None:
    """Return what tells this document from a later one; that of one which has not changed since stays."""
    return fetched.validators if fetched.status == "ok" else source.validators


def _remembered(source: DueSource, shown: Memory, partial: bool) -> Memory:
    """Return what the source shows now; of a part of it, together with what it showed before."""
    return shown.of(shown.hashes | source.memory.hashes) if partial else shown


def _moved_to(source: DueSource, hops: tuple[Hop, ...]) -> str | None:
    """Return the address that is meant to be used from now on (RFC 9110, 15.4.2 and 15.4.9)."""
    moved = None
    for hop in hops:
        if hop.status not in _PERMANENT:
            break
        moved = hop.url
    return None if moved == source.url else moved


def _not_read(source: DueSource, fetched: Fetched, status: PollStatus | None = None) -> PollReport:
    return PollReport(
        source_id=source.source_id,
        status=status or fetched.status,
        final_url=fetched.url,
        fresh_s=fetched.fresh_s,
        retry_after_s=fetched.retry_after_s,
        error=fetched.error,
        error_args=fetched.error_args,
    )


def _unreadable(source: DueSource, fetched: Fetched, code: str, detail: str = "") -> PollReport:
    return PollReport(
        source_id=source.source_id,
        status="failed",
        final_url=fetched.url,
        error=code,
        error_args=(detail,) if code == "which_list" else (),
    )

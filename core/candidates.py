"""From the entries of a document to candidates for history: each under its key, oldest first."""

from collections.abc import Container
from hashlib import sha256

from core.entries import Entry, ParsedDocument
from core.order import publishing_order
from core.protocol import Candidate
from core.urls.normalize import RefusedUrl, normalize

_SUMMARY_LIMIT = 4_000
_TITLE_LIMIT = 1_000
_GUID_LIMIT = 1_000
_TAGS_LIMIT = 20


def candidates_of(
    document: ParsedDocument, *, source_id: int, allow_hosts: Container[str] = ()
) -> tuple[tuple[Candidate, ...], int]:
    """Return the candidates in publishing order, and how many entries were refused.

    Links to names without a dot are taken for those of `allow_hosts` only.

    An entry whose URL is shown twice counts once, at its first place in publishing order.
    An entry without any URL leads to the site itself and gets a key of its own, made of source and guid
    (or of its words where it has no guid); without a site either there is nothing to publish.
    """
    found: dict[str, Candidate] = {}
    refused = 0
    for entry in publishing_order(document.entries):
        try:
            candidate = _candidate(entry, document, source_id, allow_hosts)
        except RefusedUrl:
            refused += 1
            continue
        found.setdefault(candidate.key, candidate)
    return tuple(found.values()), refused


def _candidate(
    entry: Entry, document: ParsedDocument, source_id: int, allow_hosts: Container[str]
) -> Candidate:
    if entry.url:
        url, key = entry.url, normalize(entry.url, allow_hosts=allow_hosts)
    elif document.site_url:
        url, key = document.site_url, _synthetic_key(entry, source_id)
        normalize(url, allow_hosts=allow_hosts)
    else:
        raise RefusedUrl("no_link")
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

"""How a good server answers a GET for a document: validators, 304, gzip (RFC 9110, section 13)."""

import gzip
import hashlib
import re
from email.utils import parsedate_to_datetime

from simulation.feeds.documents import CONTENT_TYPES, http_date
from simulation.feeds.feed import Feed
from simulation.http import Reply, Request

GZIP_WANTED = re.compile(r"(?:^|[,\s])(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)", re.IGNORECASE)
ETAG = re.compile(r'(?:W/)?("[^"]*")')


def answer_of(feed: Feed, request: Request, *, now_s: float) -> Reply:
    """200 with the document, or 304 without it; it is said at `now_s`, epoch seconds."""
    body = feed.document()
    zipped = GZIP_WANTED.search(request.header("accept-encoding")) is not None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}{"-gzip" if zipped else ""}"'
    headers = [("date", http_date(now_s)), ("vary", "accept-encoding")]
    if feed.validators in ("both", "etag"):
        headers.append(("etag", etag))
    if feed.validators in ("both", "modified"):
        headers.append(("last-modified", http_date(feed.changed_at)))
    if _unchanged(feed, request, etag):
        return Reply(status=304, headers=tuple(headers))
    headers.append(("content-type", CONTENT_TYPES[feed.form]))
    if zipped:
        headers.append(("content-encoding", "gzip"))
        body = gzip.compress(body, mtime=0)
    return Reply(headers=tuple(headers), body=body)


def _unchanged(feed: Feed, request: Request, etag: str) -> bool:
    """Whether the client has this very document; If-None-Match outranks the date."""
    known = request.header("if-none-match")
    if known:
        return feed.validators in ("both", "etag") and (known.strip() == "*" or etag in ETAG.findall(known))
    since = request.header("if-modified-since")
    if not since or feed.validators in ("etag", "none"):
        return False
    try:
        return int(feed.changed_at) <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False

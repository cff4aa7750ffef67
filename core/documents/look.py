"""A cheap look at a document: whether it may be read where others wait meanwhile."""

_SMALL_BYTES = 65_536
_LARGE_BYTES = 1_000_000
_GZIP = b"\x1f\x8b"
# Nearly all of the time that reading takes is spent on these: 12 microseconds on an entry, 0.5 to 3 on the
# signs. As many as here keep a 1 MB document within a tenth of a second. Honest ones have 500 entries.
_ENTRIES = (b"<item", b"<entry", b"<url>")
_MOST_ENTRIES = 2_000
_MOST = ((b"<", 30_000), (b"{", 5_000), (b"=", 30_000), (b"&", 50_000))
_ALL_BUT_SIGNS = bytes(range(256)).translate(None, b"".join(sign for sign, _ in _MOST))
"""To take out all else in one pass, after which counting costs next to nothing: a fifth of what it did."""
# Below an xml:base each relative link is resolved by all the bases above it.
_MOST_TAGS_UNDER_BASES = 2_000
# Lists on pages are found among all links and what is around each: up to half a millisecond a link.
_LINKS = (b"<a", b"<A")
_MOST_LINKS = 200
_MOST_TAGS_OF_PAGE = 4_000


def is_heavy(body: bytes) -> bool:
    """Tell whether reading a document could take longer than an event loop should wait.

    What is small never is (a feed of 64 KB takes 50 milliseconds at the worst); what is larger than 1 MB, or
    a gzip file, which may hold anything, always is.
    Takes a few milliseconds at most.
    """
    if body.startswith(_GZIP):
        return True
    if len(body) < _SMALL_BYTES:
        return False
    if len(body) > _LARGE_BYTES:
        return True
    signs = body.translate(None, _ALL_BUT_SIGNS)
    if any(signs.count(sign) > most for sign, most in _MOST):
        return True
    tags = signs.count(b"<")
    if tags > _MOST_ENTRIES and sum(map(body.count, _ENTRIES)) > _MOST_ENTRIES:
        return True
    return tags > _MOST_TAGS_UNDER_BASES and b"xml:base" in body


def is_heavy_page(body: bytes) -> bool:
    """Tell whether looking for lists on a page could take longer than an event loop should wait.

    That is so of many a page that is small: 64 KB have room for enough links to take half a second.
    """
    if is_heavy(body) or b"\0" in body:  # in two bytes a character, no link looks like one
        return True
    return sum(map(body.count, _LINKS)) > _MOST_LINKS or body.count(b"<") > _MOST_TAGS_OF_PAGE

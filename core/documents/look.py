"""A cheap look at a document: whether it may be read where others wait meanwhile."""

_SMALL_BYTES = 16_384
_LARGE_BYTES = 1_000_000
_GZIP = b"\x1f\x8b"
# Nearly all of the time that reading takes is spent on these signs, between 0.5 and 7 microseconds on each:
# as many as here keep a 1 MB document within a tenth of a second. Honest feeds of 1 MB have about 7,000 tags.
_MOST = ((b"<", 10_000), (b"{", 5_000), (b"=", 30_000), (b"&", 50_000))
# Below an xml:base each relative link is resolved by all the bases above it.
_MOST_TAGS_UNDER_BASES = 2_000


def is_heavy(body: bytes) -> bool:
    """Tell whether reading a document could take longer than an event loop should wait.

    What is small never is; what is larger than 1 MB, or a gzip file, which may hold anything, always.
    Takes less than a millisecond.
    """
    if body.startswith(_GZIP):
        return True
    if len(body) < _SMALL_BYTES:
        return False
    if len(body) > _LARGE_BYTES or any(body.count(sign) > most for sign, most in _MOST):
        return True
    return b"xml:base" in body and body.count(b"<") > _MOST_TAGS_UNDER_BASES

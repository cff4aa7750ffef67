"""Documents that are gzip files themselves, as sitemaps often are, inflated within a bound."""

import zlib
from dataclasses import replace

from core.entries import Document
from core.errors import UnreadableDocument

_MAGIC = b"\x1f\x8b"
_ONLY_GZIP = zlib.MAX_WBITS | 16
_MOST_BYTES = 10 * 1024 * 1024  # as MAX_BODY has it; sitemaps.org allows 50 MB
_HEAD_BYTES = 16_384
_MOST_MEMBERS = 1_000  # each costs a copy of all that follows, also an empty one


def inflated(document: Document) -> tuple[Document, bool]:
    """Give the document inside a gzip file, or the document itself where it is none.

    Of several members (RFC 1952, 2.2) a thousand are read, of a file that breaks off what is there.

    Returns:
        The document, and whether its end was reached.

    Raises:
        UnreadableDocument: `too_large` above 10 MiB, `bad_encoding` for damaged data.
    """
    if not document.body.startswith(_MAGIC):
        return document, True
    body, rest, whole = bytearray(), document.body, True
    for _ in range(_MOST_MEMBERS):
        inflater = zlib.decompressobj(wbits=_ONLY_GZIP)
        try:
            body += inflater.decompress(rest, _MOST_BYTES + 1 - len(body))
        except zlib.error:
            if not body:
                raise UnreadableDocument("bad_encoding", "a damaged gzip file") from None
            whole = False
            break
        if len(body) > _MOST_BYTES:
            raise UnreadableDocument("too_large", f"more than {_MOST_BYTES} bytes inside the gzip file")
        whole, rest = inflater.eof, inflater.unused_data
        if not rest.startswith(_MAGIC):
            break
    else:
        whole = False
    return replace(document, body=bytes(body)), whole


def head_of(body: bytes) -> bytes:
    """Give the first bytes of a document, inflated where it is a gzip file. Never raises."""
    if not body.startswith(_MAGIC):
        return body
    try:
        return zlib.decompressobj(wbits=_ONLY_GZIP).decompress(body[:_HEAD_BYTES], _HEAD_BYTES)
    except zlib.error:
        return b""

"""Bodies: read within a limit, told from the last one by their hash, inflated within the same limit."""

import zlib
from collections.abc import AsyncIterator, Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import trio

from core.errors import VestnikError

if TYPE_CHECKING:
    inflaters: Any
else:
    try:
        from isal import isal_zlib as inflaters  # a third of zlib's cost
    except ImportError:
        inflaters = zlib

_HASH_BYTES = 16
_PIECE_BYTES = 64 * 1024
_LOOK_BYTES = 4 * 1024
_MOST_MEMBERS = 1000
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32  # told by its header
_BARE = -zlib.MAX_WBITS
_PLAIN = ("", "identity")
_COMPRESSED = ("gzip", "x-gzip", "deflate")


class BodyTooLarge(VestnikError):
    """A body is larger than its limit."""


class BadEncoding(VestnikError):
    """A body is compressed in a way that is unknown, or damaged."""


def coding_of(value: str) -> str:
    """Return the one coding of a body (RFC 9110, 8.4), of those that can be undone.

    Codings on top of each other are refused with those that cannot be bounded: two kilobytes of
    "gzip, gzip" are a gigabyte.

    Raises:
        BadEncoding: it is another one.
    """
    coding = value.strip().lower()
    if coding not in _PLAIN and coding not in _COMPRESSED:
        raise BadEncoding
    return "" if coding in _PLAIN else coding


async def take(pieces: AsyncIterator[bytes], *, limit_bytes: int) -> bytes:
    """Read a body as it comes over the wire.

    Raises:
        BodyTooLarge: it is longer than `limit_bytes`.
    """
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > limit_bytes:
            raise BodyTooLarge
    return bytes(body)


def hash_of(wire: bytes) -> bytes:
    """Return what tells a body from another one, as it came over the wire."""
    return blake2b(wire, digest_size=_HASH_BYTES).digest()


async def inflate(wire: bytes, coding: str, *, limit_bytes: int) -> bytes:
    """Undo a coding; bombs are seen before they fill the memory, and others run in between.

    Raises:
        BodyTooLarge: the body is longer than `limit_bytes`.
        BadEncoding: it is damaged, or ends too early.
    """
    if not coding:
        return wire
    bare = coding == "deflate" and not _has_header(wire)
    inflater = _Inflater(limit_bytes, wbits=_BARE if bare else _GZIP_OR_ZLIB)
    for start in range(0, len(wire), _PIECE_BYTES):
        if start:
            await trio.lowlevel.checkpoint()
        if not inflater.feed(wire[start : start + _PIECE_BYTES]):
            break
    return inflater.result()


async def take_head(
    pieces: AsyncIterator[bytes], coding: str, *, most_bytes: int, enough: Callable[[bytes], bool]
) -> bytes:
    """Read the beginning of a body, inflated, until `enough` says so; no further than `most_bytes`.

    Of damaged data, what came before the damage is the body.
    """
    head = bytearray()
    looked_bytes = 0
    inflater = None
    async for piece in pieces:
        if coding and inflater is None:
            bare = coding == "deflate" and not _has_header(piece)
            inflater = inflaters.decompressobj(wbits=_BARE if bare else _GZIP_OR_ZLIB)
        room = most_bytes - len(head)
        try:
            head += piece[:room] if inflater is None else inflater.decompress(piece, room)
        except (zlib.error, inflaters.error):
            break
        if len(head) >= most_bytes:
            break
        if len(head) - looked_bytes >= _LOOK_BYTES:
            looked_bytes = len(head)
            if enough(bytes(head)):
                break
    return bytes(head)


class _Inflater:
    """A gzip file of any number of members (RFC 1952, 2.2), a zlib stream, or its bare data."""

    def __init__(self, limit_bytes: int, *, wbits: int) -> None:
        self._limit_bytes = limit_bytes
        self._wbits = wbits
        self._make: Callable[..., Any] = inflaters.decompressobj
        self._member = self._make(wbits=self._wbits)
        self._members = 1
        self._body = bytearray()
        self._rest = b""

    def feed(self, piece: bytes) -> bool:
        """Take the next bytes; False when what follows is none of our business."""
        rest = self._rest + piece
        try:
            while rest:
                if self._member.eof:
                    if len(rest) < len(_GZIP_MAGIC):
                        break
                    if not rest.startswith(_GZIP_MAGIC):
                        return False
                    self._next_member()
                self._body += self._member.decompress(rest, self._limit_bytes + 1 - len(self._body))
                if len(self._body) > self._limit_bytes:
                    raise BodyTooLarge
                rest = self._member.unused_data
        except (zlib.error, inflaters.error):
            raise BadEncoding from None
        self._rest = rest
        return True

    def result(self) -> bytes:
        if not self._member.eof:
            raise BadEncoding
        return bytes(self._body)

    def _next_member(self) -> None:
        self._members += 1
        if self._members > _MOST_MEMBERS:  # each costs time, also an empty one
            raise BadEncoding
        self._member = self._make(wbits=self._wbits)


def _has_header(wire: bytes) -> bool:
    """Tell gzip (RFC 1952, 2.3.1) and zlib (RFC 1950, 2.2) from bare deflate, which some servers send."""
    if wire.startswith(_GZIP_MAGIC) or len(wire) < len(_GZIP_MAGIC):
        return True
    return wire[0] & 0x0F == zlib.DEFLATED and (wire[0] << 8 | wire[1]) % 31 == 0

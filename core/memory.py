"""What a source showed last time, in eight bytes an entry, so that what is known need not travel again.

A hash is keyed with a secret of the database: nobody can make a link that is taken for another one. It only
saves work: whether a link is new is decided by the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from struct import unpack
from typing import Self

HASH_BYTES = 8
MOST_ENTRIES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The hashes of the entries of one document."""

    secret: bytes = b""
    hashes: frozenset[bytes] = frozenset()

    @classmethod
    def unpack(cls, packed: bytes | None, *, secret: bytes) -> Self:
        """Return a memory from the form in which it is stored; None is an empty one."""
        blob = packed or b""
        count = len(blob) // HASH_BYTES
        return cls(secret=secret, hashes=frozenset(unpack(f"{HASH_BYTES}s" * count, blob)))

    def pack(self) -> bytes:
        """Return the form in which it is stored: the hashes, one after the other, in order."""
        return b"".join(sorted(self.hashes))

    def hash_of(self, key: str) -> bytes:
        """Return the hash of a link's key."""
        return blake2b(key.encode(), digest_size=HASH_BYTES, key=self.secret).digest()

    def of(self, hashes: Iterable[bytes]) -> Self:
        """Return the memory of another document of the same database; of a very long one, of a part of it."""
        kept = frozenset(hashes)
        if len(kept) > MOST_ENTRIES:
            kept = frozenset(sorted(kept)[:MOST_ENTRIES])
        return type(self)(secret=self.secret, hashes=kept)

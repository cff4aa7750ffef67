"""What a source showed last time, in eight bytes an entry, so that what is known need not travel again.

A hash is keyed with a secret of the database: nobody can make a link that is taken for another one. It only
saves work: whether a link is new is decided by the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from struct import unpack
from typing import Self

HASH_BYTES = 8
MOST_ENTRIES = 50_000


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The hashes of the entries of one document.

    Attributes:
        secret: The key of the hashes.
        packed: The hashes one after the other, in order: the form in which they are stored.
    """

    secret: bytes = b""
    packed: bytes = b""

    @cached_property
    def hashes(self) -> frozenset[bytes]:
        """The hashes apart. Of nearly all documents nobody asks for them, since nothing has changed."""
        count = len(self.packed) // HASH_BYTES
        return frozenset(unpack(f"{HASH_BYTES}s" * count, self.packed))

    def hash_of(self, key: str) -> bytes:
        """Return the hash of a link's key."""
        return blake2b(key.encode(), digest_size=HASH_BYTES, key=self.secret).digest()

    def of(self, hashes: Iterable[bytes]) -> Self:
        """Return the memory of another document of the same database; of a very long one, of a part of it."""
        kept = frozenset(hashes)
        if len(kept) > MOST_ENTRIES:
            kept = frozenset(sorted(kept)[:MOST_ENTRIES])
        return type(self)(secret=self.secret, packed=b"".join(sorted(kept)))

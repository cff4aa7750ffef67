"""What a source showed last time, asked by address while its document is read."""

from collections.abc import Container

from core.memory import Memory
from core.urls.normalize import RefusedUrl, normalize


class KnownLinks:
    """Tells links that a source showed last time: of those, a reader need not read any more.

    Of thirty entries of a feed one is new, mostly. What was found out on the way is kept for `Candidates`.
    """

    def __init__(self, memory: Memory, *, allow_hosts: Container[str] = (), fragments: bool = False) -> None:
        self.fragments = fragments
        """What follows `#` in an address tells entries apart."""
        self._memory = memory
        self._allow_hosts = allow_hosts
        self._hashes: dict[str, bytes] = {}

    def __call__(self, url: str) -> bool:
        """Tell whether a link was shown; one with a fragment may be needed to learn what fragments mean."""
        if "#" in url:
            return False
        try:
            key = normalize(url, fragments=self.fragments, allow_hosts=self._allow_hosts)
        except RefusedUrl:
            return False
        hashed = self._memory.hash_of(key)
        if hashed not in self._memory.hashes:
            return False
        self._hashes[url] = hashed
        return True

    def hash_of(self, url: str | None) -> bytes | None:
        """Return the hash of a link's key, if the link was asked for, and is known."""
        return self._hashes.get(url or "")

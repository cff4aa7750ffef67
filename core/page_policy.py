"""How long a link waits for what its page says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePolicy:
    """Whether pages are read, and until when a link waits for that; durations in seconds.

    Attributes:
        fetch: FETCH_PAGES.
        wait_s: After so long a link goes out with what its source said.
        resolve_s: The same for a link that hides where it leads: what it hides may have been posted.
    """

    fetch: bool = False
    wait_s: float = 60.0
    resolve_s: float = 900.0


NO_PAGES = PagePolicy()

"""A block that repeats on a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedBlock:
    """A possible list: the selector of its items, how many there are, and the titles of the first three."""

    selector: str
    count: int
    examples: tuple[str, ...]
    is_clear: bool = False
    """It stands out so far that nobody needs to be asked."""

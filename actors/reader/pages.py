"""Pages on their way from the worker: as it packs them, and as they are checked and unpacked."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.pages.page import Page

_TEXTS = frozenset({"title", "description", "site", "author", "language"})
_TUPLES = frozenset({"aliases", "tags"})
_WHOLE_NUMBERS = frozenset({"published_ms", "discount", "reviews"})
_NUMBERS = frozenset({"rating"})


def pack_page(page: Page) -> dict[str, object]:
    """Give a page as plain values."""
    return asdict(page)


def unpack_page(said: Mapping[str, Any]) -> Page:
    """Build a page.

    Raises:
        TypeError, ValueError: the values have another shape.
    """
    return Page(**{name: _checked(name, value) for name, value in said.items()})


def _checked(name: str, value: object) -> Any:  # noqa: ANN401 - each field has a type of its own
    """Return the value of a field; all but texts and lists may be absent."""
    if name in _TUPLES:
        if not isinstance(value, list) or not all(type(each) is str for each in value):
            raise TypeError(f"{name} is no list of strings")
        return tuple(value)
    allowed: tuple[type, ...] = (str,)
    if name in _WHOLE_NUMBERS:
        allowed = (int,)
    elif name in _NUMBERS:
        allowed = (int, float)
    if type(value) not in allowed and (value is not None or name in _TEXTS):
        raise TypeError(f"{name} is of another type")
    return value

"""How something to watch was found, in words."""

from core.languages import gettext as _


def how_found(why: str) -> str:
    """Return in words how something was found; a number that belongs to it stands behind a bar."""
    text, _bar, count = why.partition("|")
    return _(text).format(count=count)

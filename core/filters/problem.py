"""A rule that cannot be read: what is wrong, and where."""

from core.errors import UserError
from core.languages import gettext as _

_WIDTH = 60


class BadRule(UserError):
    """A rule that cannot be read; its text shows the place."""


def bad_rule(text: str, at: int, what: str) -> BadRule:
    """Return the error for a place in a text, counted from 0, with the line it is in and a mark below."""
    text = text.encode("utf-8", "replace").decode()  # half a character cannot be shown
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : len(text) if end < 0 else end].rstrip()
    column = at - start
    first = max(0, min(column - _WIDTH // 2, len(line) - _WIDTH))
    shown = ("…" if first else "") + line[first : first + _WIDTH]
    mark = " " * (column - first + bool(first)) + "^"
    return BadRule(
        _("{what} (at character {column}):\n{shown}\n{mark}").format(
            what=what, column=column + 1, shown=shown, mark=mark
        )
    )

"""Regular expressions of rules, run by RE2: the time they take grows with the text, never worse.

A pattern is bounded in length, and so is the memory its program and its states may take; RE2 has neither
look-around nor back references, which is why.
"""

from functools import lru_cache
from typing import Any

import re2

from core.filters.terms import Pattern
from core.languages import gettext as _

LONGEST = 300
_MOST_BYTES = 1024 * 1024
_KEPT = 128


class BadPattern(ValueError):
    """A pattern that RE2 does not take.

    Attributes:
        fragment: the part that it names, or empty.
    """

    def __init__(self, what: str, fragment: str = "") -> None:
        self.fragment = fragment
        super().__init__(what)


def check_pattern(pattern: Pattern) -> None:
    """Accept a pattern that can be run.

    Raises:
        BadPattern: it cannot, and why.
    """
    if not pattern.text:
        raise BadPattern(_("This pattern is empty"))
    if len(pattern.text) > LONGEST:
        raise BadPattern(
            _("A pattern may have {longest} characters, this one has {count}").format(
                longest=LONGEST, count=len(pattern.text)
            )
        )
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace") if error.args else ""
        what, _colon, fragment = said.partition(": ")
        raise BadPattern(_("This is no pattern: {what}").format(what=what), fragment) from None


def found(pattern: Pattern, text: str) -> bool:
    """Return whether a checked pattern matches somewhere in a text."""
    return _compiled(pattern).search(text) is not None


@lru_cache(maxsize=_KEPT)
def _compiled(pattern: Pattern) -> Any:  # noqa: ANN401 - re2 has no types
    options = re2.Options()
    options.max_mem = _MOST_BYTES
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = not pattern.ignore_case
    return re2.compile(pattern.text, options)

"""`key=value` pairs as people type them: values may have blanks, within quotes or up to the next key."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from core.requests import unquoted


@lru_cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    beginnings = "|".join(names)
    return re.compile(
        rf"(?P<key>{beginnings})="
        r"(?P<value>\"[^\"]*\"|'[^']*'|“[^”]*”|«[^»]*»|.*?)"
        rf"(?=\s+(?:{beginnings})=|\s*$)",
        re.IGNORECASE | re.DOTALL,
    )


def pairs_in(text: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield keys of these names, in lower case, and their values; what is no pair has no key."""
    end = 0
    for found in _pattern(tuple(names)).finditer(text):
        if between := text[end : found.start()].strip():
            yield "", between
        yield found["key"].lower(), unquoted(found["value"].strip())
        end = found.end()
    if rest := text[end:].strip():
        yield "", rest

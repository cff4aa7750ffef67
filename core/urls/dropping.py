"""From the tables of parameters to one pattern, which finds those of a query that go."""

import re
from collections.abc import Iterable

from core.urls.rules import EVERYWHERE, Words

_PAIR_ENDS = "(?=&|$)"


def dropping(words: Iterable[Words] = ()) -> re.Pattern[str]:
    """Compile what is dropped everywhere together with a site's own words, for `without_dropped`.

    Names are grouped by their first letter: most parameters are passed over at that.
    """
    letters: dict[str, list[str]] = {}
    for group in (*EVERYWHERE, *words):
        for name in group.names.split():
            letters.setdefault(name[0], []).append(_rest_of_pair(name[1:], group.value))
    known = "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in sorted(letters.items()))
    # `amp;` is left of an `&amp;` that was never unescaped.
    return re.compile(f"&(?:{_PAIR_ENDS}|(?:amp;)?(?:{known}))")


def _rest_of_pair(name: str, value: str) -> str:
    if name.endswith("*"):
        return f"{re.escape(name[:-1])}[^&]*"
    if not value:
        return f"{re.escape(name)}(?:=[^&]*)?{_PAIR_ENDS}"
    may_be_absent = "?" if re.fullmatch(value, "") else ""
    return f"{re.escape(name)}(?:=(?:{value})){may_be_absent}{_PAIR_ENDS}"


def without_dropped(query: str, pattern: re.Pattern[str]) -> str:
    """Return a query without the pairs that a pattern finds, and without empty ones."""
    whole = f"&{query}"
    lowered = whole.lower()
    if lowered == whole:
        return pattern.sub("", whole)[1:]
    kept = []
    at = 0
    for found in pattern.finditer(lowered):
        kept.append(whole[at : found.start()])
        at = found.end()
    return "".join((*kept, whole[at:]))[1:] if kept else query

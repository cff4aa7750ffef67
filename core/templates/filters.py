"""Filters of templates. Each takes time and makes text in proportion to what it is given."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from core.languages import gettext as _
from core.templates.formatted import Formatted
from core.templates.money import money as as_money
from core.text import cut as cut_plain
from core.urls.normalize import host_of

_LONGEST = 4_096
_MOST_HASHTAGS = 10
_LONGEST_HASHTAG = 64
_MOST_DIGITS = 6
_LATEST_MS = 253_402_300_799_000
_NO_WORD = re.compile(r"\W+")
_DATE_CODE = re.compile(r"%([dmyYHMSbBaAjZ%])")


def cut(value: object, limit: int) -> str:
    """Shorten a text to so many UTF-16 units, between words."""
    if not isinstance(limit, int):
        raise TypeError(_("cut wants a number"))
    if isinstance(value, Formatted):
        return value.cut(max(1, limit))
    return cut_plain(_text(value), max(1, limit))


@pass_context
def money(context: Context, amount: object, currency: str | None = None) -> str:
    """Show an amount with its currency, which is the page's where none is given."""
    if amount in (None, ""):
        return ""
    return as_money(amount, _text(currency if currency is not None else context.get("currency")))


@pass_context
def date(context: Context, moment_ms: object, form: str = "%d.%m.%Y") -> str:
    """Show a moment (epoch milliseconds) in the chat's time zone, by the codes of `strftime`."""
    if not isinstance(moment_ms, int) or not 0 <= moment_ms <= _LATEST_MS:
        return ""
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone(_zone(str(context.get("zone"))))
    # One code at a time: with a width between sign and letter, the C library would write gigabytes.
    return _DATE_CODE.sub(lambda code: moment.strftime(code[0]), _text(form))


def hashtags(tags: object, most: int = 5) -> str:
    """Make `#Tags` of tags; what has no letter is none."""
    found: dict[str, str] = {}
    for tag in [tags] if isinstance(tags, str) else _items(tags):
        word = _NO_WORD.sub("_", _text(tag)).strip("_")[:_LONGEST_HASHTAG]
        if any(character.isalpha() for character in word):
            found.setdefault(word.lower(), f"#{word}")
    return " ".join(list(found.values())[: max(0, min(most, _MOST_HASHTAGS))])


def host(url: object) -> str:
    """Show the host of an address, without `www.`."""
    return host_of(_text(url))


def join(items: object, between: str = ", ") -> str:
    """Put items together, with something between them."""
    return _text(between).join(map(_text, _items(items)))[:_LONGEST]


def replace(value: object, old: str, new: str) -> str:
    """Put one text in the place of another wherever that stands."""
    return _text(value).replace(_text(old), _text(new)[:100])[:_LONGEST] if old else _text(value)


def rounded(value: Any, digits: int = 0) -> object:  # noqa: ANN401 - a number of any kind
    """Round a number."""
    number = round(value, max(0, min(digits, _MOST_DIGITS)))
    return number if digits else int(number)


def default(value: object, instead: object = "") -> object:
    """Give something in the place of what is empty."""
    return instead if value in (None, "", ()) else value


def first(items: object) -> object:
    """Give the first of some items."""
    return next(iter(_items(items)), "")


def last(items: object) -> object:
    """Give the last of some items."""
    return next(reversed(_items(items)), "")


FILTERS: Mapping[str, Callable[..., object]] = {
    "cut": cut,
    "money": money,
    "date": date,
    "hashtags": hashtags,
    "host": host,
    "join": join,
    "replace": replace,
    "round": rounded,
    "default": default,
    "first": first,
    "last": last,
    "upper": lambda value: _text(value).upper(),
    "lower": lambda value: _text(value).lower(),
    "capitalize": lambda value: _text(value).capitalize(),
    "title": lambda value: _text(value).title(),
    "trim": lambda value: _text(value).strip(),
    "length": lambda value: len(value if isinstance(value, str) else _items(value)),
}
"""All there are."""


def _text(value: object) -> str:
    return "" if value is None else str(value)[:_LONGEST]


def _items(value: object) -> Sequence[object]:
    if not isinstance(value, (tuple, list)):
        raise TypeError(_("this filter is for tags"))
    return value


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return UTC

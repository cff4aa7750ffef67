"""How the values of `/set` are read; each reader is given what was typed and INTERVAL_MIN in seconds."""

from collections.abc import Callable, Container

from core.durations import parse_duration
from core.errors import UserError, WrongValue
from core.filters.parsing import parse_rules
from core.filters.writing import write_rules
from core.templates.defaults import DEFAULTS
from core.templates.engine import compiled
from core.templates.filters import hashtags
from core.text import cut, one_line

_TITLE_LIMIT = 200
_MOST_TAGS = 5
"""As many as posts show by default."""
_SHORTEST_EXPIRE_S = 60
_HIGHEST_TOPIC = 2**31
_GENERAL = ("general", "1")
"""Names of the topic without a number (https://core.telegram.org/api/forum)."""
_YES = frozenset({"yes", "on", "true", "1"})
NO: Container[str] = frozenset({"no", "off", "false", "0"})


def title(text: str, _least_s: float) -> str:
    """Return a title as one line."""
    return cut(one_line(text), _TITLE_LIMIT)


def expire(text: str, _least_s: float) -> float:
    """Return seconds.

    Raises:
        UserError: it is no duration, or too short.
    """
    try:
        seconds = parse_duration(text)
    except WrongValue as error:
        raise UserError("{name}: {error}", name="expire", error=error) from None
    if seconds < _SHORTEST_EXPIRE_S:
        raise UserError("expire: a minute is the least.")
    return seconds


def yes_or_no(name: str) -> Callable[[str, float], bool]:
    """Return the reader of a key that is yes or no."""

    def read(text: str, _least_s: float) -> bool:
        if text.lower() not in _YES and text.lower() not in NO:
            raise UserError("{name}: say yes or no.", name=name)
        return text.lower() in _YES

    return read


def rules(text: str, _least_s: float) -> str:
    """Return the rules of a filter as they are kept; `off` is none.

    Raises:
        UserError: something is no rule.
    """
    return "" if text.lower() in NO else write_rules(parse_rules(text))


def tags(text: str, _least_s: float) -> str:
    """Return tags without their signs, a blank between them, each once.

    Raises:
        UserError: one cannot be a hashtag, or there are too many.
    """
    words = text.replace(",", " ").replace(";", " ").split()
    for word in words:
        if not hashtags(word):
            raise UserError("tags: “{word}” has no letter, so it is no hashtag.", word=word[:30])
    found = hashtags(tuple(words), len(words)).replace("#", "").split()
    if len(found) > _MOST_TAGS:
        raise UserError("tags: {most_tags} at most.", most_tags=_MOST_TAGS)
    return " ".join(found)


def template(text: str, _least_s: float) -> str:
    """Return a template: the one with this name among the looks there are, or the text itself.

    Raises:
        WrongTemplate: it cannot be used.
    """
    source = DEFAULTS.get(text.lower(), text)
    compiled(source)
    return source


def topic(text: str, _least_s: float) -> str:
    """Return the number of a topic; 0 is General, or a chat without topics.

    Raises:
        UserError: it is none.
    """
    if text.lower() in _GENERAL:
        return "0"
    if not text.isascii() or not text.isdigit() or int(text[:12]) >= _HIGHEST_TOPIC:
        raise UserError("topic: “{text}” is no number of a topic, such as 45 in t.me/c/…/45.", text=text[:30])
    return str(int(text))

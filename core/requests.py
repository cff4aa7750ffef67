"""What people type after a command, read into values; errors say what to write instead."""

import re
from dataclasses import dataclass

from core.backlog import parse_backlog
from core.durations import format_duration, parse_duration
from core.errors import UserError, WrongValue
from core.urls.normalize import RefusedUrl, normalize
from core.words import say

_TARGET = re.compile(r"(?P<chat>@[A-Za-z]\w{3,}|-\d+)(?:/(?P<topic>\d+))?")
_WORD = re.compile(
    r"""(?:select|rules)=(?:"[^"]*"(?=\s|$)|'[^']*'(?=\s|$)|“[^”]*”(?=\s|$)|«[^»]*»(?=\s|$)|\{[^}]*\}(?=\s|$))|\S+""",
    re.IGNORECASE,
)
_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("«", "»"))
_PRIVATE_LINK = re.compile(r"(?:https?://)?t\.me/c/(?P<chat>\d+)(?:/(?P<topic>\d+))?/?")
_OPTIONS = ("every", "backlog", "as", "select", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Another chat than the one in which a command was given: an id or a @name, and a topic."""

    chat: int | str
    topic_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRequest:
    """What `/add` was asked for."""

    urls: tuple[str, ...]
    target: Target | None = None
    interval_s: float | None = None
    backlog: str | None = None
    kind: str = "auto"
    select: str | None = None
    """CSS selector of the items of a list."""
    rules: str | None = None
    """JSON, as it was typed."""


def split_target(words: list[str]) -> tuple[Target | None, list[str]]:
    """Take a first word that names another chat off the others."""
    if not words:
        return None, words
    match = _TARGET.fullmatch(words[0])
    if match is not None:
        chat = match["chat"]
        return Target(
            chat=chat if chat.startswith("@") else int(chat), topic_id=int(match["topic"] or 0)
        ), words[1:]
    match = _PRIVATE_LINK.fullmatch(words[0])
    if match is not None:
        return Target(chat=int(f"-100{match['chat']}"), topic_id=int(match["topic"] or 0)), words[1:]
    return None, words


def parse_add(text: str, *, interval_min_s: float) -> AddRequest:
    """Read the words after `/add`.

    Raises:
        UserError: an option or address is wrong; the text says how to write it.
    """
    target, words = split_target(_words(text))
    options: dict[str, str] = {}
    urls = []
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name.lower() in _OPTIONS:
            options[name.lower()] = unquoted(value)
        else:
            urls.append(check_url(word))
    return AddRequest(
        urls=tuple(dict.fromkeys(urls)),
        target=target,
        interval_s=check_interval(options["every"], interval_min_s=interval_min_s)
        if "every" in options
        else None,
        backlog=check_backlog(options["backlog"]) if "backlog" in options else None,
        kind=options.get("as", "auto").lower(),
        select=options.get("select"),
        rules=options.get("rules"),
    )


def _words(text: str) -> list[str]:
    """Split at white space, but not within the quotes or braces of an option's value."""
    return [found[0] for found in _WORD.finditer(text)]


def unquoted(value: str) -> str:
    """Take off quotes around a value; phones write them curly."""
    pairs = (value[:1], value[-1:])
    return value[1:-1] if len(value) > 1 and pairs in _QUOTES else value


def check_url(text: str) -> str:
    """Return an address that can be watched; one without a scheme is taken as https.

    Raises:
        UserError: it cannot.
    """
    url = text.strip()
    if "://" not in url and re.match(r"[\w-]+(\.[\w-]+)+([/?#:]|$)", url):
        url = f"https://{url}"
    try:
        normalize(url)
    except RefusedUrl as refused:
        if refused.reason != "no_dot":  # whether a name of the local network may be asked, the guard says
            raise UserError(
                "“{text}”: {reason}. Write it like https://example.com/feed.xml",
                text=text[:100],
                reason=say(refused.reason),
            ) from None
    return url


def check_interval(text: str, *, interval_min_s: float) -> float:
    """Return seconds.

    Raises:
        UserError: it is no duration, or shorter than the operator allows.
    """
    try:
        interval_s = parse_duration(text)
    except WrongValue as error:
        raise UserError("{name}: {error}", name="every", error=error) from None
    if interval_s < interval_min_s:
        raise UserError(
            "every: the shortest interval here is {shortest} (INTERVAL_MIN)",
            shortest=format_duration(interval_min_s),
        )
    return interval_s


def check_backlog(text: str) -> str:
    """Return a backlog policy in its canonical spelling.

    Raises:
        UserError: it is none.
    """
    try:
        return parse_backlog(text).text
    except WrongValue as error:
        raise UserError("{name}: {error}", name="backlog", error=error) from None

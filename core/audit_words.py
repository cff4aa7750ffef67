"""What the audit log keeps of what people write: enough to know what was done, and no secret."""

import re

from core.text import cut, one_line
from core.urls.normalize import without_secrets

_LONGEST = 300
_SILENT = frozenset({"/start"})
"""Commands whose words are codes that give somebody a right."""
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SECRET = re.compile(r"\b(header|proxy|cookie|authorization)(\s*[=:]).*", re.IGNORECASE | re.DOTALL)


def command_told(text: str) -> str:
    """Return a command with its arguments, on one line.

    Of addresses logins and queries are hidden; of `header=` and `proxy=` everything that follows, for
    their values may hold spaces.
    """
    words = text.split(maxsplit=1)
    name = words[0].partition("@")[0].lower() if words else ""
    if name in _SILENT or len(words) < 2:  # noqa: PLR2004 - a command and what follows it
        return name
    return cut(one_line(f"{name} {_hidden(words[1])}"), _LONGEST)


def answer_told(text: str) -> str:
    """Return the addresses of a text that is no command; the rest may be a secret somebody asked for."""
    addresses = [without_secrets(found) for found in _ADDRESS.findall(text)]
    return cut(" ".join(addresses), _LONGEST)


def _hidden(text: str) -> str:
    without = _SECRET.sub(r"\1\2***", text)
    return _ADDRESS.sub(lambda found: without_secrets(found[0]), without)

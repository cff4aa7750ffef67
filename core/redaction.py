"""Hiding secrets and control characters in whatever is written for people to read: logs, tracebacks."""

import re
from collections.abc import Iterable

HIDDEN = "***"
_LEAST_LENGTH = 4
"""Shorter texts are no secrets, and hiding them would hide half of every line."""

_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")
_USERINFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^/\s@?#'\"]+@")
_QUERY = re.compile(
    r"""([?&;](?:[\w.-]{0,30}(?:token|secret|passw(?:or)?d|pwd|signature|api_?key|auth)|key|sig)=)[^&\s"'#]+""",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"""((?:authorization|cookie|x-api-key)["']?\s*[:=,]\s*["']?)(?:(?:basic|bearer)\s+)?[^\s"',]+""",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Redaction:
    """Hides what it was told, and what looks like a token, a login or a key, in any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= _LEAST_LENGTH}
        self._secrets = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return a text of several lines without secrets and control characters."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _USERINFO.sub(rf"\1{HIDDEN}@", _TOKEN.sub(HIDDEN, text))
        text = _HEADER.sub(rf"\1{HIDDEN}", _QUERY.sub(rf"\1{HIDDEN}", text))
        return _CONTROLS.sub(_escaped, text)


def one_line(text: str) -> str:
    """Return a text whose line breaks are written out: nobody can forge a line of the log with them."""
    return text.translate(_BREAKS)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - one byte

"""What a source is asked with that is its own: user agent, headers, a proxy. Values are secrets."""

import json
import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import unquote_to_bytes, urlsplit

import can_ada

from core.errors import UserError

_PORTS = {"http:": 80, "https:": 443}
_PROXIES = ("http", "https", "socks5")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}")
_VALUE = re.compile(r"[\x20-\x7e]{1,4000}")
_USERINFO = re.compile(r"\A(?P<scheme>[\x00-\x20]*https?:[/\\]*)[^/\\?#]*@", re.IGNORECASE)
_MOST_HEADERS = 20
_OURS = frozenset(
    {
        # of one connection (RFC 9110, 7.6.1), or of the message's frame
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
        "te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length", "host",
        # what is asked for: a part of a document, or another coding, would not be what it is taken for
        "accept-encoding", "range", "if-range", "if-match", "if-none-match", "if-modified-since",
        "if-unmodified-since",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Values that go with the requests for one source.

    Attributes:
        origin: scheme, host and port that the headers were given for; no other is sent them.
        headers: name and value of each.
        user_agent: instead of USER_AGENT, wherever a redirect leads.
        proxy: an address, instead of PROXY_FETCH.
    """

    origin: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    user_agent: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.headers or self.user_agent or self.proxy)

    def with_header(self, name: str, value: str) -> Self:
        """Return this with a header set, in the place of one of the same name."""
        others = tuple(each for each in self.headers if each[0].lower() != name.lower())
        if len(others) == _MOST_HEADERS:
            raise UserError(
                "header: a source has at most {most_headers} of its own.", most_headers=_MOST_HEADERS
            )
        return replace(self, headers=(*others, (name, value)))

    def write(self) -> str:
        """Return this as JSON, for the database."""
        values = {
            "origin": self.origin,
            "headers": self.headers,
            "user_agent": self.user_agent,
            "proxy": self.proxy,
        }
        return json.dumps({name: value for name, value in values.items() if value})

    @classmethod
    def read(cls, text: str | None) -> Self:
        """Read what `write` wrote; nothing is nothing."""
        if not text:
            return cls()
        values = json.loads(text)
        return cls(
            origin=values.get("origin", ""),
            headers=tuple((name, value) for name, value in values.get("headers", ())),
            user_agent=values.get("user_agent", ""),
            proxy=values.get("proxy", ""),
        )


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address (RFC 6454), or an empty text where it has none."""
    try:
        parsed = can_ada.parse(url)
    except ValueError:
        return ""
    port = parsed.port or _PORTS.get(parsed.protocol, "")
    return f"{parsed.protocol}//{parsed.hostname}:{port}"


def split_userinfo(url: str) -> tuple[str, Access]:
    """Take user and password out of an address, and return them as the header that they become."""
    clean = _USERINFO.sub(lambda found: found["scheme"], url, count=1)
    if clean == url:
        return url, Access()
    try:
        parsed = can_ada.parse(url)
    except ValueError:
        return clean, Access()
    if not parsed.username and not parsed.password:
        return clean, Access()
    pair = unquote_to_bytes(parsed.username) + b":" + unquote_to_bytes(parsed.password)
    basic = f"Basic {b64encode(pair).decode()}"
    return clean, Access(origin=origin_of(clean), headers=(("Authorization", basic),))


def check_header(text: str) -> tuple[str, str]:
    """Read `Name: value`.

    Raises:
        UserError: it is no header, or one that is not for people to set; the value is not repeated.
    """
    name, colon, value = text.partition(":")
    name, value = name.strip(), value.strip(" \t")
    if not colon or _NAME.fullmatch(name) is None or _VALUE.fullmatch(value) is None:
        raise UserError('header: write it like header="Name: value", in one line of plain ASCII.')
    if name.lower() in _OURS:
        raise UserError("header: {name} belongs to the connection, it cannot be set.", name=name)
    if name.lower() == "user-agent":
        raise UserError("header: for this one say user_agent=.")
    return name, value


def check_user_agent(text: str) -> str:
    """Return what a source is told of who asks.

    Raises:
        UserError: it cannot be sent.
    """
    if _VALUE.fullmatch(text) is None:
        raise UserError("user_agent: one line of plain ASCII, please.")
    return text


def check_proxy(text: str) -> str:
    """Return the address of a proxy.

    Raises:
        UserError: it is none; it is not repeated, for it may hold a password.
    """
    try:
        parts = urlsplit(text)
        right = parts.scheme in _PROXIES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or _VALUE.fullmatch(text) is None or " " in text:
        raise UserError("proxy: write it as http://host:port, https://host:port or socks5://host:port.")
    return text

"""An address to be asked: parsed once, by the browsers' rules, for checking and for fetching alike."""

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import unquote_to_bytes, urljoin

import can_ada

from core.errors import VestnikError
from core.urls.normalize import MAX_URL_BYTES

_PORTS = {"http:": 80, "https:": 443}


class BadAddress(VestnikError):
    """Nothing that could be asked; `code` names why, for `core.words`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request goes.

    Attributes:
        url: The whole address, as browsers spell it, without credentials.
        origin: Scheme, host and port (RFC 6454).
        host: What the Host header says: with a port that is not its scheme's.
        path: Path and query, as they go over the wire.
        authorization: Made of the address's user and password, or empty.
    """

    url: str
    origin: tuple[str, str, int]
    host: str
    path: str
    authorization: bytes = b""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an address.

        Raises:
            BadAddress: it is none, it is too long, or it is not http.
        """
        try:
            if len(url.encode()) > MAX_URL_BYTES:
                raise BadAddress("too_long")
            parsed = can_ada.parse(url)
        except ValueError:
            raise BadAddress("not_a_url") from None
        port = _PORTS.get(parsed.protocol)
        if port is None:
            raise BadAddress("not_http")
        authorization = b""
        if parsed.username or parsed.password:
            authorization = _basic(parsed.username, parsed.password)
            parsed.username = parsed.password = ""
        return cls(
            url=parsed.href,
            origin=(parsed.protocol, parsed.hostname, int(parsed.port or port)),
            host=parsed.host,
            path=parsed.pathname + parsed.search,
            authorization=authorization,
        )

    def follow(self, location: bytes) -> Self:
        """Return where a redirect leads (RFC 9110, 10.2.2). Credentials go along within one origin only.

        What the redirect itself writes before an @ is not used: a site does not choose who we are.

        Raises:
            BadAddress: it leads to nothing that could be asked.
        """
        try:
            joined = urljoin(self.url, _decode(location).strip())
        except ValueError:
            raise BadAddress("not_a_url") from None
        there = self.parse(joined)
        return replace(there, authorization=self.authorization if there.origin == self.origin else b"")


def _basic(username: str, password: str) -> bytes:
    return b"Basic " + b64encode(unquote_to_bytes(username) + b":" + unquote_to_bytes(password))


def _decode(location: bytes) -> str:
    try:
        return location.decode()
    except UnicodeDecodeError:
        return location.decode("latin-1")

"""What a client asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from simulation.http.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, complete with its body.

    Attributes:
        method: In capitals, as HTTP has it.
        target: Path and query as sent, still escaped.
        headers: In the order sent, names in lower case.
        body: As sent, without the framing of the transfer.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path, unescaped."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> list[tuple[str, str]]:
        """The pairs of the query string, unescaped, in order, blank values kept."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def host(self) -> str:
        """The host asked for, without its port."""
        return urlsplit(f"//{self.header('host')}").hostname or ""

    def header(self, name: str, default: str = "") -> str:
        """The first header of this name (in lower case), or `default`."""
        return next((value for key, value in self.headers if key == name), default)


Handler: TypeAlias = Callable[[Request], Awaitable[Reply]]

"""The parameters of a method, whichever way they were sent."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from simulation.botapi.answers import bad_request
from simulation.http import Request

BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
FILE_NAME = re.compile(rb'\bname="([^"]*)"; filename="([^"]*)"')
PART_NAME = re.compile(rb'\bname="([^"]*)"')


class Parameters:
    """Named values; each getter converts as the Bot API does, whose values are mostly strings.

    Attributes:
        values: What was sent.
        names: What uploaded files are called.
    """

    def __init__(self, values: dict[str, Any] | None = None, names: dict[str, str] | None = None) -> None:
        self.values: dict[str, Any] = values or {}
        self.names = names or {}

    @classmethod
    def of(cls, request: Request) -> "Parameters":
        """Collect from the query string and the body, which wins."""
        return cls({**dict(request.query), **_from_body(request)}, _names(request))

    def has(self, name: str) -> bool:
        """Whether it was sent and is not null."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A string, empty when missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, `default` when missing or unreadable."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A truth value."""
        return self.text(name).lower() in {"true", "1", "yes"}

    def value(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """A nested value, parsed when it came as a string; None when missing."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None


def _from_body(request: Request) -> dict[str, Any]:
    kind = request.header("content-type").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(request.body)
    if kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(request.body.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
        return dict(pairs)
    if kind == "multipart/form-data":
        return dict(_parts(request))
    return {}


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse request body as JSON") from None
    if not isinstance(values, dict):
        raise bad_request("object expected as request body")
    return values


def _parts(request: Request) -> list[tuple[str, str]]:
    boundary = BOUNDARY.search(request.header("content-type"))
    if boundary is None:
        raise bad_request("boundary is missing")
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary[1].encode())
    pairs = []
    for piece in pieces[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if (name := PART_NAME.search(head)) is not None:
            pairs.append((name[1].decode(), content.decode("utf-8", "surrogateescape")))
    return pairs


def _names(request: Request) -> dict[str, str]:
    """What the uploaded files are called, by the names of their parts."""
    if not request.header("content-type").startswith("multipart/"):
        return {}
    return {name.decode(): file.decode("utf-8", "replace") for name, file in FILE_NAME.findall(request.body)}

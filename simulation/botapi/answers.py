"""How the Bot API words its answers."""

import json
from typing import Any, TypeAlias

from simulation.http import Reply

Json: TypeAlias = dict[str, Any]

JSON_HEADER = ("content-type", "application/json")


class Refused(Exception):
    """A request is answered with an error.

    Args:
        code: The `error_code`, which is the HTTP status too.
        description: As Telegram words it.
        parameters: `retry_after` or `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code = code
        self.description = description
        self.parameters = parameters
        super().__init__(description)


def bad_request(description: str) -> Refused:
    """A 400 with Telegram's prefix."""
    return Refused(400, f"Bad Request: {description}")


def too_many_requests(retry_after_s: int) -> Refused:
    """A 429 that says how long to wait."""
    return Refused(429, f"Too Many Requests: retry after {retry_after_s}", retry_after=retry_after_s)


def success(result: object) -> Reply:
    """The answer that carries a result."""
    return _reply(200, {"ok": True, "result": result})


def failure(refused: Refused) -> Reply:
    """The answer that carries an error; a flood wait is said in a header too."""
    content: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        content["parameters"] = refused.parameters
    wait = refused.parameters.get("retry_after")
    return _reply(refused.code, content, (("retry-after", str(wait)),) if wait is not None else ())


def _reply(status: int, content: Json, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Reply(status=status, headers=(JSON_HEADER, *headers), body=body)

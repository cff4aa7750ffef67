"""What another process of the same owner may ask of the database, as lines of JSON.

A request is `{"v": 2, "do": "adding.add", "with": {...}}`, the arguments by their names; the answer is
`{"value": ...}`, or `{"error": {"kind": "user", "text": "..."}}`. Each is one line of UTF-8 that ends with a
line feed. Only what the table below names can be asked for, and only with arguments of its declared types.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from core.errors import DatabaseInUse, TransientError, UserError, VestnikError
from store import adding, adoption, audit, by_hand, chats, exchange, removing

PROTOCOL = 2
"""Changes when a line means something else than before."""

LONGEST_LINE_BYTES = 2**23
"""Above the largest batch of links that `adopt` writes at once."""

_WRITES = (
    adding.add,
    removing.remove,
    by_hand.queue_link,
    exchange.take,
    adoption.record,
    chats.ensure,
    audit.note_terminal,
)
_READS = (exchange.topics_by_name,)
_OFFERED: dict[str, Callable[..., Any]] = {
    f"{function.__module__.rpartition('.')[2]}.{function.__name__}": function
    for function in (*_WRITES, *_READS)
}
_ANOTHER_VERSION = "the bot that runs does not understand this; restart it if it is of another version"


class BadLine(UserError):
    """A line that is no request, or asks for what is not on offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A store function that may be asked for."""

    function: Callable[..., Any]
    arguments: type[BaseModel]
    value: TypeAdapter[Any]
    writes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that was read: what to run, with which arguments."""

    call: Call
    arguments: dict[str, Any]


def write_request(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Return the line that asks for `function(connection, *args, **kwargs)`.

    Raises:
        UserError: it would be too long.
    """
    given = inspect.signature(function).bind(None, *args, **kwargs).arguments
    name, call = _named(function)
    fields = dict(list(given.items())[1:])  # without the connection
    text = call.arguments.model_construct(set(fields), **fields).model_dump_json(exclude_unset=True)
    line = f'{{"v":{PROTOCOL},"do":{json.dumps(name)},"with":{text}}}\n'.encode()
    if len(line) > LONGEST_LINE_BYTES:
        raise UserError("too much at once for a bot that runs; stop it, and do it again")
    return line


def read_request(line: bytes) -> Asked:
    """Read a request.

    Raises:
        BadLine: it is none that can be met.
    """
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("no line of JSON") from None
    if not isinstance(said, dict) or said.get("v") != PROTOCOL:
        raise BadLine(_ANOTHER_VERSION)
    name = said.get("do")
    if not isinstance(name, str) or name not in _OFFERED:
        raise BadLine(_ANOTHER_VERSION)
    call = _call(name)
    try:
        arguments = call.arguments.model_validate_json(json.dumps(said.get("with")))
    except ValidationError as error:
        where = error.errors(include_input=False, include_url=False)[0]
        raise BadLine(f"{_ANOTHER_VERSION} ({name}: {where['msg']})") from None
    given = {each: getattr(arguments, each) for each in arguments.model_fields_set}
    return Asked(call=call, arguments=given)


def write_value(call: Call, value: object) -> bytes:
    """Return the line that answers with what the function returned."""
    return b'{"value":' + call.value.dump_json(value) + b"}\n"


def write_error(error: VestnikError) -> bytes:
    """Return the line that answers with an error."""
    kind = "user" if isinstance(error, UserError) else "transient"
    return json.dumps({"error": {"kind": kind, "text": str(error)}}).encode() + b"\n"


def read_answer(function: Callable[..., Any], line: bytes) -> Any:  # noqa: ANN401 - what the function returns
    """Return what the function returned.

    Raises:
        UserError, TransientError: what it raised.
        DatabaseInUse: whoever answers there speaks otherwise.
    """
    try:
        said = json.loads(line)
        if "error" in said:
            kind, text = said["error"]["kind"], str(said["error"]["text"])
        else:
            return _named(function)[1].value.validate_json(json.dumps(said["value"]))
    except (ValueError, TypeError, KeyError):
        raise DatabaseInUse("the bot that runs is of another version; restart it, or stop it first") from None
    raise UserError(text) if kind == "user" else TransientError(text)


def _named(function: Callable[..., Any]) -> tuple[str, Call]:
    name = next(name for name, offered in _OFFERED.items() if offered is function)
    return name, _call(name)


@cache
def _call(name: str) -> Call:
    """Return what is asked for by a name; made when it is first needed, for that takes some milliseconds."""
    function = _OFFERED[name]
    hints = get_type_hints(function)
    own = list(inspect.signature(function).parameters.values())[1:]  # without the connection
    fields: dict[str, Any] = {
        each.name: (hints[each.name], ... if each.default is each.empty else each.default) for each in own
    }
    return Call(
        function=function,
        arguments=create_model(name, __config__=ConfigDict(extra="forbid"), **fields),
        value=TypeAdapter(hints["return"]),
        writes=function in _WRITES,
    )

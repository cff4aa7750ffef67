"""What somebody does on the page, as a request says it."""

import json
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulation.botapi.files import MOST_DOWNLOAD_BYTES
from simulation.page.stage import NotPossible, Stage

MOST_JSON_BYTES = 64 * 2**10
DONE, BAD_REQUEST, NOT_FOUND, CONFLICT, TOO_LARGE, OTHER_KIND = 204, 400, 404, 409, 413, 415


class Unfit(Exception):
    """A request that says nothing that can be done; its status."""

    def __init__(self, status: int) -> None:
        self.status = status


async def act(stage: Stage, request: Request) -> Response:
    """Do what a request wants; the answer is empty, or says why that cannot be done.

    Args:
        stage: Where it is done.
        request: Its path names a verb. `say` has `chat`, `text` and perhaps `reply_to`, `press` has
            `chat`, `id` and `data`, `trouble` has `name`, all as JSON; `file` has `chat` and `name` in
            its query, and the file as its body.
    """
    verb = request.path_params["verb"]
    try:
        if verb == "file":
            await _send_file(stage, request)
        else:
            _do(stage, verb, await _wish(request))
    except Unfit as unfit:
        return Response(status_code=unfit.status)
    except NotPossible as reason:
        return JSONResponse({"error": str(reason)}, status_code=CONFLICT)
    except (KeyError, TypeError, ValueError, OverflowError):
        return Response(status_code=BAD_REQUEST)
    return Response(status_code=DONE)


def _do(stage: Stage, verb: str, wish: dict[str, Any]) -> None:
    match verb:
        case "say":
            stage.say(int(wish["chat"]), str(wish["text"]), reply_to=int(wish.get("reply_to", 0)))
        case "press":
            stage.press(int(wish["chat"]), int(wish["id"]), str(wish["data"]))
        case "trouble":
            stage.make_trouble(str(wish["name"]))
        case _:
            raise Unfit(NOT_FOUND)


async def _send_file(stage: Stage, request: Request) -> None:
    body = await _body(request, "application/octet-stream", MOST_DOWNLOAD_BYTES)
    stage.send_file(int(request.query_params["chat"]), request.query_params["name"], body)


async def _wish(request: Request) -> dict[str, Any]:
    wish = json.loads(await _body(request, "application/json", MOST_JSON_BYTES))
    if not isinstance(wish, dict):
        raise Unfit(BAD_REQUEST)
    return wish


async def _body(request: Request, kind: str, most_bytes: int) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Unfit(OTHER_KIND)
    body = bytearray()
    async with aclosing(request.stream()) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > most_bytes:
                raise Unfit(TOO_LARGE)
    return bytes(body)

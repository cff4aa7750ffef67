"""The addresses of the page. Everything it loads comes from here, and only this machine is answered."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import trio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from simulation.botapi.files import MOST_DOWNLOAD_BYTES
from simulation.page.broadcast import frame
from simulation.page.stage import NotPossible, Stage

FILES = Path(__file__).parent / "files"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MOST_JSON_BYTES = 64 * 2**10
SILENCE_S = 15.0
"""After so long without an event a comment says that the stream still lives."""
BAD_REQUEST, NOT_FOUND, CONFLICT, TOO_LARGE, NOT_JSON = 400, 404, 409, 413, 415


class _Unfit(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


def site(stage: Stage) -> Starlette:
    """Return the application that answers.

    A page of somebody else's cannot make a browser act here: what acts wants a content type that
    browsers send to another origin only after asking, and a name of the host that is this machine's.
    """

    async def state(_request: Request) -> Response:
        return JSONResponse(await stage.state(), headers=HEADERS)

    async def events(_request: Request) -> Response:
        return _Events(stage)

    async def act(request: Request) -> Response:
        try:
            await _act(stage, request.path_params["verb"], request)
        except _Unfit as unfit:
            return Response(status_code=unfit.status, headers=HEADERS)
        except NotPossible as reason:
            return JSONResponse({"error": str(reason)}, status_code=CONFLICT, headers=HEADERS)
        return Response(status_code=204, headers=HEADERS)

    async def picture(request: Request) -> Response:
        body = await stage.picture(request.query_params.get("of", ""))
        if body is None:
            return Response(status_code=NOT_FOUND, headers=HEADERS)
        kind = "image/png" if body.startswith(b"\x89PNG") else "image/jpeg"
        return Response(body, headers={**HEADERS, "Cache-Control": "max-age=3600"}, media_type=kind)

    files = {path.name: path for path in FILES.iterdir() if path.suffix in KINDS}
    return Starlette(
        routes=[
            Route("/", partial(_file, path=files.pop("index.html"))),
            *(Route(f"/{name}", partial(_file, path=path)) for name, path in files.items()),
            Route("/state", state),
            Route("/events", events),
            Route("/picture", picture),
            Route("/do/{verb}", act, methods=["POST"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


async def _file(_request: Request, path: Path) -> Response:
    return Response(path.read_bytes(), headers=HEADERS, media_type=KINDS[path.suffix])


async def _act(stage: Stage, verb: str, request: Request) -> None:
    if verb == "file":
        body = await _body(request, "application/octet-stream", MOST_DOWNLOAD_BYTES)
        wish: dict[str, Any] = dict(request.query_params)
    else:
        wish = await _json(request)
    try:
        match verb:
            case "say":
                stage.say(int(wish["chat"]), str(wish["text"]), reply_to=int(wish.get("reply_to", 0)))
            case "press":
                stage.press(int(wish["chat"]), int(wish["id"]), str(wish["data"]))
            case "trouble":
                stage.make_trouble(str(wish["name"]))
            case "file":
                caption = str(wish.get("caption", ""))
                stage.send_file(int(wish["chat"]), str(wish["name"]), body, caption=caption)
            case _:
                raise _Unfit(NOT_FOUND)
    except (KeyError, TypeError, ValueError):
        raise _Unfit(BAD_REQUEST) from None


async def _json(request: Request) -> dict[str, Any]:
    try:
        wish = json.loads(await _body(request, "application/json", MOST_JSON_BYTES))
    except ValueError:
        raise _Unfit(BAD_REQUEST) from None
    if not isinstance(wish, dict):
        raise _Unfit(BAD_REQUEST)
    return wish


async def _body(request: Request, kind: str, most_bytes: int) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise _Unfit(NOT_JSON)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            raise _Unfit(TOO_LARGE)
    return bytes(body)


class _Events(Response):
    """First the whole state, then whatever changes, until the browser goes away."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(headers=HEADERS, media_type="text/event-stream")
        # The length of an answer that does not end is not known.
        del self.headers["content-length"]
        self._stage = stage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_until_gone, receive, nursery.cancel_scope)
            await self._tell(send)
            nursery.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send) -> None:
        """Tell all until this listener has fallen too far behind; the browser then begins anew."""
        with self._stage.broadcast.listen() as heard:
            told = frame("state", await self._stage.state())
            while True:
                await send({"type": "http.response.body", "body": told, "more_body": True})
                told = b":\n\n"
                with trio.move_on_after(SILENCE_S):
                    try:
                        told = await heard.receive()
                    except trio.EndOfChannel:
                        return


async def _until_gone(receive: Receive, scope: trio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()

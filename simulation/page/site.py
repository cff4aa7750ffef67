"""The addresses of the page. Everything it loads comes from here, and only this machine is answered."""

from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulation.page.acting import NOT_FOUND, act
from simulation.page.events import Events
from simulation.page.stage import Stage

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
LASTING = {**HEADERS, "Cache-Control": "max-age=3600"}
PNG = b"\x89PNG"


def site(stage: Stage) -> Starlette:
    """Return the application that answers.

    A page of somebody else's cannot make a browser act here: what acts wants a content type that
    browsers send to another origin only after asking, and the host must be called as this machine is.
    """

    async def state(_request: Request) -> Response:
        return JSONResponse(await stage.state(), headers=HEADERS)

    async def events(_request: Request) -> Response:
        return Events(stage, HEADERS)

    async def do(request: Request) -> Response:
        answer = await act(stage, request)
        answer.headers.update(HEADERS)
        return answer

    async def picture(request: Request) -> Response:
        body = await stage.picture(request.query_params.get("of", ""))
        if body is None:
            return Response(status_code=NOT_FOUND, headers=HEADERS)
        kind = "image/png" if body.startswith(PNG) else "image/jpeg"
        return Response(body, headers=LASTING, media_type=kind)

    return Starlette(
        routes=[
            *_files(),
            Route("/state", state),
            Route("/events", events),
            Route("/picture", picture),
            Route("/do/{verb}", do, methods=["POST"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


def _files() -> list[Route]:
    """A route for each file of the page, read now."""
    paths = [path for path in FILES.iterdir() if path.suffix in KINDS]
    return [
        Route(
            "/" if path.name == "index.html" else f"/{path.name}",
            partial(_file, body=path.read_bytes(), kind=KINDS[path.suffix]),
        )
        for path in paths
    ]


async def _file(_request: Request, body: bytes, kind: str) -> Response:
    return Response(body, headers=HEADERS, media_type=kind)

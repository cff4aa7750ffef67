"""The addresses at which the monitor answers. Nothing can be changed there."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from actors.context import Context
from actors.monitor.exposition import CONTENT_TYPE, Exposition
from actors.monitor.page import StatusPage
from actors.monitor.past import Past
from actors.monitor.readiness import what_is_wrong
from actors.monitor.reading import Reading, gauges
from actors.pulse import Pulse

_NOT_READY = 503
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def site(ctx: Context, pulse: Pulse, reading: Reading, past: Past) -> Starlette:
    """Return the application that answers."""
    exposition = Exposition(ctx.metrics)
    page = StatusPage(ctx.metrics, past)

    async def metrics(_request: Request) -> Response:
        now, settled = await reading.read()
        text = exposition.text(gauges(now, settled, now_ms=ctx.now_ms()))
        return Response(text, headers={**_HEADERS, "Content-Type": CONTENT_TYPE})

    async def healthy(_request: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_HEADERS)

    async def ready(_request: Request) -> Response:
        wrong = await what_is_wrong(ctx, pulse)
        status = _NOT_READY if wrong else 200
        return PlainTextResponse(
            "".join(f"{line}\n" for line in wrong or ["ready"]), status_code=status, headers=_HEADERS
        )

    async def status(_request: Request) -> Response:
        wrong = await what_is_wrong(ctx, pulse)
        now, settled = await reading.read()
        html = page.render(now, settled.rows, wrong=wrong, ages_s=pulse.ages(), now_ms=ctx.now_ms())
        return HTMLResponse(html, headers=_HEADERS)

    return Starlette(
        routes=[
            Route("/", status),
            Route("/metrics", metrics),
            Route("/healthz", healthy),
            Route("/readyz", ready),
        ]
    )

"""The monitor's work: it serves its site, and notes each minute what happened in it."""

import logging
import socket
from typing import cast

import structlog
import trio
from hypercorn.config import Config
from hypercorn.trio import serve
from hypercorn.typing import ASGIFramework
from starlette.applications import Starlette

from actors.context import Context
from actors.monitor.lag import LoopLag
from actors.monitor.past import Past
from actors.monitor.reading import Reading
from actors.monitor.site import site
from actors.pulse import Pulse
from core.listening import parse_listening

_MINUTE_S = 60.0

log = structlog.get_logger("monitor")


async def run(
    ctx: Context, pulse: Pulse, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Serve for ever. It only reads; a write is asked of the writer to see whether it answers.

    Somebody else at its address is a warning, and it tries again each minute. Owns the instrument that
    measures the event loop, for as long as it runs.
    """
    reading = Reading(ctx)
    past = Past(ctx.metrics)
    lag = LoopLag(ctx.metrics.event_loop_lag_seconds)
    trio.lowlevel.add_instrument(lag)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_serve, ctx.settings.monitor_address, site(ctx, pulse, reading, past))
            task_status.started()
            while True:
                ctx.turned()
                now, _ = await reading.read()
                past.note(waiting=now.waiting["pending"])
                await trio.sleep(_MINUTE_S)
    finally:
        trio.lowlevel.remove_instrument(lag)


async def _serve(address: str, app: Starlette) -> None:
    warned = False
    while True:
        try:
            listener = listen(address)
        except OSError as error:
            if not warned:
                hint = "another address in MONITOR_ADDRESS; the bot goes on without, and I try again"
                log.warning("monitor_not_served", address=address, error=error.strerror, hint=hint)
            warned = True
            await trio.sleep(_MINUTE_S)
            continue
        host, port = listener.getsockname()[:2]
        log.info("monitor_serves", host=host, port=port)
        await serve(cast("ASGIFramework", app), _config(listener))


def listen(address: str) -> socket.socket:
    """Return a socket that listens.

    Raises:
        OSError: there is no such address, or somebody else is there.
    """
    host, port = parse_listening(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _config(listener: socket.socket) -> Config:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.include_server_header = False
    config.graceful_timeout = 0.5
    # Its own way of logging would pass by the place where secrets are hidden.
    config.errorlog = logging.getLogger("hypercorn")
    return config

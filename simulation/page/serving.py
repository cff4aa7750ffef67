"""Serving the page on this machine only."""

import logging
import socket
from typing import cast

from hypercorn.config import Config
from hypercorn.trio import serve
from hypercorn.typing import ASGIFramework

from simulation.page.site import site
from simulation.page.stage import Stage

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket at a port of this machine, 0 for any free one.

    Raises:
        OSError: Somebody else is there, or ports so low are not for this user.
    """
    return socket.create_server((HOST, port))


async def serve_page(stage: Stage, listener: socket.socket) -> None:
    """Serve the page until cancelled; the socket is closed with it."""
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.include_server_header = False
    config.graceful_timeout = 0.5
    config.errorlog = logging.getLogger("hypercorn")
    await serve(cast("ASGIFramework", site(stage)), config)

"""HTTP as the simulated services see it: a request in, a reply with its faults out.

One handler serves both ways in: `serve` on a loopback port, `InMemoryTransport` inside httpx.
"""

from simulation.http.reply import Cut, Reply
from simulation.http.request import Handler, Request
from simulation.http.server import serve
from simulation.http.transport import InMemoryTransport

__all__ = ["Cut", "Handler", "InMemoryTransport", "Reply", "Request", "serve"]

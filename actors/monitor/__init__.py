"""The monitor: numbers for Prometheus, two answers for whoever watches the process, a page for people."""

import sys
from importlib import import_module

import trio

from actors.context import Context
from actors.pulse import Pulse

_ACTOR = "actors.monitor.actor"


async def run(ctx: Context, pulse: Pulse) -> None:
    """Run the monitor; its libraries are loaded only now, in a thread, for that takes a while."""
    if _ACTOR not in sys.modules:
        await trio.to_thread.run_sync(import_module, _ACTOR, abandon_on_cancel=True)
    from actors.monitor import actor

    await actor.run(ctx, pulse)

"""Trying again for as long as it takes, where giving up would lose what is known."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
import trio

from core.errors import TransientError

_T = TypeVar("_T")

log = structlog.get_logger("storage")


async def insist(action: Callable[[], Awaitable[_T]]) -> _T:
    """Repeat an action while it fails for a passing reason, such as a full disk."""
    while True:
        try:
            return await action()
        except TransientError as error:
            log.warning("write_waits", error=str(error), retry_after_s=error.retry_after_s)
            await trio.sleep(error.retry_after_s)

"""Wake-up calls between actors: ringing never waits, many rings are one, a lost one costs only time."""

import trio


class Doorbell:
    """A bell that one actor waits at and anybody rings."""

    def __init__(self) -> None:
        self._send, self._receive = trio.open_memory_channel[None](1)

    def ring(self) -> None:
        """Wake whoever waits, or the next one to wait."""
        try:
            self._send.send_nowait(None)
        except trio.WouldBlock:
            return

    async def wait(self, timeout_s: float) -> bool:
        """Return when somebody rings, or after `timeout_s` seconds; tell which."""
        with trio.move_on_after(max(0.0, timeout_s)):
            await self._receive.receive()
            return True
        return False

"""What a server answers, and what goes wrong on the way."""

from dataclasses import dataclass
from typing import Literal

Cut = Literal["none", "refuse", "dns", "tls", "no_answer", "reset", "half", "hang"]

BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer and its faults.

    Attributes:
        status: The HTTP status.
        headers: Sent as they are; a Content-Length is added.
        body: Sent as it is, whatever Content-Encoding says.
        delay_s: How long the server waits before the first byte.
        cut: What breaks.
            `refuse`: the connection is not accepted (`httpx.ConnectError`). A server that has read
            a request cannot refuse any more, so on a real port this is `reset`; close the listener
            instead to be refused for real.
            `dns`, `tls`: the name is not known, or the other side is not who it should be: nothing is
            sent either, and the same holds on a real port.
            `no_answer`: closed in order, without a byte (`httpx.RemoteProtocolError`).
            `reset`: reset, without a byte (`httpx.ReadError`).
            `half`: closed after half of the body (`httpx.RemoteProtocolError`).
            `hang`: nothing ever comes, and the connection stays open.
        drip_s: Pause before each piece of the body.
        drip_bytes: Size of such a piece.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay_s: float = 0.0
    cut: Cut = "none"
    drip_s: float = 0.0
    drip_bytes: int = 1

    def body_for(self, method: str) -> bytes:
        """The bytes that go out after the headers, which a few answers never have."""
        return b"" if method == "HEAD" or self.status in BODILESS else self.body

    def headers_for(self, method: str) -> list[tuple[str, str]]:
        """The headers with a Content-Length; one byte too many for a cut body, so the cut shows."""
        length = len(self.body)
        if self.cut == "half":
            length = max(length, 1)
        elif not self.body and (method == "HEAD" or self.status in BODILESS):
            return list(self.headers)
        return [*self.headers, ("content-length", str(length))]

    def pieces(self, method: str) -> list[bytes]:
        """The body as it leaves: whole, in drips, or the first half of it."""
        body = self.body_for(method)
        if self.cut == "half":
            body = body[: len(body) // 2]
        size = max(self.drip_bytes, 1) if self.drip_s else max(len(body), 1)
        return [body[start : start + size] for start in range(0, len(body), size)]

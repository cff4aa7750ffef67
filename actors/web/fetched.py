"""What a fetch brings back."""

from dataclasses import dataclass

from core.protocol import PollStatus, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed: its status, and the address it led to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of a GET: a whole document, nothing new, or why there is none.

    Attributes:
        url: Where the last answer came from, without credentials.
        hops: The redirects on the way there, in order.
        body: The document, decompressed.
        validators: To be given to the next fetch.
        fresh_s: For so long the answer will not change, as the server says (RFC 9111).
    """

    status: PollStatus
    url: str
    hops: tuple[Hop, ...] = ()
    body: bytes = b""
    content_type: str = ""
    validators: Validators | None = None
    retry_after_s: float | None = None
    fresh_s: float = 0.0
    error: str | None = None
    error_args: tuple[str, ...] = ()

"""A GET of an address that was parsed already."""

from functools import cached_property

import httpx

from actors.web.proxies import Proxy
from actors.web.targets import Target

_NO_BODY = httpx.ByteStream(b"")


class TargetRequest(httpx.Request):
    """A request as any transport of httpx takes it, of which our own reads `target`, `fields` and `proxy`.

    httpx parses and writes each address anew, which takes as long as all else that a transport does before
    it connects. Here that, and a dictionary of the headers, are made only for whom asks.
    """

    def __init__(  # its parent's would do what is put off here
        self, target: Target, fields: list[tuple[bytes, bytes]], *, proxy: Proxy | None = None
    ) -> None:
        self.method = "GET"
        self.stream = _NO_BODY
        self.target = target
        self.fields = fields
        self.proxy = proxy
        self.extensions = {}

    @cached_property
    def url(self) -> httpx.URL:  # type: ignore[override]
        """The address, in httpx's own form."""
        return httpx.URL(self.target.url)

    @cached_property
    def headers(self) -> httpx.Headers:  # type: ignore[override]
        """The fields, in httpx's own form."""
        return httpx.Headers(self.fields)

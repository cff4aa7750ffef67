"""An answer whose headers stay as they came, unless somebody wants them in httpx's own form."""

from functools import cached_property

import httpx


class AnsweredResponse(httpx.Response):
    """A response as any client of httpx takes it, of which our own reads `fields`.

    Args:
        status: the status code.
        fields: the headers as they came, names in lower case.
        stream: the body, which is not read yet.

    httpx writes each header three times over, which takes longer than to parse the whole answer.
    """

    def __init__(self, status: int, fields: list[tuple[bytes, bytes]], stream: httpx.AsyncByteStream) -> None:
        super().__init__(status, stream=stream)
        del self.headers  # so that they are made from the fields
        self.fields = fields

    @cached_property
    def headers(self) -> httpx.Headers:  # type: ignore[override]
        """The fields, in httpx's own form."""
        return httpx.Headers(self.fields)


def fields_of(response: httpx.Response) -> list[tuple[bytes, bytes]]:
    """Return the headers of any transport's response as they came."""
    return response.fields if isinstance(response, AnsweredResponse) else response.headers.raw

"""Responses that put off httpx's form of their headers are responses like any other."""

from collections.abc import AsyncIterator

import httpx

from actors.web.answered import AnsweredResponse, fields_of

FIELDS = [(b"content-type", b"text/plain; charset=latin-1"), (b"x-own", b"1"), (b"x-own", b"2")]


class Body(httpx.AsyncByteStream):
    """A body that notes that it was closed."""

    closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"caf"
        yield b"\xe9"

    async def aclose(self) -> None:
        self.closed = True


def test_headers_are_made_when_they_are_asked_for() -> None:
    response = AnsweredResponse(200, FIELDS, Body())
    assert fields_of(response) is FIELDS
    assert "headers" not in vars(response)
    assert response.headers == httpx.Response(200, headers=FIELDS).headers
    assert response.headers is response.headers


async def test_httpx_reads_and_closes_it() -> None:
    body = Body()
    response = AnsweredResponse(200, FIELDS, body)
    assert await response.aread() == b"caf\xe9"
    assert (response.text, response.is_success, body.closed) == ("café", True, True)


def test_the_fields_of_another_transport() -> None:
    assert fields_of(httpx.Response(200, headers=FIELDS, content=b""))[0] == FIELDS[0]

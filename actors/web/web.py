"""Fetching documents: conditional, redirect by redirect, within one deadline and one limit."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple

import httpx
import trio

from actors.web.answered import fields_of
from actors.web.bodies import BadEncoding, BodyTooLarge, coding_of, hash_of, inflate, take, take_head
from actors.web.fetched import Fetched, Hop
from actors.web.guard import AddressBlocked
from actors.web.hosts import Hosts
from actors.web.proxies import parse_proxy
from actors.web.target_request import TargetRequest
from actors.web.targets import BadAddress, Target
from core.access import Access, origin_of
from core.hints import freshness_s
from core.http_headers import retry_after_s
from core.protocol import Validators

_NOT_MODIFIED = 304
_GONE = 410
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
_NO_ACCESS = Access()


class _Failure(NamedTuple):
    kind: type[Exception]
    code: str


_FAILURES = (
    _Failure(httpx.TimeoutException, "timeout"),
    _Failure(BodyTooLarge, "too_large"),
    _Failure(BadEncoding, "bad_encoding"),
    _Failure(httpx.TooManyRedirects, "bad_redirect"),
    _Failure(AddressBlocked, "address_blocked"),
    _Failure(httpx.ProxyError, "proxy"),
    _Failure(httpx.HTTPError, "unreachable"),
    _Failure(httpx.StreamError, "unreachable"),
    _Failure(httpx.InvalidURL, "not_a_url"),
)
_EXPECTED: tuple[type[Exception], ...] = (BadAddress, *(failure.kind for failure in _FAILURES))


class Web:
    """Fetches over one transport, within one set of limits."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        user_agent: str,
        timeout_s: float,
        max_body_bytes: int,
        hosts: Hosts | None = None,
    ) -> None:
        self.hosts = hosts or Hosts()
        """For callers to ask whose turn it is: requests here do not wait for each other."""
        self._transport = transport
        self._timeout_s = timeout_s
        self._max_body_bytes = max_body_bytes
        self._headers = [
            (b"User-Agent", user_agent.encode("ascii", "replace")),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"gzip"),
        ]

    async def get(
        self, url: str, validators: Validators, *, now_ms: int, access: Access = _NO_ACCESS
    ) -> Fetched:
        """GET a document, conditionally where validators are given (RFC 9110, 13.1).

        Every failure of the other side is an outcome, not an exception: the whole fetch ends after
        `timeout_s` seconds, and a body larger than `max_body_bytes` after decompression is refused.
        A body with the hash of the validators is not modified, whatever the server says. The headers of
        `access` go to their own origin only, wherever redirects lead.
        """

        async def whole(response: httpx.Response, fetched: Fetched) -> Fetched:
            return await self._whole(response, fetched, validators.body_hash)

        return await self._get(url, validators, access, whole, now_ms)

    async def get_head(
        self, url: str, *, most_bytes: int, enough: Callable[[bytes], bool], now_ms: int
    ) -> Fetched:
        """GET the beginning of a page, as far as `enough` asks for it, and no further than `most_bytes`.

        Failures are outcomes here too. A page that is longer is cut, not refused.
        """

        async def beginning(response: httpx.Response, fetched: Fetched) -> Fetched:
            fields = _fields(response)
            coding = coding_of(fields.get(b"content-encoding", ""))
            async with _pieces(response) as pieces:
                head = await take_head(pieces, coding, most_bytes=most_bytes, enough=enough)
            return replace(fetched, body=head, content_type=fields.get(b"content-type", ""))

        return await self._get(url, Validators(), _NO_ACCESS, beginning, now_ms)

    async def _get(
        self, url: str, validators: Validators, access: Access, read: "_Read", now_ms: int
    ) -> Fetched:
        try:
            with trio.move_on_after(self._timeout_s):  # half as expensive as `fail_after`
                return await self._follow_hops(Target.parse(url), validators, access, read, now_ms)
        except _EXPECTED as error:
            blocked = (error.host, str(error.address)) if isinstance(error, AddressBlocked) else ()
            return Fetched(status="failed", url=url, error=_code(error), error_args=blocked)
        return Fetched(status="failed", url=url, error="timeout")

    async def _follow_hops(
        self, target: Target, validators: Validators, access: Access, read: "_Read", now_ms: int
    ) -> Fetched:
        hops: list[Hop] = []
        while True:
            request = self._request(target, validators, access)
            response = await self._transport.handle_async_request(request)
            try:
                where = _location(response)
                if where is None:
                    answered = _answered(response, target.url, tuple(hops), now_ms)
                    return await read(response, answered) if answered.status == "ok" else answered
            finally:
                await response.aclose()
            target = _follow(target, where, len(hops))
            hops.append(Hop(status=response.status_code, url=target.url))

    def _request(self, target: Target, validators: Validators, access: Access) -> TargetRequest:
        headers = [(b"Host", target.host.encode("ascii")), *self._headers, *_conditions(validators)]
        if target.authorization:
            headers.append((b"Authorization", target.authorization))
        if not access:
            return TargetRequest(target, headers)
        headers = _with_own(headers, _own_headers(access, target))
        return TargetRequest(target, headers, proxy=parse_proxy(access.proxy) if access.proxy else None)

    async def _whole(self, response: httpx.Response, fetched: Fetched, known_hash: bytes | None) -> Fetched:
        fields = _fields(response)
        coding = coding_of(fields.get(b"content-encoding", ""))
        wire = await _wire(response, fields.get(b"content-length", ""), self._max_body_bytes)
        body_hash = hash_of(wire)
        known = body_hash == known_hash
        return replace(
            fetched,
            status="not_modified" if known else "ok",
            body=b"" if known else await inflate(wire, coding, limit_bytes=self._max_body_bytes),
            content_type=fields.get(b"content-type", ""),
            validators=Validators(
                etag=fields.get(b"etag"), last_modified=fields.get(b"last-modified"), body_hash=body_hash
            ),
        )


_Read = Callable[[httpx.Response, Fetched], Awaitable[Fetched]]
"""Completes what is known of an answer with its body."""


def _answered(response: httpx.Response, url: str, hops: tuple[Hop, ...], now_ms: int) -> Fetched:
    """Return what an answer says before its body."""
    fields = _fields(response)
    if response.status_code != _NOT_MODIFIED and not response.is_success:
        return Fetched(
            status="gone" if response.status_code == _GONE else "failed",
            url=url,
            hops=hops,
            error="http_status",
            error_args=(str(response.status_code),),
            retry_after_s=retry_after_s(fields.get(b"retry-after"), now_ms=now_ms),
        )
    return Fetched(
        status="not_modified" if response.status_code == _NOT_MODIFIED else "ok",
        url=url,
        hops=hops,
        fresh_s=freshness_s(fields.get(b"cache-control"), fields.get(b"expires"), now_ms=now_ms),
    )


def _own_headers(access: Access, target: Target) -> list[tuple[bytes, bytes]]:
    own = [("User-Agent", access.user_agent)] if access.user_agent else []
    if access.origin == origin_of(target.url):
        own += access.headers
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in own]


def _with_own(
    headers: list[tuple[bytes, bytes]], own: list[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """Return headers in which those of a source take the place of the usual ones."""
    names = {name.lower() for name, _ in own}
    return [*(each for each in headers if each[0].lower() not in names), *own]


def _conditions(validators: Validators) -> list[tuple[bytes, bytes]]:
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if value is not None]


def _location(response: httpx.Response) -> bytes | None:
    if response.status_code not in _REDIRECTS:
        return None
    return next((value for name, value in fields_of(response) if name.lower() == b"location"), None)


def _follow(target: Target, location: bytes, redirects: int) -> Target:
    if redirects == _MOST_REDIRECTS:
        raise httpx.TooManyRedirects("")
    try:
        return target.follow(location)
    except BadAddress:
        raise BadAddress("bad_redirect") from None


def _fields(response: httpx.Response) -> dict[bytes, str]:
    """Return the headers with each byte as one character: an entity tag may hold any (RFC 9110, 8.8.3)."""
    fields: dict[bytes, str] = {}
    for raw_name, raw_value in fields_of(response):
        name, value = raw_name.lower(), raw_value.decode("latin-1")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


async def _wire(response: httpx.Response, length: str, limit_bytes: int) -> bytes:
    if length.isdigit() and int(length[:20]) > limit_bytes:
        raise BodyTooLarge
    async with _pieces(response) as pieces:
        return await take(pieces, limit_bytes=limit_bytes)


@asynccontextmanager
async def _pieces(response: httpx.Response) -> AsyncIterator[AsyncIterator[bytes]]:
    """Give the body as it comes; one that is given up is not left to the garbage collector."""
    pieces: AsyncIterator[bytes] = aiter(response.stream)  # type: ignore[arg-type] # one of the two is async
    try:
        yield pieces
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()


def _code(error: Exception) -> str:
    """Return what went wrong, for `core.words`."""
    if isinstance(error, BadAddress):
        return error.code
    return next(code for kind, code in _FAILURES if isinstance(error, kind))

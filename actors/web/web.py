"""Fetching documents: conditional, redirect by redirect, within one deadline and one limit."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import NamedTuple

import httpx
import trio

from actors.web.bodies import BadEncoding, BodyTooLarge, coding_of, hash_of, inflate, take
from actors.web.fetched import Fetched, Hop
from actors.web.guard import AddressBlocked
from actors.web.targets import BadAddress, Target
from core.hints import freshness_s
from core.http_headers import retry_after_s
from core.protocol import Validators

_NOT_MODIFIED = 304
_GONE = 410
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
_NO_BODY = httpx.ByteStream(b"")


class _Failure(NamedTuple):
    kind: type[Exception]
    code: str


_FAILURES = (
    _Failure(trio.TooSlowError, "timeout"),
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
        self, transport: httpx.AsyncBaseTransport, *, user_agent: str, timeout_s: float, max_body_bytes: int
    ) -> None:
        self._transport = transport
        self._timeout_s = timeout_s
        self._max_body_bytes = max_body_bytes
        self._headers = [
            (b"User-Agent", user_agent.encode("ascii", "replace")),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"gzip"),
        ]

    async def get(self, url: str, validators: Validators, *, now_ms: int) -> Fetched:
        """GET a document, conditionally where validators are given (RFC 9110, 13.1).

        Every failure of the other side is an outcome, not an exception: the whole fetch ends after
        `timeout_s` seconds, and a body larger than `max_body_bytes` after decompression is refused.
        A body with the hash of the validators is not modified, whatever the server says.
        """
        try:
            with trio.fail_after(self._timeout_s):
                return await self._get(Target.parse(url), validators, now_ms)
        except _EXPECTED as error:
            blocked = (error.host, str(error.address)) if isinstance(error, AddressBlocked) else ()
            return Fetched(status="failed", url=url, error=_code(error), error_args=blocked)

    async def _get(self, target: Target, validators: Validators, now_ms: int) -> Fetched:
        hops: list[Hop] = []
        while True:
            request = self._request(target, validators)
            response = await self._transport.handle_async_request(request)
            try:
                where = _location(response)
                if where is None:
                    return await self._read(response, target, tuple(hops), now_ms, validators.body_hash)
            finally:
                await response.aclose()
            target = _follow(target, where, len(hops))
            hops.append(Hop(status=response.status_code, url=target.url))

    def _request(self, target: Target, validators: Validators) -> httpx.Request:
        headers = [(b"Host", target.host.encode("ascii")), *self._headers, *_conditions(validators)]
        if target.authorization:
            headers.append((b"Authorization", target.authorization))
        # The transport sends the path as it was parsed here, not as httpx would write it. With a stream of
        # its own a request adds no headers, which takes half of the time it takes to make one.
        extensions = {"target": target.path.encode("ascii")}
        return httpx.Request("GET", target.url, headers=headers, stream=_NO_BODY, extensions=extensions)

    async def _read(
        self,
        response: httpx.Response,
        target: Target,
        hops: tuple[Hop, ...],
        now_ms: int,
        known_hash: bytes | None,
    ) -> Fetched:
        fields = _fields(response)
        if response.status_code != _NOT_MODIFIED and not response.is_success:
            return Fetched(
                status="gone" if response.status_code == _GONE else "failed",
                url=target.url,
                hops=hops,
                error="http_status",
                error_args=(str(response.status_code),),
                retry_after_s=retry_after_s(fields.get(b"retry-after"), now_ms=now_ms),
            )
        fresh_s = freshness_s(fields.get(b"cache-control"), fields.get(b"expires"), now_ms=now_ms)
        if response.status_code == _NOT_MODIFIED:
            return Fetched(status="not_modified", url=target.url, hops=hops, fresh_s=fresh_s)
        coding = coding_of(fields.get(b"content-encoding", ""))
        wire = await _wire(response, fields.get(b"content-length", ""), self._max_body_bytes)
        body_hash = hash_of(wire)
        known = body_hash == known_hash
        return Fetched(
            status="not_modified" if known else "ok",
            url=target.url,
            hops=hops,
            body=b"" if known else await inflate(wire, coding, limit_bytes=self._max_body_bytes),
            content_type=fields.get(b"content-type", ""),
            fresh_s=fresh_s,
            validators=Validators(
                etag=fields.get(b"etag"), last_modified=fields.get(b"last-modified"), body_hash=body_hash
            ),
        )


def _conditions(validators: Validators) -> list[tuple[bytes, bytes]]:
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if value is not None]


def _location(response: httpx.Response) -> bytes | None:
    if response.status_code not in _REDIRECTS:
        return None
    return next((value for name, value in response.headers.raw if name.lower() == b"location"), None)


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
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.lower(), raw_value.decode("latin-1")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


async def _wire(response: httpx.Response, length: str, limit_bytes: int) -> bytes:
    if length.isdigit() and int(length[:20]) > limit_bytes:
        raise BodyTooLarge
    pieces: AsyncIterator[bytes] = aiter(response.stream)  # type: ignore[arg-type] # one of the two is async
    async with AsyncExitStack() as stack:
        if isinstance(pieces, AsyncGenerator):  # one that is given up is not left to the garbage collector
            await stack.enter_async_context(aclosing(pieces))
        return await take(pieces, limit_bytes=limit_bytes)


def _code(error: Exception) -> str:
    """Return what went wrong, for `core.words`."""
    if isinstance(error, BadAddress):
        return error.code
    return next(code for kind, code in _FAILURES if isinstance(error, kind))

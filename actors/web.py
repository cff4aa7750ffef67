"""Fetching documents: conditional, with a total deadline and a cap on decoded bytes."""

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import trio

from core.errors import VestnikError
from core.hints import freshness_s
from core.http_headers import retry_after_s
from core.protocol import PollStatus, Validators

_NOT_MODIFIED = 304
_GONE = 410
_MOST_REDIRECTS = 10
_CHUNK_BYTES = 64 * 1024
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32  # told by its header
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of a GET: a whole document, nothing new, or why there is none."""

    status: PollStatus
    url: str
    body: bytes = b""
    content_type: str = ""
    validators: Validators | None = None
    retry_after_s: float | None = None
    fresh_s: float = 0.0
    """For so long the answer will not change, as the server says (RFC 9111)."""
    error: str | None = None
    error_args: tuple[str, ...] = ()


class _TooLarge(VestnikError):
    pass


class _BadEncoding(VestnikError):
    pass


class Web:
    """Fetches over one client, within one set of limits."""

    def __init__(self, client: httpx.AsyncClient, *, timeout_s: float, max_body_bytes: int) -> None:
        self._client = client
        self._timeout_s = timeout_s
        self._max_body_bytes = max_body_bytes

    async def get(self, url: str, validators: Validators, *, now_ms: int) -> Fetched:
        """GET a document, conditionally where validators are given (RFC 9110, 13.1).

        Every failure of the other side is an outcome, not an exception: the whole fetch ends after
        `timeout_s` seconds, and a body larger than `max_body_bytes` after decompression is refused.
        """
        try:
            with trio.fail_after(self._timeout_s):
                return await self._get(url, validators, now_ms)
        except (trio.TooSlowError, httpx.TimeoutException):
            return _failed(url, "timeout")
        except _TooLarge:
            return _failed(url, "too_large")
        except _BadEncoding:
            return _failed(url, "bad_encoding")
        except (httpx.TooManyRedirects, httpx.UnsupportedProtocol):
            return _failed(url, "bad_redirect")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError):
            # ValueError: httpx lets a few malformed addresses through to its own codecs.
            return _failed(url, "unreachable")

    async def _get(self, url: str, validators: Validators, now_ms: int) -> Fetched:
        async with self._client.stream("GET", url, headers=_headers(validators)) as response:
            final_url = str(response.url)
            fresh_s = freshness_s(
                response.headers.get("cache-control"), response.headers.get("expires"), now_ms=now_ms
            )
            if response.status_code == _NOT_MODIFIED:
                return Fetched(status="not_modified", url=final_url, fresh_s=fresh_s)
            if not response.is_success:
                return Fetched(
                    status="gone" if response.status_code == _GONE else "failed",
                    url=final_url,
                    error="http_status",
                    error_args=(str(response.status_code),),
                    retry_after_s=retry_after_s(response.headers.get("retry-after"), now_ms=now_ms),
                )
            body = await _read(response, self._max_body_bytes)
            return Fetched(
                status="ok",
                url=final_url,
                body=body,
                fresh_s=fresh_s,
                content_type=response.headers.get("content-type", ""),
                validators=Validators(
                    etag=_exactly(response, b"etag"), last_modified=_exactly(response, b"last-modified")
                ),
            )


def make_client(
    *, user_agent: str, proxy: str | None, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Make the client for documents; the environment's proxies are ignored, they would resolve names."""
    return httpx.AsyncClient(
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
        follow_redirects=True,
        max_redirects=_MOST_REDIRECTS,
        limits=httpx.Limits(max_connections=None),  # the poller bounds what is under way
        timeout=None,  # noqa: S113 - one deadline for the whole fetch instead
        trust_env=False,
        proxy=proxy,
        transport=transport,
    )


def _headers(validators: Validators) -> list[tuple[bytes, bytes]]:
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if value is not None]


def _exactly(response: httpx.Response, name: bytes) -> str | None:
    """Return a header with each byte as one character: an entity tag may hold any (RFC 9110, 8.8.3)."""
    values = [value for key, value in response.headers.raw if key.lower() == name]
    return b", ".join(values).decode("latin-1") if values else None


async def _read(response: httpx.Response, limit_bytes: int) -> bytes:
    """Read a body, inflating it piece by piece so that a bomb is seen before it fills the memory."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    chunks: AsyncIterator[bytes] = response.aiter_raw(_CHUNK_BYTES)
    if coding in ("gzip", "x-gzip", "deflate"):
        return await _inflate(chunks, limit_bytes)
    if coding not in ("", "identity"):
        raise _BadEncoding
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit_bytes:
            raise _TooLarge
    return bytes(body)


async def _inflate(chunks: AsyncIterator[bytes], limit_bytes: int) -> bytes:
    inflater = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
    body = bytearray()
    rest = b""
    try:
        async for chunk in chunks:
            rest += chunk
            while rest and not (inflater.eof and len(rest) < len(_GZIP_MAGIC)):
                if (
                    inflater.eof
                ):  # the next member of a gzip file (RFC 1952, 2.2), or what is none of our business
                    if not rest.startswith(_GZIP_MAGIC):
                        return bytes(body)
                    inflater = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
                body += inflater.decompress(rest, limit_bytes + 1 - len(body))
                rest = inflater.unused_data
                if len(body) > limit_bytes:
                    raise _TooLarge
    except zlib.error:
        raise _BadEncoding from None
    if not inflater.eof:
        raise _BadEncoding
    return bytes(body)


def _failed(url: str, code: str) -> Fetched:
    return Fetched(status="failed", url=url, error=code)

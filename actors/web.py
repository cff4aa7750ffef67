"""Fetching documents: conditional, with a total deadline and a cap on decoded bytes."""

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import trio

from core.errors import VestnikError
from core.http_headers import retry_after_s
from core.protocol import PollStatus, Validators

_NOT_MODIFIED = 304
_GONE = 410
_MOST_REDIRECTS = 10
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of a GET: a whole document, nothing new, or why there is none."""

    status: PollStatus
    url: str
    body: bytes = b""
    content_type: str = ""
    validators: Validators | None = None
    retry_after_s: float | None = None
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
            if response.status_code == _NOT_MODIFIED:
                return Fetched(status="not_modified", url=final_url)
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
                content_type=response.headers.get("content-type", ""),
                validators=Validators(
                    etag=response.headers.get("etag"),
                    last_modified=response.headers.get("last-modified"),
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
        timeout=None,  # noqa: S113 - one deadline for the whole fetch instead
        trust_env=False,
        proxy=proxy,
        transport=transport,
    )


def _headers(validators: Validators) -> dict[str, str]:
    headers = {}
    if validators.etag is not None:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified is not None:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


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
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib, told by its header
    body = bytearray()
    try:
        async for chunk in chunks:
            body += inflater.decompress(chunk, limit_bytes + 1 - len(body))
            if len(body) > limit_bytes:
                raise _TooLarge
    except zlib.error:
        raise _BadEncoding from None
    if not inflater.eof:
        raise _BadEncoding
    return bytes(body)


def _failed(url: str, code: str) -> Fetched:
    return Fetched(status="failed", url=url, error=code)

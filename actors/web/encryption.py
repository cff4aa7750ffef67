"""TLS on a connection."""

import ssl
from functools import cache

import httpx
import trio

from actors.web.connections import Connection


@cache
def tls_context() -> ssl.SSLContext:
    """Return the one TLS context of the process: it takes 28 ms to make. SSL_CERT_FILE is heeded."""
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


async def encrypt(connection: Connection, host: str, tls: ssl.SSLContext | None = None) -> None:
    """Speak TLS on a connection from here on, to a host with a certificate for this name.

    The connection is left to its owner also where this fails.

    Raises:
        httpx.ConnectError: the other side speaks no TLS, or is not this host.
    """
    try:
        stream = trio.SSLStream(
            connection.stream, tls or tls_context(), server_hostname=host.strip("[]"), https_compatible=True
        )
        await stream.do_handshake()
    except (trio.BrokenResourceError, ValueError) as error:
        raise httpx.ConnectError(f"TLS: {error.__cause__ or error}") from error
    connection.stream = stream

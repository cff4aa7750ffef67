"""Addresses to listen at: `127.0.0.1:8478`, `[::1]:8478`."""

_PORTS = range(65_536)


def parse_listening(text: str) -> tuple[str, int]:
    """Return host and port; port 0 lets the system choose one.

    Raises:
        ValueError: it is no such address.
    """
    host, colon, port = text.strip().rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) in _PORTS):
        raise ValueError("write host:port, such as 127.0.0.1:8478, or nothing to switch it off")
    return host.removeprefix("[").removesuffix("]"), int(port)

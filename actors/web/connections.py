"""Connections, and those that are kept a moment for the next request to the same origin."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

import trio

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port (RFC 6454)."""
Way: TypeAlias = Hashable
"""What two requests must have in common to follow each other on one connection."""

_KEPT_S = 2.0
_MOST_KEPT = 32


@dataclass(slots=True, eq=False)
class Connection:
    """A stream to an origin, and the socket under all its layers, which is what is closed."""

    socket: trio.SocketStream
    stream: trio.abc.Stream
    kept_until_s: float = field(default=0.0)

    def close(self) -> None:
        """Close at once, without a farewell and without a checkpoint."""
        self.socket.socket.close()


class Kept:
    """At most one idle connection for each way to an origin, for about two seconds, and a few in all.

    One at most, for sources of one host are fetched back to back; few, for most hosts have only one.
    It is a dictionary in the order of time, so whatever is done looks at its ends only.
    """

    def __init__(self, *, most: int = _MOST_KEPT, kept_s: float = _KEPT_S) -> None:
        self._most = most
        self._kept_s = kept_s
        self._connections: OrderedDict[Way, Connection] = OrderedDict()

    def __len__(self) -> int:
        return len(self._connections)

    def take(self, way: Way) -> Connection | None:
        """Return a connection that was kept for a way, unless the other side has closed it."""
        self._drop_old()
        connection = self._connections.pop(way, None)
        if connection is not None and connection.socket.socket.is_readable():
            # Nothing was asked, so this is the end, or something nobody may take for an answer.
            connection.close()
            return None
        return connection

    def put(self, way: Way, connection: Connection) -> None:
        """Keep a connection on which nothing is under way."""
        self._drop_old()
        other = self._connections.pop(way, None)
        if other is not None:
            other.close()
        connection.kept_until_s = trio.current_time() + self._kept_s
        self._connections[way] = connection
        if len(self._connections) > self._most:
            self._connections.popitem(last=False)[1].close()

    def close(self) -> None:
        """Close all."""
        while self._connections:
            self._connections.popitem()[1].close()

    def _drop_old(self) -> None:
        now_s = trio.current_time()
        while self._connections:
            way, oldest = next(iter(self._connections.items()))
            if oldest.kept_until_s > now_s:
                return
            del self._connections[way]
            oldest.close()

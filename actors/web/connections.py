"""Connections, and those that are kept a moment for the next request to the same origin."""

from collections import OrderedDict, deque
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
    """Idle connections, for about two seconds, at most `each` for one way to an origin, and a few in all.

    One for each is enough where sources of one host are fetched back to back; few in all, for most hosts
    have only one source. They lie in the order of time, so whatever is done looks at the ends only.
    """

    def __init__(self, *, most: int = _MOST_KEPT, each: int = 1, kept_s: float = _KEPT_S) -> None:
        self._most = most
        self._each = each
        self._kept_s = kept_s
        self._ways: OrderedDict[Connection, Way] = OrderedDict()
        self._idle: dict[Way, deque[Connection]] = {}

    def __len__(self) -> int:
        return len(self._ways)

    def take(self, way: Way) -> Connection | None:
        """Return a connection that was kept for a way, unless the other side has closed it."""
        self._drop_old()
        idle = self._idle.get(way)
        if not idle:
            return None
        connection = self._forget(idle[-1])
        if connection.socket.socket.is_readable():
            # Nothing was asked, so this is the end, or something nobody may take for an answer.
            connection.close()
            return None
        return connection

    def put(self, way: Way, connection: Connection) -> None:
        """Keep a connection on which nothing is under way."""
        self._drop_old()
        idle = self._idle.setdefault(way, deque())
        if len(idle) == self._each:
            self._forget(idle[0]).close()
            idle = self._idle.setdefault(way, deque())
        connection.kept_until_s = trio.current_time() + self._kept_s
        self._ways[connection] = way
        idle.append(connection)
        if len(self._ways) > self._most:
            self._forget(next(iter(self._ways))).close()

    def close(self) -> None:
        """Close all."""
        while self._ways:
            self._forget(next(iter(self._ways))).close()

    def _drop_old(self) -> None:
        now_s = trio.current_time()
        while self._ways:
            oldest = next(iter(self._ways))
            if oldest.kept_until_s > now_s:
                return
            self._forget(oldest).close()

    def _forget(self, connection: Connection) -> Connection:
        way = self._ways.pop(connection)
        idle = self._idle[way]
        idle.remove(connection)
        if not idle:
            del self._idle[way]
        return connection

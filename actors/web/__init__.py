"""The web of documents: every GET of the program for something that is not the Bot API's.

Web          one GET with its redirects, within a deadline and a limit -> Fetched
+-- Transport    one request over one connection, an httpx transport
    +-- Guard        from a name to addresses that may be connected to
    +-- Proxy        to such an address through somebody else's machine
"""

from actors.web.fetched import Fetched, Hop
from actors.web.guard import AddressBlocked, Guard, Resolver, ask_the_system
from actors.web.hosts import Hosts
from actors.web.proxies import Proxy, parse_proxy
from actors.web.transport import Transport
from actors.web.web import Web

__all__ = [
    "AddressBlocked",
    "Fetched",
    "Guard",
    "Hop",
    "Hosts",
    "Proxy",
    "Resolver",
    "Transport",
    "Web",
    "ask_the_system",
    "parse_proxy",
]

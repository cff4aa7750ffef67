"""Which URLs Telegram takes for links, and what it makes of them."""

import re

SCHEME = re.compile(r"([^:/?#@\[\]]*)://")
AUTHORITY = re.compile(r"[^/?#]*")
TG_USER = re.compile(r"tg:(?://)?user/?\?(?:[^#]*&)?id=(\d+)(?:[&#].*)?", re.IGNORECASE | re.DOTALL)
TG_LINK = re.compile(r"(tg|ton|tonsite):(?://)?([A-Za-z0-9_-]+)((?:[/?#].*)?)", re.IGNORECASE | re.DOTALL)
HOST = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=\u0080-\U0010ffff]|%[0-9A-Fa-f]{2})+")
IPV6 = re.compile(r"\[[0-9A-Fa-f:.]+\]")
MAX_PORT = 65_535


class WrongUrlError(ValueError):
    """Not a link; the text is Telegram's reason."""


def mentioned_user(url: str) -> int:
    """The user whom `tg://user?id=` names, or 0."""
    found = TG_USER.fullmatch(url)
    return int(found[1]) if found else 0


def checked_url(url: str) -> str:
    """The URL as Telegram stores it: scheme and host in lower case, a path of at least `/`.

    Raises:
        WrongUrlError: Telegram takes it for no link.
    """
    if link := TG_LINK.fullmatch(url):
        return f"{link[1].lower()}://{link[2].lower()}{link[3]}"
    scheme = "http"
    if found := SCHEME.match(url):
        scheme, url = found[1].lower(), url[found.end() :]
    if scheme not in ("http", "https"):
        raise WrongUrlError("Unsupported URL protocol")
    authority = AUTHORITY.match(url)
    place = authority[0] if authority else ""
    rest = url[len(place) :].rstrip()
    rest = "".join(f"%{ord(char):02X}" if ord(char) <= ord(" ") else char for char in rest)
    return f"{scheme}://{_checked_place(place)}{'' if rest.startswith('/') else '/'}{rest}"


def _checked_place(place: str) -> str:
    user, at, host_port = place.rpartition("@")
    host, colon, port = host_port.rpartition(":")
    if not colon or host_port.endswith("]"):
        host, port = host_port, ""
    elif not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
        raise WrongUrlError("Wrong port number specified in the URL")
    if not host:
        raise WrongUrlError("URL host is empty")
    if not IPV6.fullmatch(host):
        if not HOST.fullmatch(host):
            raise WrongUrlError("Disallowed character in URL host")
        if "." not in host:
            raise WrongUrlError("Wrong HTTP URL")
    return f"{user}{at}{host.lower()}{f':{int(port)}' if port else ''}"

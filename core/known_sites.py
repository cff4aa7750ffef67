"""Sites whose addresses say where their feeds are."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from core.kinds.list import ListRules
from core.kinds.rules import NO_RULES, write_rules
from core.languages import marked

# The preview page of a public channel: messages with their permanent links, oldest first, each with a date.
TELEGRAM_RULES = write_rules(
    ListRules(
        item=".tgme_widget_message_wrap",
        link="a.tgme_widget_message_date",
        title=".tgme_widget_message_text",
        image=".tgme_widget_message_photo_wrap",
    )
)
_CHANNEL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_NO_CHANNELS = """
    addemoji addlist addstickers bg boost confirmphone iv joinchat login proxy setlanguage share socks
"""
_NO_OWNERS = """
    about apps collections events explore features login marketplace notifications orgs search settings
    sponsors topics trending
"""
_FEED_ENDINGS = (".atom", ".rss", ".xml", ".json")
_HANDLES_ELSEWHERE = ("youtube.com", "medium.com", "tiktok.com", "threads.net", "threads.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What can be watched at an address of a known site."""

    kind: str = "feed"
    url: str
    title: str
    why: str
    rules: str = NO_RULES


def known_site(url: str) -> tuple[Known, ...]:
    """Give what an address of YouTube, Reddit, GitHub, Mastodon, Medium or Telegram leads to.

    Feeds themselves, and what only the page can tell (the channel behind a handle), are nothing.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("old.")
    path = [segment for segment in parts.path.split("/") if segment]
    if parts.scheme not in ("http", "https") or not path or path[-1].endswith(_FEED_ENDINGS):
        return ()
    site = _SITES.get(host)
    if site is not None:
        return tuple(site(parts, path))
    return tuple(_fediverse(parts, path, host))


def _youtube(parts: SplitResult, path: list[str]) -> Iterator[Known]:
    feed = "https://www.youtube.com/feeds/videos.xml"
    playlist = parse_qs(parts.query).get("list", [""])[0]
    if path[0] == "channel" and len(path) > 1:
        yield Known(
            url=f"{feed}?channel_id={path[1]}", title="Videos", why=marked("the feed of this YouTube channel")
        )
    elif playlist:
        yield Known(
            url=f"{feed}?playlist_id={playlist}", title="Playlist", why=marked("the feed of this playlist")
        )


def _reddit(parts: SplitResult, path: list[str]) -> Iterator[Known]:
    if path[0] in ("r", "user", "u") and len(path) > 1:
        query = f"?{parts.query}" if parts.query else ""
        address = f"https://www.reddit.com/{'/'.join(path)}/.rss{query}"
        yield Known(url=address, title="/".join(path[:2]), why=marked("the feed of this page of Reddit"))


def _github(_parts: SplitResult, path: list[str]) -> Iterator[Known]:
    if path[0] in _NO_OWNERS.split():
        return
    if len(path) == 1:
        yield Known(
            url=f"https://github.com/{path[0]}.atom", title=path[0], why=marked("what this account does")
        )
        return
    name = "/".join(path[:2])
    base = f"https://github.com/{name}"
    branch = f"/{'/'.join(path[3:])}" if path[2:3] in (["commits"], ["tree"]) and len(path) > 3 else ""  # noqa: PLR2004
    feeds = {
        "releases": Known(url=f"{base}/releases.atom", title=f"{name}: releases", why=marked("releases")),
        "tags": Known(
            url=f"{base}/tags.atom", title=f"{name}: tags", why=marked("tags, also those without a release")
        ),
        "commits": Known(
            url=f"{base}/commits{branch}.atom", title=f"{name}: commits", why=marked("every commit")
        ),
    }
    section = "commits" if path[2:3] == ["tree"] else "".join(path[2:3])
    yield from (feeds[section],) if section in feeds else feeds.values()


def _medium(_parts: SplitResult, path: list[str]) -> Iterator[Known]:
    if path[0] != "feed":
        yield Known(
            url=f"https://medium.com/feed/{path[0]}",
            title=path[0],
            why=marked("the feed of this page of Medium"),
        )


def _telegram(_parts: SplitResult, path: list[str]) -> Iterator[Known]:
    name = path[1] if path[0] == "s" and len(path) > 1 else path[0]
    if _CHANNEL_NAME.fullmatch(name) and name.lower() not in _NO_CHANNELS.split():
        why = marked("the preview page of this public channel")
        yield Known(
            kind="list", url=f"https://t.me/s/{name}", title=f"@{name}", why=why, rules=TELEGRAM_RULES
        )


def _fediverse(parts: SplitResult, path: list[str], host: str) -> Iterator[Known]:
    handle = path[0].startswith("@") and len(path) == 1
    tag = path[0] == "tags" and len(path) == 2  # noqa: PLR2004 - /tags/NAME
    if (handle and not host.endswith(_HANDLES_ELSEWHERE)) or (tag and "." in host):
        address = f"{parts.scheme}://{parts.netloc}/{'/'.join(path)}.rss"
        yield Known(url=address, title=path[-1], why=marked("the feed that Mastodon has for it"))


_SITES: dict[str, Callable[[SplitResult, list[str]], Iterator[Known]]] = {
    "youtube.com": _youtube,
    "reddit.com": _reddit,
    "github.com": _github,
    "medium.com": _medium,
    "t.me": _telegram,
    "telegram.me": _telegram,
}

"""The web that the feeds live in."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import trio

from simulation.feeds.conditional import answer_of
from simulation.feeds.entry import Entry
from simulation.feeds.feed import Feed
from simulation.feeds.pages import article, home_page
from simulation.feeds.trouble import Trouble
from simulation.http import Reply, Request

OK = 200
SUFFIX = ".example"
SHORTENER = "t.co"
NOT_FOUND = Reply(status=404, headers=(("content-type", "text/plain"),), body=b"not found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """One request for a document of a feed.

    Attributes:
        feed: Name of the feed.
        at: Epoch seconds.
        conditional: Whether the client sent a validator.
        status: What it was answered; 0 for no answer at all.
        trouble: The kind of trouble it met, or empty.
    """

    feed: str
    at: float
    conditional: bool
    status: int
    trouble: str = ""


class FeedWorld:
    """Sites that publish. A site is found by its host, or (on loopback) by the first part of the path.

    A site serves its document, a home page that names it, and a page for each entry.

    Args:
        rng: Each feed takes its own randomness from here, in the order of `add`.
        now: Epoch seconds.
        base: Links begin with `<base>/<name>` instead of `https://<name>.example`.
    """

    def __init__(self, *, rng: random.Random, now: Callable[[], float], base: str = "") -> None:
        self.requests: list[Requested] = []
        self.page_requests: list[str] = []
        self._rng = rng
        self._now = now
        self._base = base.rstrip("/")
        self._feeds: dict[str, Feed] = {}
        self._served: dict[str, set[int]] = {}
        self._moved: dict[str, Reply] = {}
        self._short: dict[str, Reply] = {}
        self.page_replies: dict[str, Reply] = {}
        """What the pages of a feed's entries answer instead of what they should."""
        self.draw: Callable[[str], bytes] | None = None
        """Makes the picture, a JPEG, at an address; without it there are none."""

    def __iter__(self) -> Iterator[Feed]:
        return iter(list(self._feeds.values()))

    def __getitem__(self, name: str) -> Feed:
        return self._feeds[name]

    def add(self, feed: Feed) -> Feed:
        """Put a feed on the web."""
        if self._base:
            feed.base = f"{self._base}/{feed.name}"
        feed.begin(random.Random(self._rng.getrandbits(64)), self._now())
        self._feeds[feed.name] = feed
        self._served[feed.name] = set()
        return feed

    def publish(
        self, name: str, n: int = 1, *, link: str = "", title: str = "", summary: str = "", image: str = ""
    ) -> list[str]:
        """Let a feed publish `n` entries now, with parts of their own where they are given; their links."""
        feed, now = self[name], self._now()
        return [
            feed.publish(now, link=link, title=title, summary=summary, image=image).link for _ in range(n)
        ]

    def trouble(self, name: str, *troubles: Trouble) -> None:
        """Append to the script of a feed; each lasts for its `count` of requests."""
        self[name].troubles.extend(troubles)

    def mend(self, name: str) -> None:
        """End all troubles of a feed."""
        self[name].troubles.clear()

    def move(self, name: str, new_name: str, *, status: int = 301) -> str:
        """Move a feed's document to another host, and redirect from the old one; its new address.

        Its entries stay where they are.
        """
        feed = self[name]
        self._feeds[new_name] = feed
        url = f"https://{new_name}{SUFFIX}{feed.path}"
        self._moved[name] = Reply(status=status, headers=(("location", url),))
        return url

    def shorten(self, url: str) -> str:
        """Return a short link that leads to an address."""
        path = f"/{len(self._short)}"
        self._short[path] = Reply(status=301, headers=(("location", url),))
        return f"https://{SHORTENER}{path}"

    def published(self, name: str) -> list[str]:
        """Every link published until now, oldest first."""
        self[name].grow(self._now())
        return [entry.link for entry in self[name].entries]

    def appeared(self, name: str) -> list[str]:
        """Links that were in a document which was sent whole, in publishing order."""
        return [entry.link for entry in self[name].entries if entry.number in self._served[name]]

    async def handle(self, request: Request) -> Reply:
        """Answer one request to any of the sites."""
        await trio.lowlevel.checkpoint()
        if request.host == SHORTENER:
            return self._short.get(request.path, NOT_FOUND)
        feed, path = self._site(request)
        if feed is None:
            return NOT_FOUND
        if request.method not in ("GET", "HEAD"):
            return Reply(status=405, headers=(("allow", "GET, HEAD"),))
        if path == feed.path:
            redirect = self._moved.get(request.host.removesuffix(SUFFIX))
            return redirect or self._document(feed, request)
        if (part := feed.part(path)) is not None:
            return self._part(feed, part, request)
        return self._page(feed, path)

    def _site(self, request: Request) -> tuple[Feed | None, str]:
        name = request.host.removesuffix(SUFFIX)
        if request.host.endswith(SUFFIX) and name in self._feeds:
            return self._feeds[name], request.path
        name, _, rest = request.path.removeprefix("/").partition("/")
        return self._feeds.get(name), f"/{rest}"

    def _document(self, feed: Feed, request: Request) -> Reply:
        feed.grow(self._now())
        trouble = feed.next_trouble()
        if trouble is None or not trouble.spoils_document():
            right = answer_of(feed, request, now_s=self._now())
            if request.method == "GET" and right.status == OK and feed.form != "index":
                self._served[feed.name].update(entry.number for entry in feed.shown)
        else:
            right = answer_of(
                feed, replace(request, headers=_unconditional(request.headers)), now_s=self._now()
            )
        reply = right if trouble is None else trouble.applied(right)
        self._log(feed, request, reply, trouble)
        return reply

    def _part(self, feed: Feed, entries: list[Entry], request: Request) -> Reply:
        """One sitemap of an index; it meets the troubles of its site too."""
        trouble = feed.next_trouble()
        right = Reply(headers=(("content-type", "application/xml"),), body=feed.part_document(entries))
        if request.method == "GET" and (trouble is None or not trouble.spoils_document()):
            self._served[feed.name].update(entry.number for entry in entries)
        reply = right if trouble is None else trouble.applied(right)
        self._log(feed, request, reply, trouble)
        return reply

    def _log(self, feed: Feed, request: Request, reply: Reply, trouble: Trouble | None) -> None:
        answered = reply.cut in ("none", "half")
        self.requests.append(
            Requested(
                feed=feed.name,
                at=self._now(),
                conditional=bool(request.header("if-none-match") or request.header("if-modified-since")),
                status=reply.status if answered else 0,
                trouble=trouble.kind if trouble else "",
            )
        )

    def _page(self, feed: Feed, path: str) -> Reply:
        feed.grow(self._now())
        self.page_requests.append(feed.base + path)
        if feed.name in self.page_replies:
            return self.page_replies[feed.name]
        if self.draw is not None and path.startswith("/images/"):
            return Reply(headers=(("content-type", "image/jpeg"),), body=self.draw(path))
        if path == "/":
            return _html(home_page(feed))
        for entry in feed.entries:
            if entry.link == feed.base + path:
                return _html(article(feed, entry))
        return NOT_FOUND


def _unconditional(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """A site in trouble has forgotten what it told the client."""
    return tuple(one for one in headers if one[0] not in ("if-none-match", "if-modified-since"))


def _html(text: str) -> Reply:
    return Reply(headers=(("content-type", "text/html; charset=utf-8"),), body=text.encode())

"""Finding what to watch behind an address: from the address alone, or from the page that it leads to.

Nothing here asks the network: each answer is a tuple of suggestions in the order of preference. Several
that fit are a question for the one who asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from core.documents.html_sign import is_html
from core.entries import Document
from core.errors import UnreadableDocument
from core.kinds import KINDS
from core.kinds.rules import NO_RULES
from core.known_sites import known_site
from core.languages import marked

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_DOUBTFUL_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_NO_FEEDS = ("wp-json", "oembed", "opensearch", "manifest")
_WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/sitemap.xml")
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something that could be watched."""

    kind: str
    url: str
    title: str = ""
    why: str = ""
    """How it was found, for `core.found_words`."""
    rules: str = NO_RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What looking behind an address came to: something to watch, a question, or why there is neither.

    Attributes:
        chosen: What is to be watched.
        sure: It was asked for, or named; otherwise it was found at a usual address of the site.
        suggestions: What could be meant, where nothing is chosen or the choice is not sure.
        title: Of the page.
        reached: The address answered with a document.
        error: Why nothing is chosen, as a code; with its arguments, and more for people.
    """

    chosen: Suggestion | None = None
    sure: bool = True
    suggestions: tuple[Suggestion, ...] = ()
    title: str = ""
    reached: bool = True
    error: str | None = None
    error_args: tuple[str, ...] = ()
    detail: str = ""


def suggest_from_url(url: str) -> tuple[Suggestion, ...]:
    """Say what an address of a well-known site means: what can be watched there, without asking anybody."""
    return tuple(
        Suggestion(kind=found.kind, url=found.url, title=found.title, why=found.why, rules=found.rules)
        for found in known_site(url)
    )


def discover(document: Document) -> tuple[Suggestion, ...]:
    """Say what could be watched behind a document that was fetched.

    A feed or sitemap is one itself. Of a page: what its site is known for, the feeds that it names, then
    the list on it, where one stands out. At most ten, each address once.
    """
    for name in ("feed", "sitemap"):
        if KINDS[name].recognise(document):
            return (Suggestion(kind=name, url=document.url, why=marked("the address itself")),)
    if not is_html(document.body):
        return ()
    from core.documents.html import read_html

    try:
        page = read_html(document)
    except UnreadableDocument:
        return ()
    from core.documents.alternates import named_feeds, own_channel

    channel = own_channel(page)
    found = [*suggest_from_url(channel or document.url)]
    found += (
        Suggestion(kind="feed", url=link.url, title=link.title, why=marked("the page names it"))
        for link in named_feeds(page)
        if _is_feed(link.media_type, link.url)
    )
    first: dict[str, Suggestion] = {}
    for each in (*found, *_list_on(document)):
        first.setdefault(each.url, each)
    return tuple(first.values())[:_MOST]


def well_known(url: str) -> tuple[Suggestion, ...]:
    """Give the addresses at which sites have their feeds and sitemaps, in the order to try them."""
    found: Iterator[str] = (urljoin(url, path) for path in _WELL_KNOWN)
    return tuple(
        Suggestion(kind="sitemap" if "sitemap" in each else "feed", url=each, why=marked("a usual address"))
        for each in found
        if each.startswith(("http://", "https://"))
    )


def choose(suggestions: tuple[Suggestion, ...]) -> Suggestion | None:
    """Choose the only suggestion; a list on the page does not compete with feeds. None: somebody must say."""
    better = [each for each in suggestions if each.kind != "list"] or list(suggestions)
    return better[0] if len(better) == 1 else None


def _is_feed(media_type: str, url: str) -> bool:
    if media_type in FEED_TYPES:
        return True
    path = urlsplit(url).path.lower()
    return media_type in _DOUBTFUL_TYPES and not any(word in path for word in _NO_FEEDS)


def _list_on(document: Document) -> Iterator[Suggestion]:
    try:
        parsed = KINDS["list"].parse(document)
    except UnreadableDocument:
        return
    why = f"{marked('a list of {count} links on the page itself')}|{len(parsed.entries)}"
    yield Suggestion(kind="list", url=document.url, title=parsed.title, why=why)

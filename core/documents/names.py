"""One name for each element, whatever the format and the namespace its author chose."""

from functools import lru_cache

_LONG = 200  # strangers' tags must not fill the memory
# Parts of namespace addresses, and prefixes that were used without being declared -> family.
_FAMILIES = (
    ("search.yahoo.com/mrss", "media"),
    ("itunes", "itunes"),
    ("purl.org/dc/", "dc"),
    ("modules/content", "content"),
    ("modules/syndication", "sy"),
    ("feedburner", "feedburner"),
    ("w3.org/1999/xhtml", "xhtml"),
)
_PREFIXES = frozenset({"media", "itunes", "dc", "content", "sy", "feedburner", "xhtml"})
_FEED_PREFIXES = frozenset({"atom", "atom10", "a10", "rss", "rdf"})
# Namespaces of feeds themselves: Atom 1.0 and 0.3, RSS 0.90, 1.0, 1.1 and 2.0 as some write it.
_FEED_NAMESPACES = (
    "http://www.w3.org/2005/atom",
    "http://purl.org/atom/",
    "http://purl.org/rss/1.0/",
    "http://purl.org/net/rss1.1",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://my.netscape.com/",
    "http://backend.userland.com/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns",
    "http://blogs.law.harvard.edu/tech/rss",
)

# Names that the mapper knows. Elements outside of this table are passed over.
_OWN_NAMES = "title link guid id author category enclosure image content item entry name email url".split()  # noqa: SIM905
_KNOWN = {
    **{name: name for name in _OWN_NAMES},
    **dict.fromkeys(("rss", "rdf", "feed", "channel", "items"), "container"),
    **dict.fromkeys(("pubdate", "date"), "pubdate"),
    **dict.fromkeys(("published", "issued"), "published"),
    **dict.fromkeys(("updated", "modified"), "updated"),
    **dict.fromkeys(("description", "summary"), "summary"),
    **dict.fromkeys(("encoded", "fullitem", "content:encoded", "xhtml:body", "xhtml:div"), "content"),
    **dict.fromkeys(("dc:creator", "dc:author"), "creator"),
    **dict.fromkeys(("dc:title", "media:title", "itunes:title"), "second_title"),
    **dict.fromkeys(("dc:description", "media:description", "itunes:summary"), "second_summary"),
    "created": "created",
    "dc:date": "date",
    "dc:subject": "category",
    "dc:identifier": "identifier",
    "media:content": "media",
    "media:thumbnail": "thumbnail",
    "media:group": "group",
    "itunes:image": "itunes_image",
    "itunes:author": "second_author",
    "feedburner:origlink": "origlink",
    "ttl": "ttl",
    "skiphours": "skip_hours",
    "skipdays": "skip_days",
    "sy:updateperiod": "update_period",
    "sy:updatefrequency": "update_frequency",
}


class Names(dict[object, str]):
    """Canonical names of the tags of one document, "" for what is passed over; found once per tag.

    Namespaces are matched loosely, names without regard to case: an element belongs to the feed itself
    if it has no namespace, one of the feed formats', or that of the root element.
    """

    def __init__(self, root_tag: str) -> None:
        super().__init__()
        self._own = _split(root_tag)[0].lower()

    def __missing__(self, tag: object) -> str:
        name = ""
        if isinstance(tag, str):
            name = _usual(tag, self._own) if len(tag) < _LONG else _find(tag, self._own)
        self[tag] = name
        return name


def _find(tag: str, own: str) -> str:
    namespace, prefix, local = _split(tag)
    family = _family(namespace.lower(), prefix.lower(), own)
    if family is None:
        return ""
    return _KNOWN.get(f"{family}:{local.lower()}" if family else local.lower(), "")


_usual = lru_cache(maxsize=512)(_find)  # the same few tags come in document after document


def _family(namespace: str, prefix: str, own: str) -> str | None:
    """Tell the family of an element: "" for the feed's own, None for a stranger's."""
    if prefix:
        return prefix if prefix in _PREFIXES else "" if prefix in _FEED_PREFIXES else None
    if not namespace:
        return ""
    for part, family in _FAMILIES:
        if part in namespace:
            return family
    if namespace == own:
        return ""
    is_own = namespace.startswith(_FEED_NAMESPACES) and "/modules/" not in namespace
    return "" if is_own else None


def local_name(tag: object) -> str:
    """Give the local name of a tag in lower case, "" for what is no element."""
    return _split(tag)[2].lower() if isinstance(tag, str) else ""


def _split(tag: str) -> tuple[str, str, str]:
    """Split into namespace, undeclared prefix, local name; the brace before the namespace may be missing."""
    namespace, _, rest = tag.rpartition("}")
    prefix, _, local = rest.rpartition(":")
    return namespace.removeprefix("{"), prefix, local

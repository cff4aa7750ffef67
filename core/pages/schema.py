"""Facts of a page from the thing of schema.org's vocabulary that it is about."""

from collections.abc import Iterable

from core.documents.text import plain_line
from core.pages.head import LONGEST_VALUE
from core.pages.json_ld import Node
from core.pages.offers import read_offers
from core.pages.page import Facts
from core.pages.tags import count_of, number_of
from core.pages.things import Things, addresses, collect, main_thing, objects, text, texts, types_of, values

_FEW = 3
_SOLD = frozenset({"offers", "Offers", "hasVariant", "model", "aggregateRating"})


def from_things(nodes: list[Node], urls: Iterable[str], *, is_article: bool) -> Facts:
    """Give what the main thing of a page says, and the name of its site.

    Args:
        nodes: all things of the page, in document order.
        urls: addresses of the page, by which the right one of several is known.
        is_article: whether the page says elsewhere that it is one.
    """
    if not nodes:
        return Facts()
    things = collect(nodes)
    thing = main_thing(things, urls, is_article=is_article)
    if thing is None:
        return Facts(site=_site(things, {}))
    facts = Facts(
        title=_plain(texts(things, thing, "headline", "name")),
        description=_plain(texts(things, thing, "description", "abstract")),
        images=_images(things, thing),
        urls=addresses(things, thing),
        site=_site(things, thing),
        authors=texts(things, thing, "author") or texts(things, thing, "creator"),
        published=texts(things, thing, "datePublished", "uploadDate", "datePosted", "dateCreated"),
        language=texts(things, thing, "inLanguage"),
        tags=_tags(things, thing),
    )
    if not thing.keys().isdisjoint(_SOLD):
        facts.price, facts.availability = read_offers(things, thing)
        facts.rating, facts.reviews = _rating(things, thing)
    return facts


def _images(things: Things, thing: Node) -> list[str]:
    found: list[str] = []
    for name in ("image", "thumbnailUrl", "thumbnail", "primaryImageOfPage"):
        for value in values(things, thing, name) if name in thing else ():
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, dict):
                found += texts(things, value, "url", "contentUrl", "@id")
    return found


def _site(things: Things, thing: Node) -> list[str]:
    """Give the name of the publication: of the thing itself, or of the site that stands beside it."""
    if own := texts(things, thing, "publisher", "isPartOf"):
        return own
    sites = (node for node in things.nodes if "website" in types_of(node))
    return [name for site in sites for name in texts(things, site, "name")][:1]


def _tags(things: Things, thing: Node) -> list[str]:
    found = texts(things, thing, "articleSection")
    if "keywords" not in thing:
        return found
    keywords = texts(things, thing, "keywords")
    return [word for words in keywords for word in words[:LONGEST_VALUE].split(",")] + found


def _rating(things: Things, thing: Node) -> tuple[float | None, int | None]:
    for rating in objects(things, thing, "aggregateRating"):
        value = number_of(text(things, rating, "ratingValue"))
        count = count_of(text(things, rating, "reviewCount") or text(things, rating, "ratingCount"))
        if value is not None and (value > 0 or count):
            return value, count
    return None, None


def _plain(markup: list[str]) -> list[str]:
    return [plain_line(each[:LONGEST_VALUE], sure=False) for each in markup[:_FEW]]

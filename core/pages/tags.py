"""What tags of a head say: Open Graph (ogp.me) with its extensions, Twitter cards, plain `<meta>`."""

import re
from collections.abc import Iterator

from core.pages.availability import availability_of
from core.pages.head import Head
from core.pages.money import currency_of, plain_amount, read_amount
from core.pages.page import Facts, Price

# Fields by the names that mean them, each list in the order of trust.
_OPEN_GRAPH = {
    "title": "og:title",
    "description": "og:description",
    "images": "og:image og:image:url og:image:secure_url",
    "urls": "og:url",
    "site": "og:site_name",
    "authors": "article:author og:article:author",
    "published": "article:published_time og:article:published_time og:published_time video:release_date"
    " og:video:release_date book:release_date music:release_date",
    "language": "og:locale",
    "tags": "article:tag og:article:tag og:video:tag video:tag book:tag",
}
_TWITTER = {
    "title": "twitter:title",
    "description": "twitter:description",
    "images": "twitter:image twitter:image:src twitter:image0",
}
_PLAIN = {
    "title": "title dc.title dcterms.title citation_title name",
    "description": "description dc.description dcterms.description dcterms.abstract citation_abstract",
    "images": "image thumbnail sailthru.image.full parsely-image-url",
    "site": "application-name dc.publisher dcterms.publisher citation_journal_title",
    "authors": "author dc.creator dcterms.creator citation_author parsely-author byl sailthru.author",
    "published": "datepublished date dc.date dc.date.issued dcterms.issued dcterms.created dcterms.date"
    " citation_publication_date citation_date citation_online_date pubdate publish-date parsely-pub-date"
    " sailthru.date",
    "language": "content-language dc.language citation_language",
    "tags": "news_keywords keywords dc.subject parsely-tags sailthru.tags",
}
_FIELDS = [
    (source, field, names.split())
    for source, fields in enumerate((_OPEN_GRAPH, _TWITTER, _PLAIN))
    for field, names in fields.items()
]
_PLACES = {
    name: (number, rank) for number, (_, _, names) in enumerate(_FIELDS) for rank, name in enumerate(names)
}
"""The number of the field that a name means, and how far it is trusted: 0 is most."""
_PRICE_LABEL = re.compile(r"\s*(?:price|цена|preis|prix|precio|prezzo|preço|cena|fiyat)\b", re.IGNORECASE)
_BYLINE = re.compile(r"\s*by\s+", re.IGNORECASE)


def from_tags(head: Head) -> tuple[Facts, Facts, Facts]:
    """Give what Open Graph, Twitter cards and all other tags of a head say."""
    sources = Facts(), Facts(), Facts()
    ranks: dict[int, list[tuple[int, list[str]]]] = {}
    for name, contents in head.metas.items():
        if (place := _PLACES.get(name)) is not None:
            number, rank = place
            if number in ranks:
                ranks[number].append((rank, contents))
            else:
                ranks[number] = [(rank, contents)]
    for number, said in ranks.items():
        source, field, _ = _FIELDS[number]
        setattr(sources[source], field, said[0][1] if len(said) == 1 else _ranked(said))
    open_graph, twitter, plain = sources
    names = " ".join(head.metas)
    if "price" in names or "avail" in names or "rating" in names:
        _add_offer(open_graph, plain, head)
    if "twitter:label1" in head.metas:
        twitter.price = _labelled_price(head)
    plain.title = [head.title, *plain.title]
    plain.language = [head.language, *plain.language]
    plain.images = [*plain.images, head.image_src]
    if plain.authors:
        plain.authors = [_BYLINE.sub("", name) for name in plain.authors]
    if plain.tags:
        plain.tags = [tag for tags in plain.tags for tag in tags.split(",")]
    return open_graph, twitter, plain


def number_of(text: str) -> float | None:
    """Read a rating: a decimal that is not negative, with a point or a comma."""
    amount = plain_amount(text.strip().replace(",", "."))
    return None if amount is None else float(amount)


def count_of(text: str) -> int | None:
    """Read a count, with or without separators of thousands."""
    found = read_amount(text)
    return int(found[0]) if found is not None and found[0].isdigit() else None


def _ranked(said: list[tuple[int, list[str]]]) -> list[str]:
    """Give the contents of a field, those of the most trusted name first."""
    return [content for _, contents in sorted(said, key=lambda each: each[0]) for content in contents]


def _add_offer(open_graph: Facts, plain: Facts, head: Head) -> None:
    open_graph.price = _open_graph_price(head)
    open_graph.availability = availability_of(head.first("product:availability", "og:availability"))
    open_graph.rating = number_of(head.first("og:rating", "product:rating:value"))
    open_graph.reviews = count_of(head.first("og:rating_count", "og:review_count", "product:rating:count"))
    plain.price = _price(head.first("price"), currency_of(head.first("pricecurrency")))
    plain.availability = availability_of(head.first("availability"))


def _labelled_price(head: Head) -> Price | None:
    """Give the price of a Twitter card, which stands beside a label of its own."""
    said = (
        _price(head.first(f"twitter:data{number}"))
        for number in ("1", "2")
        if _PRICE_LABEL.match(head.first(f"twitter:label{number}"))
    )
    return next((price for price in said if price is not None), None)


def _open_graph_price(head: Head) -> Price | None:
    """Give the price; where there is one of a sale, the other one is the old price."""
    regular, sale, former = (
        next(_prices(head, f"product:{name}", f"og:{name}"), None)
        for name in ("price", "sale_price", "original_price")
    )
    price = sale or regular
    if price is None:
        return None
    code = price.currency or (regular.currency if regular else None)
    listed = _price(head.first("og:price:standard_amount"), code)
    old = former or (regular if sale else listed)
    if old is not None and old.currency not in (None, code):
        old = None
    return Price(amount=price.amount, currency=code, old=None if old is None else old.amount)


def _prices(head: Head, *names: str) -> Iterator[Price]:
    for name in names:
        code = currency_of(head.first(f"{name}:currency"))
        if price := _price(head.first(f"{name}:amount", name), code):
            yield price


def _price(text: str, code: str | None = None) -> Price | None:
    found = read_amount(text, code) if text else None
    return None if found is None else Price(amount=found[0], currency=found[1])

"""Reading a page: one source after the other, in the order of trust, field by field."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from core.documents.dates import parse_date
from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.cleaning import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    authors,
    is_front_page,
    language,
    line,
    tags,
    web_address,
)
from core.pages.excerpt import excerpt
from core.pages.head import Head, read_head
from core.pages.items import ReadItems, describes_elements, read_items
from core.pages.json_ld import read_json_ld
from core.pages.money import discount
from core.pages.page import Facts, Page, Price
from core.pages.refusal import OK, refusal_of
from core.pages.schema import from_things
from core.pages.tags import from_tags

_T = TypeVar("_T")
_MOST_IMAGES = 10
_LONGEST_LANGUAGE = 40


def read_page(document: Document, status: int = OK, *, items: ReadItems = read_items) -> Page:
    """Read what a page says of itself, from at most its first 2 MiB.

    Sources are, field by field and in this order: Open Graph, Twitter cards, JSON-LD, microdata, RDFa,
    metadata by name, `<title>` and `<html lang>`. A price stays with its currency and its old price.

    Args:
        document: the page.
        status: with which it came (RFC 9110).
        items: reads microdata and RDFa, where they could say more: a hundred times the work of all others.

    Raises:
        UnreadableDocument: it is no page, or was refused: its code is one of `refusal`.
    """
    cut = excerpt(document)
    head = read_head(cut.head, document.url)
    nodes = read_json_ld((*head.blocks, *cut.blocks))
    if (code := refusal_of(document, status, head, has_things=bool(nodes))) is not None:
        raise UnreadableDocument(code)
    urls = (document.url, head.canonical, head.first("og:url"))
    is_article = head.first("og:type").startswith("article")
    open_graph, twitter, plain = from_tags(head)
    facts = [open_graph, twitter, from_things(nodes, urls, is_article=is_article), plain]
    if _wants_more(facts) and describes_elements(document):
        facts[3:3] = [from_things(found, urls, is_article=is_article) for found in items(document)]
    return _merged(facts, head, document.url)


def _wants_more(facts: list[Facts]) -> bool:
    """Tell whether it is worth to look at the elements of the whole page."""
    title = description = images = priced = rated = published = False
    for each in facts:
        title = title or bool(each.title)
        description = description or bool(each.description)
        images = images or bool(each.images)
        priced = priced or each.price is not None
        rated = rated or each.rating is not None
        published = published or bool(each.published)
    return not (title and description and images) or not (published or (priced and rated))


def _merged(facts: list[Facts], head: Head, url: str) -> Page:
    title = description = site = author = code = ""
    keywords: tuple[str, ...] = ()
    published_ms = availability = rating = reviews = None
    for each in facts:
        title = title or _line(each.title, LONGEST_TITLE)
        description = description or _line(each.description, LONGEST_DESCRIPTION)
        site = site or _line(each.site, LONGEST_NAME)
        author = author or (authors(each.authors) if each.authors else "")
        code = code or _language(each.language)
        keywords = keywords or (tags(each.tags) if each.tags else ())
        published_ms = _published_ms(each.published) if published_ms is None else published_ms
        availability = availability or each.availability
        rating = each.rating if rating is None else rating
        reviews = each.reviews if reviews is None else reviews
    price = _price(facts)
    aliases = _aliases((*facts[0].urls[:1], head.canonical), head, url)
    called = aliases or _aliases((address for each in facts for address in each.urls[:2]), head, url)
    return Page(
        title=title,
        description=description,
        image=_image(facts, head.base),
        canonical=next(iter(called), None),
        aliases=aliases,
        site=site,
        author=author,
        published_ms=published_ms,
        language=code,
        tags=keywords,
        price=None if price is None else price.amount,
        currency=None if price is None else price.currency,
        old_price=None if price is None else price.old,
        discount=None if price is None or price.old is None else discount(price.amount, price.old),
        availability=availability,
        rating=rating,
        reviews=reviews,
    )


def _line(texts: Sequence[str], most: int) -> str:
    """Give the first of a field's texts that has something to say."""
    for text in texts:
        if said := line(text, most):
            return said
    return ""


def _language(texts: Sequence[str]) -> str:
    for text in texts:
        if text and (code := language(text[:_LONGEST_LANGUAGE])):
            return code
    return ""


def _published_ms(texts: Sequence[str]) -> int | None:
    for text in texts:
        if (moment_ms := parse_date(text)) is not None:
            return moment_ms
    return None


def _image(facts: list[Facts], base: str) -> str | None:
    left = _MOST_IMAGES
    for each in facts:
        for reference in each.images:
            if not reference:
                continue
            if (image := web_address(base, reference)) is not None:
                return image
            left -= 1
            if not left:
                return None
    return None


def _any(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def _price(facts: list[Facts]) -> Price | None:
    """Give the most trusted price; another source may complete it if it means the same amount."""
    prices = [each.price for each in facts if each.price is not None]
    if not prices or (len(prices) == 1 and prices[0].old is None):
        return prices[0] if prices else None
    amount = Decimal(prices[0].amount)
    same = [price for price in prices if Decimal(price.amount) == amount]
    currency = _any(price.currency for price in same)
    same = [price for price in same if price.currency in (None, currency)]
    old = _any(price.old for price in same)
    if old is not None and Decimal(old) <= amount:
        old = None
    return Price(amount=prices[0].amount, currency=currency, old=old)


def _aliases(references: Iterable[str], head: Head, url: str) -> tuple[str, ...]:
    """Give the addresses by which a page calls itself; a front page is none unless the page is one."""
    found: dict[str, bool] = {}
    for reference in dict.fromkeys(references):
        if reference and (address := web_address(head.base, reference)) is not None and address not in found:
            found[address] = is_front_page(address)
    if not url or True not in found.values() or is_front_page(url):
        return tuple(found)
    return tuple(address for address, is_front in found.items() if not is_front)

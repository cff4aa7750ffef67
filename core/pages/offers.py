"""Prices of products in schema.org's vocabulary: Offer, AggregateOffer, PriceSpecification."""

from decimal import Decimal
from typing import Any

from core.pages.availability import availability_of
from core.pages.json_ld import Node, Number
from core.pages.money import currency_of, plain_amount, read_amount
from core.pages.page import Price
from core.pages.things import Things, objects, text, types_of, values

_MOST_OFFERS = 200
_OLD = ("listprice", "strikethroughprice", "srp", "msrp", "suggestedretailprice", "regularprice")
_ALL_PRICES = ("lowPrice", "price", "minPrice")
_NOT_FOR_ALL = ("referenceQuantity", "validForMemberTier")


def read_offers(things: Things, product: Node) -> tuple[Price | None, str | None]:
    """Give the lowest price of a product, with the old one if its offer has one, and its availability.

    It is in stock if one of its offers is, else what the first one says that says anything.
    """
    offers = _offers(things, product)
    prices = [price for offer in offers if (price := _price(things, offer)) is not None]
    said = [availability_of(text(things, offer, "availability")) for offer in offers]
    known = [word for word in said if word is not None]
    return _lowest(prices), "in_stock" if "in_stock" in known else next(iter(known), None)


def _lowest(prices: list[Price]) -> Price | None:
    """Give the lowest of the prices in the currency of the first one."""
    if len(prices) <= 1:
        return prices[0] if prices else None
    comparable = (price for price in prices if price.currency == prices[0].currency)
    return min(comparable, key=lambda price: Decimal(price.amount))


def _offers(things: Things, product: Node) -> list[Node]:
    """Give the offers of a product, of its variants where it has none itself, and those within others."""
    found = objects(things, product, "offers", "Offers")
    for variant in () if found else objects(things, product, "hasVariant", "model"):
        found += objects(things, variant, "offers")
    for offer in found:  # which grows meanwhile
        if len(found) >= _MOST_OFFERS:
            break
        if "offers" in offer:
            found += objects(things, offer, "offers")
    return found[:_MOST_OFFERS]


def _price(things: Things, offer: Node) -> Price | None:
    code = _currency(things, offer)
    amount = _amount(values(things, offer, *_ALL_PRICES), code)
    old = None
    for specification in objects(things, offer, "priceSpecification"):
        if any(name in specification for name in _NOT_FOR_ALL):
            continue
        code = code or _currency(things, specification)
        said = _amount(values(things, specification, *_ALL_PRICES), code)
        if _is_old(things, specification):
            old = old or said
        else:
            amount = amount or said
    if amount is None:
        return None
    return Price(amount=amount[0], currency=code or amount[1], old=None if old is None else old[0])


def _currency(things: Things, node: Node) -> str | None:
    return currency_of(text(things, node, "priceCurrency", "currency"))


def _is_old(things: Things, specification: Node) -> bool:
    kind = text(things, specification, "priceType").rpartition("/")[2].rpartition("#")[2].lower()
    return kind in _OLD or any(name in _OLD for name in types_of(specification))


def _amount(said: list[Any], code: str | None) -> tuple[str, str | None] | None:
    """Read a price: a number of JSON is one already, a string may be written in any way."""
    value = next(iter(said), None)
    if isinstance(value, Number):
        number = plain_amount(value)
        return None if number is None else (number, code)
    return read_amount(value, code) if isinstance(value, str) else None

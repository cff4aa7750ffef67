"""Offers within offers."""

from core.pages.offers import read_offers
from core.pages.page import Price
from core.pages.things import collect


def test_offers_that_lead_to_each_other_come_to_an_end() -> None:
    first = {"@id": "#first", "price": "5", "priceCurrency": "EUR", "offers": [{"@id": "#second"}]}
    second = {"@id": "#second", "price": "4", "priceCurrency": "EUR", "offers": [{"@id": "#first"}] * 100}
    product = {"@type": "Product", "offers": {"@id": "#first"}}
    assert read_offers(collect([product, first, second]), product)[0] == Price(amount="4", currency="EUR")


def test_of_very_many_offers_the_first_count() -> None:
    offers = [{"price": str(1_000 - number)} for number in range(100)]
    product = {"offers": [{"price": "2000", "offers": [{"price": "3000", "offers": offers}] * 3}]}
    assert read_offers(collect([product]), product)[0] == Price(amount="901")


def test_variants_count_where_the_product_has_no_offer_itself() -> None:
    variants = [{"offers": {"price": "7"}}, {"offers": [{"price": "6", "availability": "SoldOut"}]}]
    product = {"hasVariant": variants}
    assert read_offers(collect([product]), product) == (Price(amount="6"), "out_of_stock")

"""What ogp.me shows: basic metadata, structured properties, arrays, types; and what shops add to it."""

import pytest

from tests.core.pages.conftest import Read


def _tags(*pairs: str) -> str:
    names_and_contents = (pair.partition("=") for pair in pairs)
    tags = (f'<meta property="{name}" content="{content}" />' for name, _, content in names_and_contents)
    return f"<html prefix='og: https://ogp.me/ns#'><head><title>x</title>{''.join(tags)}</head></html>"


def test_basic_and_optional_metadata(read: Read) -> None:
    page = read(
        _tags(
            "og:title=The Rock",
            "og:type=video.movie",
            "og:url=https://films.example/title/tt0117500/",
            "og:image=https://img.films.example/rock.jpg",
            "og:description=Sean Connery found fame &amp;amp; fortune",
            "og:determiner=the",
            "og:locale=en_GB",
            "og:locale:alternate=fr_FR",
            "og:site_name=Films",
            "video:release_date=1996-06-07",
            "video:tag=Action",
            "video:tag=Island",
        )
    )
    assert (page.title, page.canonical) == ("The Rock", "https://films.example/title/tt0117500/")
    assert (page.image, page.site) == ("https://img.films.example/rock.jpg", "Films")
    assert page.description == "Sean Connery found fame & fortune"
    assert (page.language, page.tags) == ("en-GB", ("Action", "Island"))
    assert page.published_ms == 834_105_600_000


def test_structured_properties_belong_to_their_picture(read: Read) -> None:
    structured = (
        "og:image:secure_url=https://a.example/o.jpg",
        "og:image:width=400",
        "og:image:alt=An apple",
    )
    assert read(_tags("og:image=http://a.example/o.jpg", *structured)).image == "http://a.example/o.jpg"
    assert read(_tags("og:image=data:none", *structured)).image == "https://a.example/o.jpg"


def test_the_first_of_an_array_is_preferred(read: Read) -> None:
    page = read(
        _tags("og:image=/rock.jpg", "og:image:width=300", "og:image=/rock2.jpg", "og:image=/rock3.jpg")
    )
    assert page.image == "https://shop.example/rock.jpg"


def test_articles(read: Read) -> None:
    page = read(
        _tags(
            "og:type=article",
            "article:published_time=2026-11-01T10:00:00+03:00",
            "article:author=https://people.example/ann",
            "article:author=Ann Writer",
            "article:tag=Sea",
            "article:tag=SEA",
            "article:tag=Land",
        )
    )
    assert (page.published_ms, page.author) == (1_793_516_400_000, "Ann Writer")
    assert page.tags == ("Sea", "Land")


@pytest.mark.parametrize(
    ("tags", "price"),
    [
        (("product:price:amount=19.99", "product:price:currency=USD"), ("19.99", "USD", None, None)),
        (("og:price:amount=1,299.00", "og:price:currency=eur"), ("1299.00", "EUR", None, None)),
        (
            (
                "product:price:amount=100",
                "product:price:currency=EUR",
                "product:sale_price:amount=80",
                "product:sale_price:currency=EUR",
            ),
            ("80", "EUR", "100", 20),
        ),
        (
            ("product:price:amount=2 990 ₽", "product:original_price:amount=3 990 ₽"),
            ("2990", "RUB", "3990", 25),
        ),
        (("product:price:amount=90", "og:price:standard_amount=80"), ("90", None, None, None)),
        (("product:price:amount=on request", "product:price:currency=EUR"), (None, None, None, None)),
        (("product:price:amount=5", "product:price:currency=ZZZ"), ("5", None, None, None)),
    ],
)
def test_prices(tags: tuple[str, ...], price: tuple[object, ...], read: Read) -> None:
    page = read(_tags(*tags))
    assert (page.price, page.currency, page.old_price, page.discount) == price


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("instock", "in_stock"),
        ("in stock", "in_stock"),
        ("https://schema.org/LimitedAvailability", "in_stock"),
        ("oos", "out_of_stock"),
        ("Out of stock", "out_of_stock"),
        ("preorder", "preorder"),
        ("available for order", "in_stock"),
        ("BackOrder", "backorder"),
        ("discontinued", "discontinued"),
        ("ask us", None),
    ],
)
def test_availability(said: str, meant: str | None, read: Read) -> None:
    assert read(_tags(f"product:availability={said}")).availability == meant

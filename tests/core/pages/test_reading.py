"""Which source is trusted in which field, and what is done to what it says."""

import pytest

from core.pages.page import Page
from tests.core.pages.conftest import URL, Read

_OG = '<meta property="og:title" content="Open Graph"><meta property="og:image" content="/og.jpg">'
_TWITTER = '<meta name="twitter:title" content="Twitter"><meta name="twitter:image" content="/tw.jpg">'
_JSON_LD = (
    '<script type="application/ld+json">{"@type": "Thing", "name": "JSON-LD", "image": "/ld.jpg"}</script>'
)
_MICRODATA = '<p itemscope itemtype="https://schema.org/Thing"><i itemprop="name">Microdata</i></p>'
_RDFA = '<p vocab="https://schema.org/" typeof="Thing"><i property="name">RDFa</i></p>'
_META = '<meta name="dc.title" content="Meta">'
_TITLE = "<title>Title</title>"


def test_titles_in_the_order_of_trust(read: Read) -> None:
    sources = [_OG, _TWITTER, _JSON_LD, _MICRODATA, _RDFA, _TITLE, _META]
    found = [read("".join(reversed(sources[n:])) + "text").title for n in range(len(sources))]
    assert found == ["Open Graph", "Twitter", "JSON-LD", "Microdata", "RDFa", "Title", "Meta"]


def test_fields_come_from_different_sources(read: Read) -> None:
    page = read(
        f'<html lang="de-at"><head>{_TITLE}{_TWITTER}<meta name="author" content="By Ann">'
        '<meta name="byl" content="By Bob"><meta name="keywords" content="a, b,A,, c">'
        '<meta name="DC.date.issued" content="2026-11-01"><meta itemprop="price" content="5">'
        '<meta name="description" content=" two\n  lines "></head>'
    )
    assert page == Page(
        title="Twitter",
        description="two lines",
        image="https://shop.example/tw.jpg",
        author="Ann, Bob",
        published_ms=1_793_491_200_000,
        language="de-AT",
        tags=("a", "b", "c"),
        price="5",
    )


def test_a_blank_or_wrong_value_is_none(read: Read) -> None:
    page = read(
        '<meta property="og:title" content=" "><meta property="og:image" content="javascript:x">'
        '<meta property="article:published_time" content="soon"><meta name="date" content="2026-11-01">'
        '<meta property="og:locale" content="english">' + _TWITTER
    )
    assert (page.title, page.image, page.language) == ("Twitter", "https://shop.example/tw.jpg", "")
    assert page.published_ms == 1_793_491_200_000


def test_prices_are_not_mixed(read: Read) -> None:
    offer = '"offers": {"price": "%s", "priceCurrency": "EUR"}'
    script = '<script type="application/ld+json">{"@type": "Product", "name": "x", ' + offer + "}</script>"
    tag = '<meta property="product:price:amount" content="10.00">'
    assert read(tag + script % "10").currency == "EUR"
    assert read(tag + script % "11").currency is None
    assert read(tag + script % "11").price == "10.00"


def test_a_card_may_hold_a_labelled_price(read: Read) -> None:
    card = '<meta name="twitter:label1" content="Price"><meta name="twitter:data1" content="€5">'
    assert (read(card).price, read(card).currency) == ("5", "EUR")
    assert read(card.replace("Price", "Reading time")).price is None


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/things/lamp?a=1">', "https://shop.example/things/lamp?a=1"),
        ('<LINK href=../lamp REL="shortlink Canonical">', "https://shop.example/lamp"),
        ('<base href="https://other.example/b/"><link rel=canonical href=c>', "https://other.example/b/c"),
        ('<link rel="canonical" href="/">', None),
        ('<link rel="canonical" href="https://shop.example/en/">', None),
        ('<link rel="canonical" href="https://other.example">', None),
        ('<meta property="og:url" content="/"><link rel="canonical" href="/l">', "https://shop.example/l"),
        ('<link rel="canonical" href="javascript:void(0)">', None),
        ('<!-- <link rel="canonical" href="/x"> -->', None),
        ('<script>\'<link rel="canonical" href="/x">\'</script>Words of the page itself', None),
        (f'<link rel="canonical" href="/{"x" * 9000}">', None),
    ],
)
def test_canonical(head: str, canonical: str | None, read: Read) -> None:
    assert read(f"<title>T</title>{head}").canonical == canonical


def test_both_addresses_are_aliases(read: Read) -> None:
    page = read('<meta property="og:url" content="/a"><link rel="canonical" href="/b">')
    assert page.aliases == ("https://shop.example/a", "https://shop.example/b")
    assert page.canonical == "https://shop.example/a"


def test_a_front_page_may_call_itself_so(read: Read) -> None:
    for url in ("https://shop.example/", "https://shop.example/de/", "https://shop.example/index.html"):
        page = read('<title>T</title><link rel="canonical" href="https://shop.example/">', url=url)
        assert page.canonical == "https://shop.example/"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Привет, мир</title>".encode("cp1251"), "text/html; charset=windows-1251"),
        (b'<meta charset="windows-1251">' + "<title>Привет, мир</title>".encode("cp1251"), ""),
        ("<title>Привет, мир</title>".encode("cp1251"), ""),
        ("<title>Привет, мир</title>".encode("utf-16"), ""),
        ("\ufeff<title>Привет, мир</title>".encode(), "text/html; charset=latin-1"),
        (b"<?xml version='1.0' encoding='koi8-r'?>" + "<title>Привет, мир</title>".encode("koi8-r"), ""),
    ],
    ids=["HTTP", "meta", "guessed", "UTF-16", "byte order mark", "XML declaration"],
)
def test_charsets(body: bytes, content_type: str, read: Read) -> None:
    assert read(body + b"text", content_type=content_type).title == "Привет, мир"


def test_json_ld_behind_the_head_has_the_charset_of_the_page(read: Read) -> None:
    page = (
        '<meta charset="windows-1251"><title>x</title></head><body>'
        + "<p>" * 5_000
        + '<script type="application/ld+json">{"@type": "Article", "headline": "Мир"}</script>'
    )
    assert read(page.encode("cp1251")).title == "Мир"


def test_json_ld_in_comments_does_not_count(read: Read) -> None:
    assert read(f"{_TITLE}</head><body><!-- {_JSON_LD} -->Words of the page itself").title == "Title"


def test_an_end_of_the_head_within_a_script_is_none(read: Read) -> None:
    assert read(f"{_TITLE}<script>x='</head>'</script>{_OG}</head><body>").title == "Open Graph"


def test_a_head_that_names_nothing_may_continue_in_the_body(read: Read) -> None:
    assert read(f"<html><head></head><body>{_OG}{_TITLE}").title == "Open Graph"


def test_attributes_of_every_form(read: Read) -> None:
    page = read(
        "<META content=One PROPERTY=og:title content=Two>"
        '<meta name=\'description\' content=\'it&apos;s "so"\'/><meta content="a > b" name="author">'
    )
    assert (page.title, page.description, page.author) == ("One", 'it\'s "so"', "a > b")


def test_strings_are_clean_and_bounded(read: Read) -> None:
    page = read(
        f'<title>a\x00b\x1b&#7;</title><meta name="description" content="{"x" * 50_000}">'
        f'<meta name="keywords" content="{",".join(map(str, range(500)))}">'
    )
    assert page.title.isprintable()
    assert (len(page.description), len(page.tags)) == (5_000, 30)


def test_without_an_address_relative_links_are_none(read: Read) -> None:
    assert read(f'{_OG}<link rel="canonical" href="https://a.example/">', url="").image is None
    assert (
        read(f'{_OG}<link rel="canonical" href="https://a.example/">', url="").canonical
        == "https://a.example/"
    )


def test_the_address_of_the_page_is_no_alias(read: Read) -> None:
    assert read(_TITLE + "text", url=URL).aliases == ()

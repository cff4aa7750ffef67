"""What schema.org's pages show, each in JSON-LD, microdata and RDFa: written after its vocabulary."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.core.pages.conftest import Read


@dataclass(frozen=True)
class Example:
    """The same thing in three syntaxes, after a page of schema.org, and what is to be read of it."""

    page: str
    json_ld: str
    microdata: str
    rdfa: str
    facts: dict[str, Any]


EXAMPLES = [
    Example(
        page="https://schema.org/Product",
        json_ld="""{"@context": "https://schema.org", "@type": "Product", "name": "Desk lamp",
          "description": "Gives light.", "image": "lamp.jpg", "brand": {"@type": "Brand", "name": "ACME"},
          "aggregateRating": {"@type": "AggregateRating", "ratingValue": "4.4", "reviewCount": "89"},
          "offers": {"@type": "Offer", "priceCurrency": "USD", "price": "119.99",
            "availability": "https://schema.org/InStock"}}""",
        microdata="""<div itemscope itemtype="https://schema.org/Product">
          <span itemprop="name">Desk lamp</span>
          <img itemprop="image" src="lamp.jpg" alt=""> <span itemprop="description">Gives light.</span>
          <div itemprop="brand" itemscope itemtype="https://schema.org/Brand"><b itemprop="name">ACME</b>
          </div>
          <div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">
            <span itemprop="ratingValue">4.4</span> stars of
            <span itemprop="reviewCount">89</span> reviews</div>
          <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
            <span itemprop="priceCurrency" content="USD">$</span>
            <span itemprop="price" content="119.99">119,99
            </span><link itemprop="availability" href="https://schema.org/InStock">In stock</div></div>""",
        rdfa="""<div vocab="https://schema.org/" typeof="Product"><span property="name">Desk lamp</span>
          <img property="image" src="lamp.jpg" alt=""> <span property="description">Gives light.</span>
          <div property="brand" typeof="Brand"><b property="name">ACME</b></div>
          <div property="aggregateRating" typeof="AggregateRating">
            <span property="ratingValue">4.4</span> stars of
            <span property="reviewCount">89</span> reviews</div>
          <div property="offers" typeof="Offer"><span property="priceCurrency" content="USD">$</span>
            <span property="price" content="119.99">119,99</span>
            <link property="availability" href="https://schema.org/InStock">In stock</div></div>""",
        facts={
            "title": "Desk lamp", "description": "Gives light.", "price": "119.99", "currency": "USD",
            "image": "https://shop.example/things/lamp.jpg", "availability": "in_stock", "rating": 4.4,
            "reviews": 89,
        },
    ),
    Example(
        page="https://schema.org/Offer",
        json_ld="""{"@context": "https://schema.org/", "@type": "IndividualProduct", "name": "Bed frame",
          "offers": {"@type": "Offer", "price": 1200, "priceCurrency": "EUR", "itemCondition":
            "https://schema.org/UsedCondition", "availability": "https://schema.org/SoldOut"}}""",
        microdata="""<div itemscope itemtype="http://schema.org/IndividualProduct">
          <i itemprop="name">Bed frame</i>
          <p itemprop="offers" itemscope itemtype="http://schema.org/Offer"><b itemprop="price">1 200</b>
          <meta itemprop="priceCurrency" content="EUR"><link itemprop="itemCondition"
          href="http://schema.org/UsedCondition">
          <link itemprop="availability" href="http://schema.org/SoldOut">
          </p></div>""",
        rdfa="""<div vocab="http://schema.org/" typeof="IndividualProduct"><i property="name">Bed frame</i>
          <p property="offers" typeof="Offer"><b property="price">1 200</b>
          <meta property="priceCurrency" content="EUR">
          <link property="availability" href="http://schema.org/SoldOut"></p></div>""",
        facts={"title": "Bed frame", "price": "1200", "currency": "EUR", "availability": "out_of_stock"},
    ),
    Example(
        page="https://schema.org/AggregateOffer",
        json_ld="""{"@context": "https://schema.org/", "@type": "Product", "name": "Camera", "offers":
          {"@type": "AggregateOffer", "lowPrice": "899", "highPrice": "999", "offerCount": "2",
          "priceCurrency": "GBP", "offers": [{"@type": "Offer", "price": "999", "priceCurrency": "GBP",
          "url": "a"}, {"@type": "Offer", "price": "899", "priceCurrency": "GBP", "url": "b"}]}}""",
        microdata="""<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Camera</h1>
          <div itemprop="offers" itemscope itemtype="https://schema.org/AggregateOffer">from
          <b itemprop="lowPrice">£899</b> to <b itemprop="highPrice">£999</b>
          <meta itemprop="priceCurrency" content="GBP" /></div></div>""",
        rdfa="""<div vocab="https://schema.org/" typeof="Product"><h1 property="name">Camera</h1>
          <div property="offers" typeof="AggregateOffer">from <b property="lowPrice">£899</b> to
          <b property="highPrice">£999</b></div></div>""",
        facts={"title": "Camera", "price": "899", "currency": "GBP", "old_price": None, "discount": None},
    ),
    Example(
        page="https://schema.org/AggregateRating",
        json_ld="""{"@context": "https://schema.org", "@type": "Restaurant", "name": "The Harbour",
          "aggregateRating":
          {"@type": "AggregateRating", "ratingValue": 88, "bestRating": "100", "ratingCount": 20}}""",
        microdata="""<div itemscope itemtype="https://schema.org/Restaurant">
          <h1 itemprop="name">The Harbour</h1>
          <div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">
          <b itemprop="ratingValue">88</b> of <b itemprop="bestRating">100</b>,
          <b itemprop="ratingCount">20</b> ratings</div></div>""",
        rdfa="""<div vocab="https://schema.org/" typeof="Restaurant"><h1 property="name">The Harbour</h1>
          <div property="aggregateRating" typeof="AggregateRating"><b property="ratingValue">88</b> of
          <b property="bestRating">100</b>, <b property="ratingCount">20</b> ratings</div></div>""",
        facts={"title": "The Harbour", "rating": 88.0, "reviews": 20, "price": None},
    ),
    Example(
        page="https://schema.org/Article",
        json_ld="""{"@context": "https://schema.org", "@type": "Article", "name": "How to tie a reef knot",
          "author": {"@type": "Person", "name": "Ann Sailor"}, "datePublished": "2009-05-08",
          "keywords": ["knots", "boats"], "inLanguage": "en", "interactionStatistic": []}""",
        microdata="""<div itemscope itemtype="https://schema.org/Article">
          <span itemprop="name">How to tie a reef
          knot</span> by <span itemprop="author" itemscope itemtype="https://schema.org/Person"><span
          itemprop="name">Ann Sailor</span></span>
          <time itemprop="datePublished" datetime="2009-05-08">May</time>
          <meta itemprop="inLanguage" content="en"><meta itemprop="keywords" content="knots, boats"></div>""",
        rdfa="""<div vocab="https://schema.org/" typeof="Article"><span property="name">How to tie a reef
          knot</span> by <span property="author" typeof="Person"><span property="name">Ann Sailor</span>
          </span>
          <time property="datePublished" datetime="2009-05-08">May</time>
          <meta property="inLanguage" content="en"><meta property="keywords" content="knots, boats"></div>""",
        facts={
            "title": "How to tie a reef knot", "author": "Ann Sailor", "published_ms": 1_241_740_800_000,
            "tags": ("knots", "boats"), "language": "en",
        },
    ),
    Example(
        page="https://schema.org/NewsArticle",
        json_ld="""{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry resumes",
          "image": ["/photos/1x1.jpg", "/photos/4x3.jpg"], "datePublished": "2015-02-05T08:00:00+08:00",
          "author": [{"@type": "Person", "name": "Jane"}, {"@type": "Person", "name": "John"}],
          "publisher": {"@type": "Organization", "name": "Harbour Times", "logo": {"@type": "ImageObject",
          "url": "logo.png"}}, "mainEntityOfPage": {"@type": "WebPage",
          "@id": "https://shop.example/ferry"}}""",
        microdata="""<article itemscope itemtype="https://schema.org/NewsArticle">
          <h2 itemprop="headline">Ferry resumes</h2><img itemprop="image" src="/photos/1x1.jpg" alt="">
          <meta itemprop="datePublished" content="2015-02-05T08:00:00+08:00">
          <p itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Jane</b></p>
          <p itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">John</b></p>
          <p itemprop="publisher" itemscope itemtype="https://schema.org/Organization">
          <b itemprop="name">Harbour
          Times</b></p><link itemprop="mainEntityOfPage" href="https://shop.example/ferry"></article>""",
        rdfa="""<article vocab="https://schema.org/" typeof="NewsArticle">
          <h2 property="headline">Ferry resumes</h2><img property="image" src="/photos/1x1.jpg" alt="">
          <meta property="datePublished" content="2015-02-05T08:00:00+08:00">
          <p property="author" typeof="Person"><b property="name">Jane</b></p>
          <p property="author" typeof="Person"><b property="name">John</b></p>
          <p property="publisher" typeof="Organization"><b property="name">Harbour Times</b></p>
          <link property="mainEntityOfPage" href="https://shop.example/ferry"></article>""",
        facts={
            "title": "Ferry resumes", "image": "https://shop.example/photos/1x1.jpg", "author": "Jane, John",
            "published_ms": 1_423_094_400_000, "site": "Harbour Times",
            "canonical": "https://shop.example/ferry",
        },
    ),
    Example(
        page="https://schema.org/VideoObject",
        json_ld="""{"@context": "https://schema.org", "@type": "VideoObject", "name": "Foo Fighters, live",
          "description": "Two songs.", "duration": "T0M15S", "thumbnail": "shot.jpg",
          "uploadDate": "2012-07-05T10:00:00Z"}""",
        microdata="""<div itemscope itemtype="https://schema.org/VideoObject">
          <h2 itemprop="name">Foo Fighters,
          live</h2><meta itemprop="duration" content="T0M15S"><img itemprop="thumbnail" src="shot.jpg" alt="">
          <p itemprop="description">Two songs.</p>
          <meta itemprop="uploadDate" content="2012-07-05T10:00:00Z"></div>""",
        rdfa="""<div vocab="https://schema.org/" typeof="VideoObject">
          <h2 property="name">Foo Fighters, live</h2>
          <meta property="duration" content="T0M15S"><img property="thumbnail" src="shot.jpg" alt="">
          <p property="description">Two songs.</p>
          <meta property="uploadDate" content="2012-07-05T10:00:00Z"></div>""",
        facts={
            "title": "Foo Fighters, live", "description": "Two songs.", "published_ms": 1_341_482_400_000,
            "image": "https://shop.example/things/shot.jpg",
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize("syntax", ["json_ld", "microdata", "rdfa"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.page.rpartition("/")[2])
def test_all_syntaxes_say_the_same(example: Example, syntax: str, read: Read) -> None:
    text = getattr(example, syntax)
    if syntax == "json_ld":
        text = f'<script type="application/ld+json">{text}</script>'
    page = read(f"<!DOCTYPE html><html><head></head><body>{text}</body></html>")
    assert {name: getattr(page, name) for name in example.facts} == example.facts


_MANY = """<script type="application/ld+json">[
 {"@type": "Product", "name": "Red", "url": "https://shop.example/red", "offers": {"price": 1}},
 {"@type": "Product", "name": "Lamp", "url": "https://shop.example/things/lamp", "offers": {"price": 2}},
 {"@type": "Product", "name": "Blue", "offers": {"price": 3}}]</script>"""


def test_of_several_products_the_page_is_about_its_own(read: Read) -> None:
    assert (read(_MANY).title, read(_MANY).price) == ("Lamp", "2")
    elsewhere = read("<title>All lamps</title>" + _MANY, url="https://shop.example/lamps")
    assert (elsewhere.title, elsewhere.price) == ("All lamps", None)


def test_old_prices_are_told_by_their_type(read: Read) -> None:
    page = read("""<script type="application/ld+json">{"@type": "Product", "name": "Lamp", "offers": [
      {"@type": "Offer", "priceCurrency": "EUR", "price": "75", "priceSpecification": [
        {"@type": "UnitPriceSpecification", "priceType": "https://schema.org/StrikethroughPrice",
          "price": 100},
        {"@type": "UnitPriceSpecification", "price": 7.5, "referenceQuantity": {"value": 1}}]}]}</script>""")
    assert (page.price, page.old_price, page.discount, page.currency) == ("75", "100", 25, "EUR")


def test_references_within_a_graph_are_followed(read: Read) -> None:
    page = read("""<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
      {"@type": "Organization", "@id": "#us", "name": "The Paper"}, {"@type": "WebSite",
          "name": "Paper online"},
      {"@type": ["NewsArticle", "Report"], "headline": "One", "author": {"@id": "#ann"},
          "image": {"@id": "#i"},
       "publisher": {"@id": "#us"}}, {"@type": "Person", "@id": "#ann", "name": "Ann"},
      {"@type": "ImageObject", "@id": "#i", "url": "/i.jpg"}, {"@type": "BreadcrumbList", "name": "no"}]}
      </script>""")
    assert (page.title, page.author, page.site) == ("One", "Ann", "The Paper")
    assert page.image == "https://shop.example/i.jpg"


def test_variants_of_a_group_have_one_price(read: Read) -> None:
    page = read("""<script type="application/ld+json">{"@type": "ProductGroup", "name": "Coat",
          "hasVariant": [
      {"@type": "Product", "name": "S", "offers": {"price": 90, "priceCurrency": "PLN",
       "availability": "OutOfStock"}},
      {"@type": "Product", "name": "M", "offers": {"price": 80, "priceCurrency": "PLN",
       "availability": "InStock"}}]}</script>""")
    assert (page.title, page.price, page.currency, page.availability) == ("Coat", "80", "PLN", "in_stock")


def test_items_may_have_properties_elsewhere(read: Read) -> None:
    page = read("""<div itemscope itemtype="https://schema.org/Product" itemref="far"></div>
      <p id="far"><b itemprop="name">Lamp</b></p><b itemprop="name">of nothing</b>""")
    assert page.title == "Lamp"


def test_names_may_be_written_in_full(read: Read) -> None:
    page = read("""<script type="application/ld+json">{"@type": "http://schema.org/Product",
      "http://schema.org/name": "Lamp", "schema:description": {"@value": "Light",
          "@language": "en"}}</script>""")
    assert (page.title, page.description) == ("Lamp", "Light")

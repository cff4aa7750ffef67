"""`python -m bench.pages`: what reading a page's metadata costs, beside parsing all of the page with lxml."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from functools import partial

import click
from lxml import html

from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.entries import Document
from core.pages.enough import enough
from core.pages.reading import read_page

PAGE_BYTES = 100_000
REPEATS = 20
URL = "https://news.example/2026/11/report"
_ROW = (
    '<div class="row item-{n}"><h3><a href="/story/{n}">Story number {n}</a></h3>'
    "<p>The committee met on Tuesday to consider the report, and adopted it <b>without</b> changes "
    "after a short debate; members asked.</p>"
    '<ul><li><a href="/t/{n}">tag</a></li><li>two</li></ul></div>\n'
)
_OFFER = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Desk lamp",
    "image": ["https://news.example/lamp.jpg"],
    "description": "Gives light to a desk.",
    "brand": {"@type": "Brand", "name": "ACME"},
    "aggregateRating": {"@type": "AggregateRating", "ratingValue": "4.4", "reviewCount": "89"},
    "offers": {"@type": "Offer", "price": "119.99", "priceCurrency": "USD", "availability": "InStock"},
}
_STORY = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": "Committee adopts report",
            "datePublished": "2026-11-01T10:00:00Z",
            "author": {"@type": "Person", "name": "Ann Writer"},
            "image": ["https://news.example/i/1.jpg"],
            "publisher": {"@type": "Organization", "name": "The Daily Measure"},
        },
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "x"}] * 4},
    ],
}


def article() -> bytes:
    """Give a news page: all it says of itself stands in its head."""
    tags = _tags("article") + _tag("property", "article:published_time", "2026-11-01T10:00:00Z")
    return _page(tags + _script(_STORY), "")


def cyrillic() -> bytes:
    """Give the same page with words whose characters take two bytes each, and no word about its charset."""
    words = {"committee": "комитет", "Committee": "Комитет", "report": "отчёт", "Story": "Новость"}
    text = article().decode()
    for word, translated in words.items():
        text = text.replace(word, translated)
    return text.replace(f"2026/11/{words['report']}", "2026/11/report").encode()


def product() -> bytes:
    """Give a page of a shop: its price stands in JSON-LD, behind everything else."""
    return _page(_tags("product"), _script(_OFFER))


def items() -> bytes:
    """Give a page of a shop that says its price in microdata: the whole page must become a tree."""
    offer = '<p itemprop="offers" itemscope><b itemprop="price">119.99</b></p>'
    return _page(_tags("product"), f'<div itemscope itemtype="https://schema.org/Product">{offer}</div>')


def _tags(kind: str) -> str:
    names = {
        "og:title": "Committee adopts report",
        "og:type": kind,
        "og:image": "https://news.example/i/1.jpg",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:url": URL,
        "og:site_name": "The Daily Measure",
        "og:description": "The committee met on Tuesday to consider the report",
        "og:locale": "en_GB",
    }
    cards = {"card": "summary_large_image", "title": "Committee", "image": "https://news.example/i/1.jpg"}
    return (
        "".join(_tag("property", name, content) for name, content in names.items())
        + "".join(_tag("name", f"twitter:{name}", content) for name, content in cards.items())
        + _tag("name", "description", "The committee met")
        + _tag("name", "viewport", "width=device-width")
        + f'<link rel="canonical" href="{URL}">\n'
    )


def _tag(key: str, name: str, content: str) -> str:
    return f'<meta {key}="{name}" content="{content}">\n'


def _script(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def _page(tags: str, tail: str) -> bytes:
    loads = (f'<link rel="stylesheet" href="/{n}.css">\n<script src="/{n}.js"></script>\n' for n in range(10))
    code = (
        "<style>"
        + ".a{color:red;margin:0}" * 80
        + "</style><script>"
        + 'window.x=["a",1];' * 100
        + "</script>"
    )
    tags = f"<title>Report</title>{tags}{''.join(loads)}{code}"
    head = f'<!DOCTYPE html><html lang="en"><head>{tags}</head>\n<body>'
    end = f"{tail}</body></html>"
    rows: list[str] = []
    room = PAGE_BYTES - len(head) - len(end)
    while room > 0:
        rows.append(_ROW.format(n=len(rows)))
        room -= len(rows[-1])
    return (head + "".join(rows) + end).encode()


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P9, of an article that says everything in its head; the other pages in the note."""
    found = measure(rounds, repeats=2 if quick else REPEATS)
    ratios = {
        name: statistics.median(
            a / b for a, b in zip(found[f"ours, {name}"], found[f"lxml, {name}"], strict=True)
        )
        for name in PAGES
    }
    note = ", ".join(f"{name} {ratio:.3f}" for name, ratio in ratios.items())
    return [Result(name="P9", ours=found["ours, article"], reference=found["lxml, article"], note=note)]


def measure(rounds: int, *, repeats: int = REPEATS) -> Found:
    """Take the CPU seconds of each page, read by us and by lxml."""
    variants: dict[str, Callable[[], object]] = {}
    for name, make in PAGES.items():
        body = make()
        variants[f"lxml, {name}"] = partial(html.fromstring, body)
        variants[f"ours, {name}"] = partial(read_page, Document(body=body, url=URL))
    variants["enough, article"] = partial(enough, _head())
    found: Found = {}
    gc.collect()
    for counts, name in in_turn(list(variants), rounds):
        started_s = time.process_time()
        for _ in range(repeats):
            variants[name]()
        if counts:
            found.setdefault(name, []).append((time.process_time() - started_s) / repeats)
    return found


def _head() -> bytes:
    page = article()
    return page[: page.index(b"</head>") + 7]


PAGES: dict[str, Callable[[], bytes]] = {
    "article": article,
    "article in Cyrillic": cyrillic,
    "product, JSON-LD at its end": product,
    "product in microdata": items,
}


@click.command()
@click.option("--rounds", default=21, show_default=True)
def main(rounds: int) -> None:
    """P9: metadata against the tree alone; print medians with their spread."""
    found = measure(max(rounds, 7))
    head_kb = len(_head()) / 1000
    print(f"A page of {PAGE_BYTES / 1000:.0f} KB, its head of {head_kb:.1f} KB, {rounds} rounds; CPU")
    show_seconds(found)
    for name in PAGES:
        show_ratio(f"P9  {name}", found[f"ours, {name}"], found[f"lxml, {name}"])


if __name__ == "__main__":
    main()

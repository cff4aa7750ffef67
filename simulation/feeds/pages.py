"""The web pages of a site: its front door, and one for each entry."""

from html import escape

from simulation.feeds.documents import CONTENT_TYPES
from simulation.feeds.entry import Entry
from simulation.feeds.feed import Feed


def home_page(feed: Feed) -> str:
    """A page that names the feed, as browsers and readers look for it."""
    kind = CONTENT_TYPES[feed.form].partition(";")[0]
    link = f'<link rel="alternate" type="{kind}" title="{escape(feed.title)}" href="{escape(feed.path[1:])}">'
    items = "".join(f'<li><a href="{escape(one.link)}">{escape(one.title)}</a></li>' for one in feed.shown)
    return _page(feed.title, link, f"<h1>{escape(feed.title)}</h1><ul>{items}</ul>")


def article(feed: Feed, entry: Entry) -> str:
    """The page of one entry, described as Open Graph has it."""
    properties = {
        "og:type": "article",
        "og:title": entry.title,
        "og:url": entry.link,
        "og:site_name": feed.title,
        "og:description": f"All about entry {entry.number}.",
        "og:image": entry.image,
    }
    head = "".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items() if value
    )
    canonical = f'<link rel="canonical" href="{escape(entry.link)}">'
    body = f"<article><h1>{escape(entry.title)}</h1>{entry.summary}</article>"
    return _page(entry.title, canonical + head, body)


def _page(title: str, head: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}'
        f"</head><body>{body}</body></html>"
    )

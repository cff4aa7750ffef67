"""One item of a list on a page: its link, its title, its picture, its price, its date."""

import re
from typing import Protocol

from selectolax.lexbor import LexborNode

from core.documents.dates import parse_date
from core.documents.html import Page, text_of
from core.documents.text import one_line
from core.entries import Entry
from core.text import cut

_HEADINGS = "h1, h2, h3, h4, h5, h6"
_PICTURES = "img, picture source"
_LONGEST_TITLE = 300
# Where a page that loads pictures late keeps the true address; its src is then a placeholder.
_LATE = ("data-src", "data-original", "data-lazy-src", "data-lazy")
_SETS = ("srcset", "data-srcset")
_SET_MEMBER = re.compile(r"([^\s,]\S*[^\s,])(?:\s+([0-9.]{1,9})[wx])?\s*(?:,|$)")
_BACKGROUND = re.compile(r"""background(?:-image)?\s*:[^;]{0,200}?url\(\s*["']?([^"')]+)""", re.IGNORECASE)


class ItemRules(Protocol):
    """Selectors of the parts of an item; empty ones are found."""

    @property
    def link(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def image(self) -> str: ...
    @property
    def price(self) -> str: ...


def read_item(page: Page, node: LexborNode, rules: ItemRules) -> Entry | None:
    """Read an item; None where it has neither a link nor a title.

    Without rules the link is that of its heading, else its first one; the title is the heading, else the
    text of the link, else the words of its picture. The date is that of the first `<time datetime>`.
    The price, where a rule says where it stands, is the summary.
    """
    link = _within(node, rules.link) if rules.link else main_link(node)
    url = page.link(_target(link)) if link is not None else None
    title = _title(node, link, rules)
    if url is None and not title:
        return None
    price = _within(node, rules.price) if rules.price else None
    return Entry(
        url=url,
        title=cut(title, _LONGEST_TITLE),
        summary="" if price is None else text_of(price) or one_line(price.attributes.get("content") or ""),
        published_ms=_published(node),
        image=_image(page, node, rules),
    )


def main_link(node: LexborNode) -> LexborNode | None:
    """Find the link that an item is about."""
    if _target_here(node):
        return node
    for heading in node.css(_HEADINGS):
        for link in heading.css("a[href]"):
            if _target_here(link):
                return link
    return next((link for link in node.css("a[href]") if _target_here(link)), None)


def _target_here(node: LexborNode) -> str:
    href = (node.attributes.get("href") or "").strip()
    return "" if node.tag != "a" or href.lower().startswith(("#", "javascript:", "mailto:", "tel:")) else href


def _target(link: LexborNode) -> str | None:
    """Give where a link leads; a rule may also name something around one, or one with data-href."""
    own = link.attributes.get("href") or link.attributes.get("data-href")
    if own:
        return own
    inner = main_link(link)
    return None if inner is None else inner.attributes.get("href")


def _title(node: LexborNode, link: LexborNode | None, rules: ItemRules) -> str:
    if rules.title:
        found = _within(node, rules.title)
        return "" if found is None else _words(found)
    heading = next((text for each in node.css(_HEADINGS) if (text := text_of(each))), "")
    if heading or link is None:
        return heading or _words(node)
    href = link.attributes.get("href")
    same = (each for each in node.css("a[href]") if each.attributes.get("href") == href)
    return _words(link) or next((words for each in same if (words := _words(each))), "")


def _words(node: LexborNode) -> str:
    """Give what an element says: its text, else what stands for it."""
    text = text_of(node)
    if text:
        return text
    picture = node if node.tag == "img" else node.css_first("img[alt]")
    said = (node.attributes.get("title"), picture.attributes.get("alt") if picture is not None else None)
    return next((line for words in said if words and (line := one_line(words))), "")


def _published(node: LexborNode) -> int | None:
    time = node.css_first("time[datetime]")
    return None if time is None else parse_date(time.attributes.get("datetime") or "")


def _image(page: Page, node: LexborNode, rules: ItemRules) -> str | None:
    if rules.image:
        found = _within(node, rules.image)
        candidates = [] if found is None else [found, *found.css(_PICTURES)]
    else:
        candidates = ([node] if node.tag == "img" else []) + node.css(_PICTURES)
    return next((url for each in candidates if (url := page.link(_picture(each)))), None)


def _picture(node: LexborNode) -> str | None:
    said = node.attributes
    late = next((address for name in _LATE if (address := said.get(name))), None)
    if late:
        return late
    source = (said.get("src") or "").strip()
    if source and not source.lower().startswith("data:"):
        return source
    largest = next((address for name in _SETS if (address := _largest(said.get(name) or ""))), None)
    background = _BACKGROUND.search(said.get("style") or "")
    return largest or (background[1].strip() if background else None)


def _largest(srcset: str) -> str | None:
    """Give the largest picture of a srcset (HTML, 4.8.4.2.1), the first of equal ones."""
    best, size = None, -1.0
    for found in _SET_MEMBER.finditer(srcset[:4000]):
        if (width := _number(found[2])) > size and not found[1].startswith("data:"):
            best, size = found[1], width
    return best


def _number(text: str | None) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def _within(node: LexborNode, selector: str) -> LexborNode | None:
    """Find a part of an item, which may be the item itself."""
    found = node.css_first(selector)
    if found is not None:
        return found
    return node if node.css_matches(selector) else None

"""What a template may name: fields of the link, of its page and of its source."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.languages import marked
from core.protocol import PostContent
from core.rendering.characters import clean
from core.rendering.cutting import without_start
from core.rendering.reading import read_summary
from core.rendering.rich import Rich
from core.templates.formatted import Formatted
from core.text import cut, is_blank, one_line, utf16_length
from core.urls.normalize import host_of

FIELDS: Mapping[str, str] = {
    "title": marked("the title, or the address where there is none"),
    "summary": marked("what the source or the page says, with its formatting"),
    "url": marked("the address"),
    "author": marked("who wrote it"),
    "tags": marked("its tags; hashtags makes #tags of them"),
    "labels": marked("tags that rules of the chat and /set tags add; hashtags makes #tags of them"),
    "published": marked("when it was published; date shows it"),
    "source": marked("the name of the source"),
    "site": marked("the name of the site"),
    "price": marked("a number; money shows it with its currency"),
    "old_price": marked("what it cost before"),
    "currency": marked("its code, like EUR"),
    "discount": marked("in per cent, without the sign"),
    "availability": marked("in_stock, out_of_stock, preorder, backorder or discontinued"),
    "rating": marked("a number"),
    "reviews": marked("how many people rated it"),
    "language": marked("of the page, like en"),
    "image": marked("the address of its picture"),
    "ad": marked("the advertiser's mark"),
    "erid": marked("the advertisement's token"),
}
"""Their names, and what to tell about them."""

_TITLE_LIMIT = 400
_LINE_LIMIT = 300
_SHOWN_URL_LIMIT = 1_000
_SUMMARY_LIMIT = 4_096
_MOST_TAGS = 30


def fields_of(content: PostContent, collected: list[Rich]) -> dict[str, object]:
    """Return the values of all fields: clean and bounded; what is not known is empty.

    What is printed with its formatting is added to `collected`.
    """
    title = cut(one_line(clean(content.title)), _TITLE_LIMIT)
    if is_blank(title):
        title = _instead_of_title(content.url)
    return {
        "title": title,
        "summary": Formatted(_summary(content, title), collected),
        "url": content.url,
        "author": _line(content.author),
        "tags": tuple(tag for one in content.tags[:_MOST_TAGS] if (tag := _line(one))),
        "labels": tuple(tag for one in content.labels[:_MOST_TAGS] if (tag := _line(one))),
        "published": content.published_ms,
        "source": _line(content.source_title),
        "site": _line(content.site),
        "price": _number(content.price),
        "old_price": _number(content.old_price),
        "currency": _line(content.currency),
        "discount": content.discount,
        "availability": _line(content.availability),
        "rating": content.rating,
        "reviews": content.reviews,
        "language": _line(content.language),
        "image": content.image or "",
        "ad": _line(content.ad),
        "erid": _line(content.erid),
    }


def _summary(content: PostContent, title: str) -> Rich:
    rich = read_summary(content.summary, base=content.url, most=_SUMMARY_LIMIT)
    behind = rich.text.removeprefix(title)
    repeats = behind != rich.text and not behind[:1].isalnum()
    return without_start(rich, len(title)) if repeats else rich


def _instead_of_title(url: str) -> str:
    return url if utf16_length(url) <= _SHOWN_URL_LIMIT else host_of(url) or cut(url, _SHOWN_URL_LIMIT)


def _line(text: str | None) -> str:
    return cut(one_line(clean(text)), _LINE_LIMIT) if text else ""


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None

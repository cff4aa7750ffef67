"""What a page says, made fit to be stored: clean, bounded, absolute."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from core.documents.links import is_web, resolve
from core.documents.text import decode_references, one_line
from core.pages.head import LONGEST_VALUE

LONGEST_TITLE = 1_000
LONGEST_DESCRIPTION = 5_000
LONGEST_NAME = 300
_LONGEST_URL_BYTES = 8 * 1024
_SCHEMES = ("https://", "http://")
_LONGEST_TAG = 100
_MOST_TAGS = 30
_LANGUAGE = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[-_.@].{0,20})?"
)
_FRONT_PAGE = re.compile(
    r"[Hh][Tt][Tt][Pp][Ss]?://[^/?#]*+(?:/(?:[A-Za-z]{2}(?:[-_][A-Za-z]{2})?/?)?"
    r"(?:(?:index|default|home)(?:\.[a-z]{3,5})?)?)?(?:#.*)?"
)


def line(text: str, most: int) -> str:
    """Give text as one clean line of at most so many characters; what was escaped twice is decoded."""
    return one_line(decode_references(text[:LONGEST_VALUE]))[:most].rstrip() if text else ""


def authors(names: Iterable[str]) -> str:
    """Give names as one line, each once; an address is no name."""
    found = [line(name, LONGEST_NAME) for name in islice(names, _MOST_TAGS)]
    return ", ".join(dict.fromkeys([name for name in found if name and not is_web(name)]))[:LONGEST_NAME]


@lru_cache(maxsize=256)
def language(text: str) -> str:
    """Give a language as BCP 47 writes it: `en`, `pt-BR`, `zh-Hant-TW`; "" for what is none."""
    found = _LANGUAGE.fullmatch(text.strip())
    if found is None:
        return ""
    script, region = found[2], found[3]
    parts = [found[1].lower(), script.capitalize() if script else "", region.upper() if region else ""]
    return "-".join(filter(None, parts))


def tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Give the first 30 tags that differ in more than case."""
    found: dict[str, str] = {}
    for text in islice(texts, 10 * _MOST_TAGS):
        tag = line(text, _LONGEST_TAG)
        if tag:
            found.setdefault(tag.casefold(), tag)
        if len(found) >= _MOST_TAGS:
            break
    return tuple(found.values())


def web_address(base: str, reference: str) -> str | None:
    """Make a reference absolute; None for what is no web address, or longer than 8 KB."""
    if (
        reference.startswith(_SCHEMES)
        and len(reference) <= _LONGEST_URL_BYTES
        and " " not in reference
        and reference.isascii()
        and reference.isprintable()
    ):
        return reference  # most are
    url = resolve(base, reference[:LONGEST_VALUE])
    if url is None or not is_web(url):
        return None
    url = url.replace(" ", "%20")
    length = len(url) if url.isascii() else len(url.encode())
    return url if length <= _LONGEST_URL_BYTES and "\n" not in url and "\t" not in url else None


def is_front_page(url: str) -> bool:
    """Tell whether an address is the first page of a site, in whatever language."""
    return _FRONT_PAGE.fullmatch(url) is not None

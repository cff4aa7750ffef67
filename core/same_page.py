"""Whether two links lead to one page: what to make of redirects and of the canonical addresses of pages.

Pages lie about their canonical address: a template that names the front page, or the list a story stands
in, would fold all stories of a site into one. So would a wall to which a site redirects whoever it does not
like. A story that is lost is worse than one that is posted twice: in doubt two links stay two.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Witness = Literal["wrapper", "redirect", "canonical"]
"""Who says so: a link shortener or counter that leads there, another redirect, or the page itself."""
Verdict = Literal["nothing", "alias", "merge", "dispute"]

_NOT_WORDS = re.compile(r"[\W_]+")
_TELLING_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What a link is called: by the source that showed it, and by its page."""

    shown: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who has an address already."""

    is_link: bool
    """It is a link of its own; else another link was said to lead there."""
    titles: Titles


def judge(*, witness: Witness, key: str, target: str, titles: Titles, claim: Claim | None) -> Verdict:
    """Decide what an address that a link is said to lead to makes of the link.

    Args:
        witness: who says so.
        key: the link's own key.
        target: the normalized address that it is said to lead to.
        titles: of the link.
        claim: who has that address; None: nobody.

    Returns:
        `nothing`: it is not believed. `alias`: who comes under that address later is this link.
        `merge`: both are one link. `dispute`: two links claim that address, so it is neither's.
    """
    if target == key or (_is_front(target) and not _is_front(key)):
        return "nothing"
    if claim is None:
        return "alias"
    if claim.is_link:
        contradicted = witness == "canonical" and _differ(titles.page, claim.titles.page)
        return "nothing" if contradicted else "merge"
    return "merge" if agree(titles, claim.titles) else "dispute"


def agree(one: Titles, other: Titles) -> bool:
    """Tell whether two links that lead to one address are one story.

    A wall that a site puts before all its stories has one title too. So where their sources call them
    differently, the page they share must be about one of them.
    """
    same_page = bool(one.page) and _words(one.page) == _words(other.page)
    if not one.shown or not other.shown:
        return same_page
    if _words(one.shown) == _words(other.shown):
        return True
    return same_page and (_is_about(one.page, one.shown) or _is_about(one.page, other.shown))


def named(title: str, titles: Titles) -> bool:
    """Tell whether a title is one of those of a link."""
    return bool(title) and _words(title) in {_words(titles.shown), _words(titles.page)}


def _is_about(page: str, shown: str) -> bool:
    words, title = _words(shown), _words(page)
    return words == title or (len(words.split()) >= _TELLING_WORDS and f" {words} " in f" {title} ")


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and _words(one) != _words(other)


def _words(title: str) -> str:
    return _NOT_WORDS.sub(" ", title).casefold().strip()


def _is_front(key: str) -> bool:
    parts = urlsplit(key)
    return parts.path in ("", "/") and not parts.query and not parts.fragment

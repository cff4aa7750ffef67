"""Finding the list on a page: the block that repeats, as a CSS selector."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from core.documents.html import Page, text_of
from core.documents.list_item import main_link
from core.documents.repeated_block import RepeatedBlock

_MOST_LINKS = 3_000
_HIGHEST = 8  # levels above a link that are looked at
_MOST_SHOWN = 5
_LEAST_ITEMS = 3
_LONGEST_TITLE = 80  # longer ones do not make a list likelier
_STANDS_OUT = 1.5
_TAG = re.compile(r"[a-z][a-z0-9-]{0,40}")  # a page may have others, like <fb:like>, which no selector names
_CLASS = re.compile(r"[A-Za-z_][A-Za-z_-]{0,40}")
# Classes of single items, not of all.
_PASSING = frozenset("odd even first last active current selected new sticky featured hidden visible".split())  # noqa: SIM905
_ASIDE = frozenset({"nav", "header", "footer", "aside", "form", "select", "menu"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_AROUND_ALL = frozenset({"html", "body", "main", None})


@dataclass(slots=True)
class _Group:
    """Elements that look alike, with the main link of each."""

    level: int
    """How far above their links they are."""
    items: dict[int, LexborNode] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    """Targets of their main links with their words."""
    weight: float = 1.0
    score: float = 0.0


def find_lists(page: Page) -> tuple[RepeatedBlock, ...]:
    """Find the lists of a page, the likeliest first, at most five.

    A list is elements with the same tags and class above, each with a main link of its own. More items and
    longer words make it likelier, headings and dates too; a place in the navigation or the foot less.
    """
    groups = {selector: group for selector, group in _groups(page).items() if _fill(page, group)}
    chosen: list[tuple[str, _Group]] = []
    for selector, group in sorted(groups.items(), key=lambda each: (-each[1].score, -each[1].level)):
        if len(chosen) < _MOST_SHOWN and not any(_overlap(group, other) for _, other in chosen):
            chosen.append((selector, group))
    shown = [
        RepeatedBlock(selector=selector, count=len(group.targets), examples=_examples(group))
        for selector, group in chosen
    ]
    scores = [group.score for _, group in chosen]
    if scores and (len(scores) == 1 or scores[0] >= _STANDS_OUT * scores[1]):
        shown[0] = replace(shown[0], is_clear=True)
    return tuple(shown)


def _groups(page: Page) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    signs: dict[int, str] = {}  # most links share most of what is around them
    for link in page.tree.css("a[href]")[:_MOST_LINKS]:
        path = list(_upwards(link))
        for element in path:
            if element.mem_id not in signs:
                signs[element.mem_id] = _sign(element)
        for level, element in enumerate(path[:_HIGHEST]):
            if element.tag in _AROUND_ALL:
                break
            selector = " > ".join(signs[each.mem_id] for each in reversed(path[level : level + 3]))
            groups.setdefault(selector, _Group(level)).items.setdefault(element.mem_id, element)
    return groups


def _upwards(node: LexborNode) -> Iterator[LexborNode]:
    here: LexborNode | None = node
    for _ in range(_HIGHEST + 3):
        if here is None or here.tag in ("html", None):
            return
        yield here
        here = here.parent


def _sign(node: LexborNode) -> str:
    """Give the part of a selector that an element shares with its like: its tag and first lasting class."""
    classes = (node.attributes.get("class") or "").split()
    lasting = (name for name in classes if _CLASS.fullmatch(name) and name.lower() not in _PASSING)
    name = next(lasting, None)
    tag = node.tag if _TAG.fullmatch(node.tag or "") else "*"
    return f"{tag}.{name}" if name else f"{tag}"


def _fill(page: Page, group: _Group) -> bool:
    """Find main links and score; False for what is no list."""
    if len(group.items) < _LEAST_ITEMS:
        return False
    for item in group.items.values():
        link = main_link(item)
        target = page.link(link.attributes.get("href")) if link is not None else None
        if link is not None and target is not None and target != page.url:
            words = text_of(link)
            if len(words) > len(group.targets.get(target, "")) or target not in group.targets:
                group.targets[target] = words
    if len(group.targets) < _LEAST_ITEMS:
        return False
    first = next(iter(group.items.values()))
    group.weight = _weight(first)
    length = sum(min(len(title), _LONGEST_TITLE) for title in group.targets.values())
    group.score = group.weight * length * len(group.targets) / len(group.items)
    return group.score > 0


def _weight(item: LexborNode) -> float:
    weight = 1.0
    if item.tag in _HEADINGS or item.css_first("h1, h2, h3, h4, h5, h6") is not None:
        weight *= 1.5
    if item.css_first("time") is not None:
        weight *= 1.2
    here: LexborNode | None = item
    while here is not None:
        if here.tag in _ASIDE:
            return weight * 0.2
        here = here.parent
    return weight


def _overlap(one: _Group, other: _Group) -> bool:
    """Tell whether two groups are mostly about the same links: parts of one list."""
    shared = len(one.targets.keys() & other.targets.keys())
    return shared * 2 > min(len(one.targets), len(other.targets))


def _examples(group: _Group) -> tuple[str, ...]:
    return tuple(words[:_LONGEST_TITLE] for words in list(group.targets.values())[:3])

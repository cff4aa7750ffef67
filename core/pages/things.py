"""Things of schema.org's vocabulary, from JSON-LD, microdata or RDFa alike: which one a page is about."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from core.pages.json_ld import Node

_MOST_VALUES = 100
_PRODUCTS_NAMES = """
    product productgroup productmodel individualproduct someproducts vehicle car motorcycle
    softwareapplication mobileapplication webapplication
"""
_PRODUCTS = frozenset(_PRODUCTS_NAMES.split())
# They stand on pages that are about something else.
_BESIDE_NAMES = """
    breadcrumblist listitem itemlist website organization corporation newsmediaorganization onlinestore
    onlinebusiness localbusiness store person imageobject searchaction sitenavigationelement wpheader
    wpfooter wpsidebar offer aggregateoffer review rating aggregaterating postaladdress contactpoint brand
    speakablespecification webpageelement question answer comment userreview entrypoint readaction
"""
_BESIDE = frozenset(_BESIDE_NAMES.split())
_WHOLE_PAGES_NAMES = """
    webpage itempage collectionpage aboutpage contactpage faqpage qapage profilepage searchresultspage
    checkoutpage medicalwebpage
"""
_WHOLE_PAGES = frozenset(_WHOLE_PAGES_NAMES.split())


class Things(NamedTuple):
    """All objects of one source, and what they are known by."""

    nodes: list[Node]
    by_id: dict[str, Node]


def collect(nodes: list[Node]) -> Things:
    """Index objects by their `@id`, so that a reference can be followed."""
    by_id: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > 1:
            by_id.setdefault(name, node)
    return Things(nodes, by_id)


def values(things: Things, node: Node, *names: str) -> list[Any]:
    """Give the values of the first of these properties that has any, with references followed."""
    for name in names:
        if said := node.get(name):
            if isinstance(said, list):
                return [_followed(things, value) for value in said[:_MOST_VALUES]]
            return [_followed(things, said)]
    return []


def text(things: Things, node: Node, *names: str) -> str:
    """Give the first text that one of these properties has."""
    for name in names:
        said = node.get(name)
        if isinstance(said, str):
            if said and not said.isspace():
                return said
        elif said and (found := texts(things, node, name)):
            return found[0]
    return ""


def texts(things: Things, node: Node, *names: str) -> list[str]:
    """Give the texts that these properties have: a value's own, or that of its language, or its name."""
    found = []
    for name in names:
        said = node.get(name)
        if not said:
            continue
        if isinstance(said, str):
            if not said.isspace():
                found.append(said)
            continue
        for value in values(things, node, name):
            if isinstance(value, dict):
                value = value.get("@value") or value.get("name")  # noqa: PLW2901 - what it stands for
                value = value[0] if isinstance(value, list) and value else value  # noqa: PLW2901
            if isinstance(value, str) and value and not value.isspace():
                found.append(value)
    return found


def objects(things: Things, node: Node, *names: str) -> list[Node]:
    """Give the objects among the values of properties."""
    found: list[Node] = []
    for name in names:
        if name in node:
            found += [value for value in values(things, node, name) if isinstance(value, dict)]
    return found


def types_of(node: Node) -> list[str]:
    """Give the types of an object as lower-case names without their vocabulary."""
    said = node.get("@type")
    if isinstance(said, str) and said.isalpha():
        return [said.lower()]
    listed = said[:_MOST_VALUES] if isinstance(said, list) else [said]
    return [
        name.rpartition("/")[2].rpartition("#")[2].rpartition(":")[2].lower()
        for name in listed
        if isinstance(name, str)
    ]


def main_thing(things: Things, urls: Iterable[str], *, is_article: bool) -> Node | None:
    """Give what a page is about.

    Of several products the one with an address of the page's; where none has, the page is a list, and
    no product of it speaks for it.

    Args:
        things: the objects.
        urls: addresses of the page.
        is_article: whether the page says elsewhere that it is one.
    """
    candidates = list(_candidates(things))
    if len(candidates) <= 1:
        return candidates[0][0] if candidates else None
    groups: dict[str, list[Node]] = {"product": [], "other": [], "page": []}
    for node, types in candidates:
        kind = "page" if types & _WHOLE_PAGES else "other"
        groups["product" if types & _PRODUCTS else kind].append(node)
    own = set(urls)
    products = groups["product"]
    if len(products) > 1 and len({text(things, node, "name") for node in products}) > 1:
        groups["product"] = [node for node in products if not own.isdisjoint(addresses(things, node))]
    for name in ("other", "product", "page") if is_article else ("product", "other", "page"):
        group = groups[name]
        if len(group) == 1:
            return group[0]
        if group:
            return next((node for node in group if not own.isdisjoint(addresses(things, node))), group[0])
    return None


def addresses(things: Things, node: Node) -> list[str]:
    """Give the addresses of which an object says that they are its own."""
    said = texts(things, node, "url", "@id")
    if "mainEntityOfPage" in node:
        said += [page for page in _pages_of(things, node) if isinstance(page, str)]
    return said


def _pages_of(things: Things, node: Node) -> Iterator[Any]:
    """Yield what names the page of an object."""
    for page in values(things, node, "mainEntityOfPage"):
        yield (page.get("@id") or page.get("url")) if isinstance(page, dict) else page


def _candidates(things: Things) -> Iterator[tuple[Node, set[str]]]:
    for node in things.nodes:
        types = set(types_of(node))
        if types and not types <= _BESIDE:
            yield node, types
        for inner in objects(things, node, "mainEntity") if "mainEntity" in node else ():
            inner_types = set(types_of(inner))
            if inner_types and not inner_types <= _BESIDE:
                yield inner, inner_types


def _followed(things: Things, value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and isinstance(name := value.get("@id"), str) and len(value) <= 2:  # noqa: PLR2004
        return things.by_id.get(name, value)
    return value

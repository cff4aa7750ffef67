"""Lists: an HTML page that shows its newest things, read by CSS selectors or by what repeats on it."""

from dataclasses import dataclass

from core.documents.html_sign import is_html
from core.documents.repeated_block import RepeatedBlock
from core.entries import Document, ParsedDocument
from core.errors import UnreadableDocument
from core.kinds.rules import read_rules
from core.languages import marked

MOST_ITEMS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """CSS selectors: of the repeated block, and within it of its parts. What is not said is found."""

    item: str = ""
    link: str = ""
    title: str = ""
    image: str = ""
    price: str = ""


_DEFAULT = ListRules()


class HtmlList:
    """The kind of source that is a page for people."""

    name = "list"
    words = marked("list on a web page")
    example = '{"item": ".card", "title": "h2", "price": ".price"}'

    def read_rules(self, text: str) -> ListRules:
        """Read CSS selectors from JSON.

        Raises:
            UserError: a rule is unknown, or no selector.
        """
        from core.documents.selectors import check_selector

        names = tuple(ListRules.__dataclass_fields__)
        rules = read_rules(ListRules, text, kind=self.name, names=names, example=self.example)
        for name in names:
            check_selector(name, getattr(rules, name))
        return rules

    def recognise(self, document: Document) -> bool:
        """Tell by the first bytes whether a document is an HTML page."""
        return is_html(document.body)

    def recognise_url(self, url: str) -> bool:  # noqa: ARG002
        """Any page may hold a list; no address says so."""
        return False

    def wanted(self, document: Document) -> tuple[str, ...]:  # noqa: ARG002
        """A list is one document."""
        return ()

    def parse(self, document: Document, rules: ListRules = _DEFAULT) -> ParsedDocument:
        """Read the items of a list, in document order; without a rule for items, of the block that repeats.

        Raises:
            UnreadableDocument: `empty`, `not_html`; without a rule for items also `no_list`, and
                `which_list` with the lists that could be meant in its detail, the likeliest first.
        """
        from core.documents.html import read_html
        from core.documents.list_item import read_item
        from core.documents.repetition import find_lists

        page = read_html(document)
        selector = rules.item or _clear_winner(find_lists(page))
        nodes = page.tree.css(selector)
        entries = [
            entry for node in nodes[:MOST_ITEMS] if (entry := read_item(page, node, rules)) is not None
        ]
        # Where some items are links, those without one are headings and advertisements.
        linked = [entry for entry in entries if entry.url is not None]
        return ParsedDocument(
            kind=self.name,
            title=page.title,
            site_url=document.url or None,
            entries=tuple(linked or entries),
            complete=page.complete and len(nodes) <= MOST_ITEMS,
        )


def _clear_winner(lists: tuple[RepeatedBlock, ...]) -> str:
    if not lists:
        raise UnreadableDocument("no_list", "nothing on the page repeats with links in it")
    if not lists[0].is_clear:
        described = "; ".join(f"{each.selector} ({each.count}: {', '.join(each.examples)})" for each in lists)
        raise UnreadableDocument("which_list", described)
    return lists[0].selector

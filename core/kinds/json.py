"""JSON of any make, read by JSONPath (RFC 9535)."""

from dataclasses import dataclass

from core.entries import Document, ParsedDocument
from core.errors import UserError
from core.kinds.rules import NO_RULES, read_rules
from core.languages import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRules:
    """JSONPath queries: of the items, and from each item to its parts."""

    items: str = ""
    link: str = ""
    title: str = ""
    id: str = ""
    date: str = ""
    image: str = ""
    summary: str = ""


_DEFAULT = JsonRules()


class AnyJson:
    """The kind of source that is an API."""

    name = "json"
    words = marked("JSON of any make")
    example = '{"items": "$.posts[*]", "link": "$.url", "title": "$.title"}'

    def read_rules(self, text: str) -> JsonRules:
        """Read JSONPath queries from JSON; `items` is required.

        Raises:
            UserError: a rule is unknown, missing, or no JSONPath query.
        """
        names = tuple(JsonRules.__dataclass_fields__)
        rules = read_rules(JsonRules, text, kind=self.name, names=names, example=self.example)
        if not rules.items:
            raise UserError(
                "rules of json: say at least where its items are. Example: {example}", example=self.example
            )
        from core.documents.json_items import compile_query

        for name in names:
            compile_query(name, getattr(rules, name))
        return rules

    def recognise(self, document: Document) -> bool:  # noqa: ARG002
        """Without rules nobody knows what JSON means."""
        return False

    def recognise_url(self, url: str) -> bool:  # noqa: ARG002
        """No address says so."""
        return False

    def wanted(self, document: Document) -> tuple[str, ...]:  # noqa: ARG002
        """An answer is one document."""
        return ()

    def parse(self, document: Document, rules: JsonRules = _DEFAULT) -> ParsedDocument:
        """Read the items that the rules find, in the order in which they find them.

        Raises:
            UnreadableDocument: `empty`, `not_json`, or `broken` (nested too deeply).
            UserError: there are no rules.
        """
        if not rules.items:
            self.read_rules(NO_RULES)
        from core.documents.json_items import read_items

        entries, complete = read_items(document, rules)
        return ParsedDocument(
            kind=self.name, site_url=document.url or None, entries=entries, complete=complete
        )

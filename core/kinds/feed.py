"""Feeds: RSS, Atom and JSON Feed."""

import re

from core.documents.charset import to_utf8
from core.documents.opening import FEED_ROOTS, find_root, looks_like_json, opening
from core.entries import Document, ParsedDocument
from core.errors import UnreadableDocument
from core.kinds.rules import NO_RULES, NoRules, read_rules
from core.languages import marked

_JSON_SIGN = re.compile(rb'jsonfeed\.org\\?/version|"items"\s*:\s*\[')
_PATH = re.compile(r"(?:\.(?:rss|atom|rdf)|/(?:feed|rss|atom)(?:\.(?:xml|json))?)/?$", re.IGNORECASE)
_DEFAULT = NoRules()


class Feed:
    """The kind of source that lists its newest entries in a format made for that."""

    name = "feed"
    words = marked("RSS, Atom or JSON feed")
    example = NO_RULES

    def read_rules(self, text: str) -> NoRules:
        """Check that there are no rules.

        Raises:
            UserError: there are some.
        """
        return read_rules(NoRules, text, kind=self.name, names=(), example=self.example)

    def recognise(self, document: Document) -> bool:
        """Tell by the first bytes whether a document is a feed; what the server calls it does not count."""
        head = opening(document.body)
        if looks_like_json(head):
            return _JSON_SIGN.search(to_utf8(document.body, document.content_type)) is not None
        root = find_root(head)
        return root is not None and root.name in FEED_ROOTS

    def recognise_url(self, url: str) -> bool:
        """Tell whether an address ends as those of feeds do."""
        return _PATH.search(url.partition("?")[0].partition("#")[0]) is not None

    def wanted(self, document: Document) -> tuple[str, ...]:  # noqa: ARG002
        """A feed is one document."""
        return ()

    def parse(self, document: Document, rules: NoRules = _DEFAULT) -> ParsedDocument:  # noqa: ARG002
        """Read the entries of a feed, in document order.

        Raises:
            UnreadableDocument: `empty`, `not_a_feed`, or `broken` (markup without a feed in it).
        """
        if not document.body or document.body.isspace():
            raise UnreadableDocument("empty", "the document has no content")
        if looks_like_json(opening(document.body)):
            from core.documents.json_feed import parse_json_feed

            return parse_json_feed(document)
        # lxml takes a tenth of a second to import and is not needed to say what kinds there are.
        from core.documents.xml_feed import parse_xml_feed

        return parse_xml_feed(document)

"""Whether a document is an HTML page, told without a parser of HTML."""

from core.documents.opening import find_root, looks_like_json, opening

_SIGNS = frozenset({"html", "body", "head", "div", "main", "ul", "ol", "table", "article", "section"})


def is_html(body: bytes) -> bool:
    """Tell by its first bytes whether a document is an HTML page. Never raises."""
    head = opening(body)
    root = None if looks_like_json(head) else find_root(head)
    return root is not None and root.name in _SIGNS

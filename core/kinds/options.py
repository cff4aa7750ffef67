"""How a source is to be read, as people say it: `--as`, `--select`, `--rules`."""

import json

from core.errors import UserError
from core.kinds import KINDS, canonical_rules, find_kind
from core.kinds.rules import NO_RULES

CHOICES = ("auto", *KINDS)
LINK = "link"
"""Of what is added: no source, but the address itself, to be posted once."""
_SIGN_RULES = {"item": "list", "items": "json"}


def read_options(kind: str, *, select: str | None, rules: str | None) -> tuple[str, str]:
    """Return a kind and its canonical rules; `select` is the rule `item` of a list.

    Under "auto" a selector means a list, and rules mean the kind that has them.

    Raises:
        UserError: the rules are wrong, or contradict the kind.
    """
    if kind == "auto" and (select or rules):
        kind = "list" if select else _kind_of(rules or NO_RULES)
    if kind == "auto":
        return kind, NO_RULES
    find_kind(kind)
    text = rules or NO_RULES
    if select:
        if kind != "list":
            raise UserError(
                "select: a CSS selector finds the items of a list, not of a {kind}; say as=list.", kind=kind
            )
        text = _with_item(text, select)
    return kind, canonical_rules(kind, text)


def _kind_of(rules: str) -> str:
    for name in _names(rules):
        if name in _SIGN_RULES:
            return _SIGN_RULES[name]
    raise UserError("rules: say also what they are for: --as list or --as json.")


def _with_item(rules: str, select: str) -> str:
    values = _names(rules)
    if not values and rules != NO_RULES:
        return rules  # whoever reads them says what is wrong
    return json.dumps({**values, "item": select}, ensure_ascii=False)


def _names(rules: str) -> dict[str, object]:
    try:
        values = json.loads(rules)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}

"""Rules of a source: a frozen value for each kind, written as canonical JSON."""

import dataclasses
import json
from collections.abc import Callable
from typing import TypeVar

from core.errors import UserError
from core.languages import gettext as _

NO_RULES = "{}"
_LONGEST_TEXT = 4_000
_LONGEST_RULE = 500


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NoRules:
    """Of a kind that reads its documents without being told how."""


RulesT = TypeVar("RulesT")


def read_rules(
    rules: Callable[..., RulesT], text: str, *, kind: str, names: tuple[str, ...], example: str
) -> RulesT:
    """Read rules from JSON: an object whose values are strings, `null` and "" being no rule.

    Args:
        rules: makes the value; what it refuses it says by UserError.
        text: JSON.
        kind: for the words of errors.
        names: the rules that this kind has.
        example: rules that are right, shown with each error.

    Raises:
        UserError: the text is no such object, or names an unknown rule.
    """
    hint = _("Example: {example}").format(example=example) if names else _("Leave them out.")
    try:
        values = json.loads(text) if len(text) <= _LONGEST_TEXT else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise UserError(
            "rules of {kind}: this is no JSON object of at most {longest_text} characters. {hint}",
            kind=kind,
            longest_text=_LONGEST_TEXT,
            hint=hint,
        )
    for name, value in values.items():
        if name not in names:
            known = _("known are {names}").format(names=", ".join(names)) if names else _("it takes none")
            raise UserError(
                "rules of {kind}: there is no rule {name!r}; {known}. {hint}",
                kind=kind,
                name=name[:60],
                known=known,
                hint=hint,
            )
        if value is not None and (not isinstance(value, str) or len(value) > _LONGEST_RULE):
            raise UserError(
                "rules of {kind}: {name} must be a string of at most {longest_rule} characters. {hint}",
                kind=kind,
                name=name,
                longest_rule=_LONGEST_RULE,
                hint=hint,
            )
    return rules(**{name: value.strip() for name, value in values.items() if value})


def write_rules(rules: object) -> str:
    """Write rules as canonical JSON, sorted and compact: equal rules are equal text."""
    if not dataclasses.is_dataclass(rules) or isinstance(rules, type):
        raise TypeError(_("no rules: {name}").format(name=type(rules).__name__))
    said = {name: value for name, value in dataclasses.asdict(rules).items() if value}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

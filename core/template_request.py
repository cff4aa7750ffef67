"""What people type after `/template`."""

import re
from dataclasses import dataclass

from core.errors import UserError
from core.requests import Target, split_target

_NUMBER = re.compile(r"(\d{1,18})(?:\s+|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRequest:
    """What `/template` was asked for; no text: to show what is set."""

    target: Target | None = None
    number: int | None = None
    text: str = ""

    @property
    def resets(self) -> bool:
        """Whether it asks for the default."""
        return self.text.strip().lower() == "default"


def parse_template(text: str, *, replied: str = "") -> TemplateRequest:
    """Read the words after `/template`; where they are no template, that of the message replied to.

    Raises:
        UserError: there are two.
    """
    target, others = split_target(text.split(maxsplit=1))
    rest = text.strip() if target is None else "".join(others)
    number = None
    if found := _NUMBER.match(rest):
        number, rest = int(found[1]), rest[found.end() :]
    if rest.strip() and replied.strip() and rest.strip().lower() != "default":
        raise UserError("Either write the template behind the command, or reply to a message that holds it.")
    return TemplateRequest(target=target, number=number, text=rest.strip() or replied.strip())

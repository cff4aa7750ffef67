"""What is said about templates."""

from collections.abc import Callable, Mapping
from typing import Any

from core.protocol import Button
from core.templates.fields import FIELDS
from core.templates.filters import FILTERS
from core.text import cut

Spoken = tuple[str, tuple[tuple[Button, ...], ...]]

HELP = (
    "Say how the posts shall look: /template and the text, with fields in double braces, or /template as a "
    "reply to a message that holds it. /template 3 … is for one source, /template default goes back.\n\n"
    '<b><a href="{{ url }}">{{ title }}</a></b>\n{{ summary|cut(300) }}\n{{ tags|hashtags }}\n'
    "[Read]({{ url }})\n\n"
    f"Fields: {', '.join(FIELDS)}.\nFilters: {', '.join(FILTERS)}.\n"
    "{% if price %}…{% endif %} shows something only where there is a price. Lines like [Text](address) at "
    "the end are buttons, three at most."
)
"""How to use the command."""


def question(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Ask whether a template shall hold."""
    data = f"tpl:{args['message_id']}"
    row = (Button(text="Save", data=f"{data}:save"), Button(text="Cancel", data=f"{data}:cancel"))
    return f"This is how {_what(args)} would look. Save it?", (row,)


def saved(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Say that it holds."""
    return f"✔️ From now on {_what(args)} look like that.", ()


def cancelled(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Say that it does not."""
    return f"{_what(args).capitalize()} stay as they are.", ()


def failed(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Say that a template did not work for a link."""
    text = (
        f"⚠️ The template of {args['chat']} did not work for “{cut(str(args['title']), 200)}” "
        f"({args['host']}): {args['problem']}. "
        "That post went out with the default look, and so does every other one for which it fails. "
        "/template changes it."
    )
    return text, ()


NOTICES: dict[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "template.question": question,
    "template.save": saved,
    "template.cancel": cancelled,
    "template.failed": failed,
}


def _what(args: Mapping[str, Any]) -> str:
    return "the posts of this chat" if args["number"] is None else f"posts of No. {args['number']}"

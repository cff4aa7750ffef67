"""What is said about templates."""

from collections.abc import Callable, Mapping
from typing import Any

from core.languages import gettext as _
from core.languages import marked
from core.protocol import Button
from core.templates.fields import FIELDS
from core.templates.filters import FILTERS
from core.text import cut

Spoken = tuple[str, tuple[tuple[Button, ...], ...]]

_HELP = marked(
    "Say how the posts shall look: /template and the text, with fields in double braces, or /template as a "
    "reply to a message that holds it. /template 3 … is for one source, /template default goes back.\n\n"
    '<b><a href="{{ url }}">{{ title }}</a></b>\n{{ summary|cut(300) }}\n{{ tags|hashtags }}\n'
    "[Read]({{ url }})\n\n"
    "Fields: FIELDS.\nFilters: FILTERS.\n"
    "{% if price %}…{% endif %} shows something only where there is a price. Lines like [Text](address) at "
    "the end are buttons, three at most."
)


def help_text() -> str:
    """Return how to use the command."""
    return _(_HELP).replace("FIELDS", ", ".join(FIELDS)).replace("FILTERS", ", ".join(FILTERS))


def question(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Ask whether a template shall hold."""
    data = f"tpl:{args['message_id']}"
    row = (Button(text=_("Save"), data=f"{data}:save"), Button(text=_("Cancel"), data=f"{data}:cancel"))
    said = _of(
        args,
        chat=_("This is how the posts of this chat would look. Save it?"),
        source=_("This is how posts of No. {number} would look. Save it?"),
    )
    return said, (row,)


def saved(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Say that it holds."""
    return _of(
        args,
        chat=_("✔️ From now on the posts of this chat look like that."),
        source=_("✔️ From now on posts of No. {number} look like that."),
    ), ()


def cancelled(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Say that it does not."""
    return _of(
        args,
        chat=_("The posts of this chat stay as they are."),
        source=_("Posts of No. {number} stay as they are."),
    ), ()


def failed(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    """Say that a template did not work for a link."""
    text = _(
        "⚠️ The template of {chat} did not work for “{title}” ({host}): {problem}. That "
        "post went out with the default look, and so does every other one for which it "
        "fails. /template changes it."
    ).format(
        chat=args["chat"], title=cut(str(args["title"]), 200), host=args["host"], problem=args["problem"]
    )
    return text, ()


NOTICES: dict[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "template.question": question,
    "template.save": saved,
    "template.cancel": cancelled,
    "template.failed": failed,
}


def _of(args: Mapping[str, Any], *, chat: str, source: str) -> str:
    return chat if args["number"] is None else source.format(number=args["number"])

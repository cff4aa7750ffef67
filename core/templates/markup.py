"""The HTML of a template: a small part of what posts can show, and buttons in its last lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.languages import gettext as _
from core.templates.errors import WrongTemplate

MOST_BUTTONS = 3
_TAGS_NAMES = """
    b strong i em u ins s strike del code pre a blockquote tg-spoiler br p ul ol li h1 h2 h3 h4 h5 h6
    sup sub
"""
TAGS = _TAGS_NAMES.split()
"""Elements that a template may write."""
_NEED_NO_END = frozenset(("br", "p", "li"))

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)(?P<close>>?)"
)
# Each character fits in one way only: the line may be anybody's.
_FIELD = r"\{\{(?:(?!\}\}).)*+\}\}"
_BUTTON = re.compile(
    rf"\[(?P<text>(?:{_FIELD}|[^\[\]{{\n]|\{{(?!\{{))++)\]\((?P<url>(?:{_FIELD}|[^\s(){{]|\{{(?!\{{))++)\)"
)
_BUTTONS = re.compile(rf"[ \t]*+(?:{re.sub(r'[?]P<[a-z]+>', '?:', _BUTTON.pattern)}[ \t]*+)++")


@dataclass(frozen=True, slots=True)
class ButtonSource:
    """A button as it is written: text and address, both with fields in them."""

    text: str
    url: str
    line: int


def split_buttons(source: str) -> tuple[str, tuple[tuple[ButtonSource, ...], ...]]:
    """Return a template without its last lines that are buttons, and the buttons, a row for each line.

    Raises:
        WrongTemplate: there are more than three.
    """
    lines = source.rstrip().split("\n")
    rows: list[tuple[ButtonSource, ...]] = []
    while lines and _BUTTONS.fullmatch(lines[-1]):
        found = _BUTTON.finditer(lines[-1])
        rows.insert(0, tuple(ButtonSource(one["text"], one["url"], len(lines)) for one in found))
        lines.pop()
        while lines and not lines[-1].strip():
            lines.pop()
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise WrongTemplate(
            _("a post has at most {most_buttons} buttons.").format(most_buttons=MOST_BUTTONS), rows[0][0].line
        )
    return "\n".join(lines), tuple(rows)


def check_markup(body: str) -> None:
    """Let pass HTML that can be shown, with all that is opened closed again.

    Raises:
        WrongTemplate: it cannot, or it is not.
    """
    opened: list[tuple[str, int]] = []
    for name, ends, rest, line in _tags(body):
        if name not in TAGS:
            raise WrongTemplate(
                _("<{name}> cannot be shown. There are {tags}.").format(name=name[:20], tags=", ".join(TAGS)),
                line,
            )
        if ends:
            _close(name, opened, line)
        elif name not in _NEED_NO_END:
            if name == "a" and not re.search(r"\shref\s*=\s*\S", rest):
                raise WrongTemplate(_('<a> leads nowhere; write <a href="{{ url }}">.'), line)
            opened.append((name, line))
    if opened:
        name, line = opened[-1]
        raise WrongTemplate(_("<{name}> is never closed.").format(name=name), line)


def _close(name: str, opened: list[tuple[str, int]], line: int) -> None:
    if name in _NEED_NO_END:
        return
    if not opened or opened[-1][0] != name:
        hint = (
            _("; <{opened}> of line {opened2} is open").format(opened=opened[-1][0], opened2=opened[-1][1])
            if opened
            else ""
        )
        raise WrongTemplate(_("</{name}> closes nothing here{hint}.").format(name=name, hint=hint), line)
    opened.pop()


def _tags(body: str) -> Iterator[tuple[str, bool, str, int]]:
    """Yield name, whether it is an end, the rest, and the line of each tag; fields stand for nothing."""
    plain = _JINJA.sub(lambda found: "x" * found[0].startswith("{{") + "\n" * found[0].count("\n"), body)
    for tag in _TAG.finditer(plain):
        line = plain.count("\n", 0, tag.start()) + 1
        name = tag["name"].lower()
        if not tag["close"]:
            raise WrongTemplate(_("<{name} has no >.").format(name=name[:20]), line)
        yield name, bool(tag["end"]), tag["rest"], line

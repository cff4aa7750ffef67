"""Templates: compiled once, then made into posts. Values are data and never markup; nothing is called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.languages import gettext as _
from core.protocol import Button, PostContent
from core.rendering.builder import Builder
from core.rendering.characters import clean
from core.rendering.links import is_linkable
from core.rendering.reading import MOST, read_tokens
from core.rendering.rich import Rich
from core.rendering.tokens import tokens
from core.templates.errors import TemplateFailed, WrongTemplate
from core.templates.fields import fields_of
from core.templates.filters import FILTERS
from core.templates.formatted import CLOSES, OPENS, Formatted
from core.templates.language import check_language
from core.templates.markup import ButtonSource, check_markup, split_buttons
from core.templates.mistakes import say_mistake
from core.text import cut, is_blank, one_line

LONGEST_SOURCE = 4_096
_LONGEST_OUTPUT = 16_384
_MOST_PIECES = 2_000
_BUTTON_TEXT_LIMIT = 64
_LONGEST_BUTTON_URL = 2_048
_TESTS = ("defined", "undefined", "none", "string", "number", "in", "eq", "ne", "lt", "le", "gt", "ge")
_ONLY_A_TAG = re.compile(r"[ \t]*(?:\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})[ \t]*")
_TAG_AT_THE_END = re.compile(r"(?<![-+])([%#]\})[ \t]*$")
_WENT_WRONG = (
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    jinja2.TemplateError,
)


@dataclass(frozen=True, slots=True)
class _Button:
    text: jinja2.Template
    url: jinja2.Template


@dataclass(frozen=True, slots=True)
class Template:
    """A template that can be used."""

    body: jinja2.Template
    buttons: tuple[tuple[_Button, ...], ...]

    def fill(self, content: PostContent, *, summary_limit: int | None = None) -> "Filled":
        """Return what the template makes of a link.

        Args:
            content: what there is to say.
            summary_limit: UTF-16 units of the summary at most, for a post that would be too long.

        Raises:
            TemplateFailed: it cannot be made of this link.
        """
        collected: list[Rich] = []
        fields = fields_of(content, collected)
        if summary_limit is not None and isinstance(fields["summary"], Formatted):
            fields["summary"] = fields["summary"].cut(summary_limit)
        fields["zone"] = content.zone
        markup = _output(self.body, fields)
        rich = read_tokens(
            tokens(markup), base=content.url, keep_lines=True, insert=_inserting(collected), most=MOST
        )
        rows = (tuple(filter(None, (_button(one, fields) for one in row))) for row in self.buttons)
        return Filled(rich=rich, buttons=tuple(row for row in rows if row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a template made of a link."""

    rich: Rich
    buttons: tuple[tuple[Button, ...], ...]


@lru_cache(maxsize=256)
def compiled(source: str) -> Template:
    """Return a template that can be used.

    Raises:
        WrongTemplate: it cannot; the text says in which line, and what to do.
    """
    if len(source) > LONGEST_SOURCE:
        raise WrongTemplate(
            _("A template has at most {longest_source} characters.").format(longest_source=LONGEST_SOURCE)
        )
    body, rows = split_buttons(clean(source))
    if is_blank(body):
        raise WrongTemplate(_("A template needs some text besides its buttons."))
    check_markup(body)
    return Template(
        body=_compiled(body, 1, escapes=True),
        buttons=tuple(tuple(_compiled_button(one) for one in row) for row in rows),
    )


def _compiled_button(button: ButtonSource) -> _Button:
    if "{" not in button.url and not is_linkable(button.url):
        raise WrongTemplate(_("{url} is no address for a button.").format(url=button.url[:100]), button.line)
    return _Button(
        _compiled(button.text, button.line, escapes=False), _compiled(button.url, button.line, escapes=False)
    )


def _compiled(source: str, first_line: int, *, escapes: bool) -> jinja2.Template:
    environment = _environment(escapes)
    try:
        check_language(environment.parse(source))
        return environment.from_string(_with_line_ends(source))
    except jinja2.TemplateSyntaxError as error:
        raise WrongTemplate(say_mistake(error.message or ""), error.lineno + first_line - 1) from None
    except WrongTemplate as error:
        raise WrongTemplate(error.problem, (error.line or 1) + first_line - 1) from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        raise WrongTemplate(_("This is nested too deeply, or holds too large a number.")) from None


def _with_line_ends(source: str) -> str:
    """Keep the end of each line that holds more than a tag; Jinja would drop it behind any tag."""
    lines = (
        line if _ONLY_A_TAG.fullmatch(line) else _TAG_AT_THE_END.sub(r"+\1", line)
        for line in source.split("\n")
    )
    return "\n".join(lines)


@lru_cache(maxsize=2)
def _environment(escapes: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=escapes, trim_blocks=True, lstrip_blocks=True, finalize=_shown, cache_size=0
    )
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


def _shown(value: object) -> object:
    """Return what is printed of a value."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else value


def _output(template: jinja2.Template, fields: Mapping[str, object]) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in template.generate(fields):
            pieces.append(piece)
            size += len(piece)
            if size > _LONGEST_OUTPUT or len(pieces) > _MOST_PIECES:
                raise TemplateFailed(_("what it makes is too long"))
    except _WENT_WRONG as error:
        raise TemplateFailed(f"{type(error).__name__}: {error}"[:300]) from None
    return "".join(pieces)


def _inserting(collected: list[Rich]) -> Callable[[Builder, str], None]:
    def insert(builder: Builder, data: str) -> None:
        for number, part in enumerate(data.replace(CLOSES, OPENS).split(OPENS)):
            if number % 2 == 0:
                builder.text(part)
            elif part.isdecimal() and int(part[:4]) < len(collected) and builder.length <= MOST:
                builder.insert(collected[int(part[:4])])

    return insert


def _button(button: _Button, fields: Mapping[str, object]) -> Button | None:
    """Return a button, or None for one without words or a place to lead to."""
    text = cut(one_line(_output(button.text, fields)), _BUTTON_TEXT_LIMIT)
    url = _output(button.url, fields).strip()
    if is_blank(text) or len(url) > _LONGEST_BUTTON_URL or not is_linkable(url):
        return None
    return Button(text=text, url=url)

"""Reads HTML of any quality into text with formatting."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.rendering import elements
from core.rendering.builder import Builder
from core.rendering.links import link_target
from core.rendering.rich import Rich
from core.rendering.table_reader import TableReader
from core.rendering.tokens import Token, tokens

MOST = 6_000
"""Characters after which reading ends; no message holds more."""

_MAKES_LINES = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|table|tr|td|pre|blockquote|section|article|dl|dt|dd|hr|figure)\b",
    re.IGNORECASE,
)
_Attributes = Mapping[str, str]
Insert = Callable[[Builder, str], None]
"""Adds a text to the builder: as it stands, or with something put in for its marks."""


def read_html(markup: str, *, base: str = "", most: int = MOST, keep_lines: bool = False) -> Rich:
    """Return what HTML shows, up to `most` characters and what ends them. Never raises.

    Args:
        markup: HTML as it comes.
        base: the address from which relative links start.
        most: where to stop.
        keep_lines: whether line ends of the source are line ends of the text.
    """
    return read_tokens(tokens(markup), base=base, most=most, keep_lines=keep_lines)


def read_summary(markup: str, *, base: str = "", most: int = MOST) -> Rich:
    """As `read_html`, for what may be plain text: without any tag that makes lines, its lines stay."""
    return read_html(markup, base=base, most=most, keep_lines=_MAKES_LINES.search(markup) is None)


def read_tokens(
    stream: Iterable[Token],
    *,
    base: str = "",
    most: int = MOST,
    keep_lines: bool = False,
    insert: Insert = Builder.text,
) -> Rich:
    """As `read_html`, of tokens; `keep_lines` and `insert` are for templates."""
    reader = _Reader(Builder(keep_lines=keep_lines), base, insert)
    for name, text, attributes in stream:
        if not name:
            reader.text(text)
            if reader.builder.length > most:
                break
        elif name[0] == "/":
            reader.end(name[1:])
        else:
            reader.start(name, attributes)
    return reader.builder.build()


@dataclass(slots=True)
class _List:
    """A list that is open, and the number of its last item; None without numbers."""

    last: int | None
    items: int = 0


class _Reader:
    def __init__(self, builder: Builder, base: str, insert: Insert) -> None:
        self.builder = builder
        self._base = base
        self._insert = insert
        self._lists: list[_List] = []
        self.tables = TableReader(builder)
        self._script = ""
        self._language: str | None = None

    def text(self, data: str) -> None:
        if self._script and not self.builder.verbatim:
            data = (elements.raised if self._script == "sup" else elements.lowered)(data)
        self._insert(self.builder, data)

    def start(self, name: str, attributes: _Attributes) -> None:
        self._around(name)
        if name in _STARTS:
            _STARTS[name](self, attributes)
        elif name in elements.STYLES:
            self.builder.open(name, elements.STYLES[name])

    def end(self, name: str) -> None:
        if name in _ENDS:
            _ENDS[name](self)
        elif name in elements.STYLES or name in ("a", "span", "blockquote", "pre"):
            self.builder.close(name)
        self._around(name)

    def _around(self, name: str) -> None:
        if self.builder.verbatim:
            return
        if name in elements.PARAGRAPHS:
            self.builder.block(1 if self._lists else 2)
        elif name in elements.LINES:
            self.builder.block(1)

    def link(self, attributes: _Attributes) -> None:
        self.builder.close("a")
        url = link_target(self._base, attributes.get("href", "").strip())
        self.builder.open("a", None if url is None else "text_link", url=url)

    def pre(self, attributes: _Attributes) -> None:
        language = elements.language_of(attributes) or self._language
        self.builder.open("pre", "pre", language=language)
        self._language = None

    def division(self, attributes: _Attributes) -> None:
        if attributes:
            self._language = elements.language_of(attributes)

    def code(self, attributes: _Attributes) -> None:
        if self.builder.verbatim:
            if language := elements.language_of(attributes):
                self.builder.name_language(language)
            self.builder.open("code", None)
        else:
            self.builder.open("code", "code")

    def quote_block(self, _: _Attributes) -> None:
        self.builder.open("blockquote", "blockquote")

    def span(self, attributes: _Attributes) -> None:
        self.builder.open("span", "spoiler" if elements.is_spoiler(attributes) else None)

    def line_break(self, _: _Attributes) -> None:
        self.builder.line_break()

    def rule(self, _: _Attributes) -> None:
        if self.builder.length:
            self.builder.text(elements.RULE)
            self.builder.block(2)

    def picture(self, attributes: _Attributes) -> None:
        if words := elements.words_of_picture(attributes):
            self.builder.glue(" ")
            self.builder.text(words)
            self.builder.glue(" ")

    def quotation(self, _: _Attributes) -> None:
        self.builder.text("“")

    def end_quotation(self) -> None:
        self.builder.text("”")

    def ruby(self, _: _Attributes) -> None:
        self.builder.text("(")

    def end_ruby(self) -> None:
        self.builder.text(")")

    def raise_text(self, _: _Attributes) -> None:
        self._script = "sup"

    def lower_text(self, _: _Attributes) -> None:
        self._script = "sub"

    def end_script(self) -> None:
        self._script = ""

    def bullets(self, _: _Attributes) -> None:
        self._begin_list(_List(None))

    def numbers(self, attributes: _Attributes) -> None:
        self._begin_list(_List(elements.number(attributes.get("start"), 1) - 1))

    def _begin_list(self, one: _List) -> None:
        self.builder.block(1)
        if len(self._lists) < _DEEPEST_LIST:
            self._lists.append(one)

    def end_list(self) -> None:
        self.builder.marker("")
        if self._lists:
            self._lists.pop()
        self.builder.block(1 if self._lists else 2)

    def item(self, attributes: _Attributes) -> None:
        self.builder.block(1)
        if not self._lists:
            self.builder.marker(elements.BULLETS[0])
            return
        inner = self._lists[-1]
        if inner.items:
            self.builder.at_most(1)
        inner.items += 1
        depth = len(self._lists)
        sign = elements.BULLETS[min(depth, len(elements.BULLETS)) - 1]
        if inner.last is not None:
            inner.last = elements.number(attributes.get("value"), inner.last + 1)
            sign = f"{inner.last}. "
        self.builder.marker(elements.INDENT * (depth - 1) + sign)

    def end_item(self) -> None:
        self.builder.marker("")
        self.builder.block(1)

    def term(self, _: _Attributes) -> None:
        self.builder.close("dt")
        self.builder.open("dt", "bold")

    def description(self, _: _Attributes) -> None:
        self.builder.close("dt")


_DEEPEST_LIST = 16
_STARTS: Mapping[str, Callable[[_Reader, _Attributes], None]] = {
    "a": _Reader.link,
    "pre": _Reader.pre,
    "div": _Reader.division,
    "code": _Reader.code,
    "blockquote": _Reader.quote_block,
    "span": _Reader.span,
    "br": _Reader.line_break,
    "hr": _Reader.rule,
    "img": _Reader.picture,
    "q": _Reader.quotation,
    "rt": _Reader.ruby,
    "sup": _Reader.raise_text,
    "sub": _Reader.lower_text,
    "ul": _Reader.bullets,
    "menu": _Reader.bullets,
    "dir": _Reader.bullets,
    "ol": _Reader.numbers,
    "li": _Reader.item,
    "dt": _Reader.term,
    "dd": _Reader.description,
    "table": lambda reader, _: reader.tables.table(),
    "tr": lambda reader, _: reader.tables.row(),
    "td": lambda reader, _: reader.tables.cell(),
    "th": lambda reader, _: reader.tables.heading_cell(),
}
_ENDS: Mapping[str, Callable[[_Reader], None]] = {
    "q": _Reader.end_quotation,
    "rt": _Reader.end_ruby,
    "sup": _Reader.end_script,
    "sub": _Reader.end_script,
    "ul": _Reader.end_list,
    "menu": _Reader.end_list,
    "dir": _Reader.end_list,
    "ol": _Reader.end_list,
    "li": _Reader.end_item,
    "td": lambda reader: reader.tables.end_cell(),
    "th": lambda reader: reader.tables.end_heading_cell(),
    "table": lambda reader: reader.tables.end_table(),
}

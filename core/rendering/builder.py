"""Builds text with formatting, piece by piece: white space as browsers show it, spans that never cross."""

import re
from dataclasses import dataclass

from core.rendering.characters import clean
from core.rendering.rich import Kind, Rich, Span

_DEEPEST = 64
_BLANKS = re.compile("[ \t\n]+")
_BLANKS_OF_A_LINE = re.compile("[ \t]+")
_BLOCKS = ("blockquote", "pre")


@dataclass(slots=True)
class _Open:
    """An element that has begun; `start` is None until text follows."""

    name: str
    kind: Kind | None
    url: str | None = None
    language: str | None = None
    start: int | None = None


class Builder:
    """Text so far, what is open, and the white space owed before the next text.

    With `keep_lines`, line ends of the source are line ends of the text, as people type them.
    """

    def __init__(self, *, keep_lines: bool = False) -> None:
        self.length = 0
        self.parts: list[str] = []
        self.spans: list[Span] = []
        self.verbatim = False
        self._keep_lines = keep_lines
        self._open: list[_Open] = []
        self._breaks = 0
        self._glue = ""
        self._marker: tuple[str, int] | None = None

    def text(self, data: str) -> None:
        """Add text; its white space is collapsed, but not inside `pre`."""
        data = clean(data)
        if self.verbatim:
            self._verbatim_text(data.expandtabs(4))
        elif self._keep_lines and "\n" in data:
            first, *others = data.split("\n")
            self._line(first, _BLANKS_OF_A_LINE)
            for line in others:
                self.line_break()
                self._line(line, _BLANKS_OF_A_LINE)
        else:
            self._line(data, _BLANKS)

    def insert(self, rich: Rich) -> None:
        """Add a text that has its formatting already, as it stands."""
        text = rich.text
        if text:
            self._add(text)
            at = self.length - len(text)
            self.spans += [span.moved(at) for span in rich.spans]

    def line_break(self) -> None:
        """Begin a new line; twice in a row leaves one empty line, and more do not leave more."""
        if self.verbatim:
            self._verbatim_text("\n")
        else:
            self._breaks = min(self._breaks + 1, 2)

    def block(self, breaks: int) -> None:
        """Have what follows on a new line, or behind an empty one (2)."""
        self._breaks = max(self._breaks, breaks)

    def at_most(self, breaks: int) -> None:
        """Take back empty lines owed."""
        self._breaks = min(self._breaks, breaks)

    def glue(self, between: str) -> None:
        """Have this between the text so far and what follows, if that is on the same line."""
        self._glue = between

    def marker(self, text: str) -> None:
        """Have this before the next text, whatever opens until then; an empty one takes it back."""
        self._marker = (text, len(self._open)) if text else None

    def open(
        self, name: str, kind: Kind | None, *, url: str | None = None, language: str | None = None
    ) -> None:
        """Begin an element; one that is in another of its kind, or too deep, formats nothing more."""
        if len(self._open) >= _DEEPEST:
            return
        if kind is not None and any(entry.kind == kind for entry in self._open):
            kind = None
        if kind in _BLOCKS:
            self._split(0)
        self._open.append(_Open(name, kind, url, language))
        self.verbatim = self.verbatim or name == "pre"

    def close(self, name: str) -> None:
        """End the innermost element of a name; those begun inside it go on behind it."""
        for index in range(len(self._open) - 1, -1, -1):
            entry = self._open[index]
            if entry.name == name:
                self._end(index)
                return

    def is_open(self, name: str) -> bool:
        """Tell whether an element of this name has begun and not ended."""
        return any(entry.name == name for entry in self._open)

    def name_language(self, language: str) -> None:
        """Say in which language the `pre` is that has just begun."""
        for entry in self._open:
            if entry.kind == "pre" and entry.start is None and entry.language is None:
                entry.language = language

    def take_back(self, part: int, length: int, span: int) -> None:
        """Forget all text from a place on; nothing may have been begun there that has not ended."""
        del self.parts[part:]
        del self.spans[span:]
        self.length = length
        self._glue = ""
        for entry in self._open:
            if entry.start is not None and entry.start >= length:
                entry.start = None

    def split(self) -> None:
        """End all spans here; they begin anew with the next text."""
        self._split(0)

    def build(self) -> Rich:
        """Return what was built."""
        for entry in reversed(self._open):
            self._emit(entry)
        return Rich(text="".join(self.parts), spans=tuple(self.spans))

    def _verbatim_text(self, data: str) -> None:
        """Add text as it stands; line ends wait for what follows, for those at the end are not shown."""
        if any(entry.name == "pre" and entry.start is None and entry.kind for entry in self._open):
            data = data.lstrip("\n")
        lines = data.rstrip("\n")
        self._add(lines)
        self._glue += "\n" * (len(data) - len(lines))

    def _line(self, data: str, blanks: re.Pattern[str]) -> None:
        data = blanks.sub(" ", data)
        core = data.strip(" ")
        if not core:
            self._glue = self._glue or data[:1]
            return
        if data[0] == " ":
            self._glue = self._glue or " "
        self._add(core)
        if data[-1] == " ":
            self._glue = " "

    def _add(self, text: str) -> None:
        if not text:
            return
        pad = "\n" * self._breaks or self._glue if self.length else ""
        self._breaks, self._glue = 0, ""
        self._append(pad)
        if self._marker is not None:
            marker, depth = self._marker
            self._marker = None
            self._begin(depth)
            self._append(marker)
        self._begin(len(self._open))
        self._append(text)

    def _append(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)

    def _begin(self, depth: int) -> None:
        for entry in self._open[:depth]:
            if entry.start is None:
                entry.start = self.length

    def _end(self, index: int) -> None:
        ended = self._open[index]
        self._split(0 if ended.kind in _BLOCKS else index)
        if ended.kind in _BLOCKS:
            for entry in self._open[index + 1 :]:
                self._emit(entry)
        self._emit(ended)
        del self._open[index]
        if ended.name == "pre":
            self.verbatim = self.is_open("pre")
            self._glue = ""

    def _split(self, index: int) -> None:
        """End the spans from an index on that are no blocks, the innermost first; they go on behind."""
        for entry in reversed(self._open[index:]):
            if entry.kind not in _BLOCKS:
                self._emit(entry)

    def _emit(self, entry: _Open) -> None:
        if entry.kind is not None and entry.start is not None and entry.start < self.length:
            self.spans.append(
                Span(
                    kind=entry.kind,
                    start=entry.start,
                    end=self.length,
                    url=entry.url,
                    language=entry.language,
                )
            )
        entry.start = None

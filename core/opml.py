"""Lists of subscriptions: OPML 2.0 (http://opml.org/spec2.opml), or a text with one address a line.

A file may be anybody's. Nothing that it names is opened: of XML only elements and attributes are read,
entities are taken for the text they are written as, and size, depth and number are bounded. It is read in
pieces.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from core.languages import gettext as _
from core.languages import marked
from core.languages.formats import number_text
from core.text import one_line

OURS = "vestnik:"
"""Begins the names of attributes that other programs do not know; an OPML file may hold such."""
_NAMESPACE = "urn:vestnik:opml"
_MOST_BYTES = 64 * 2**20
_MOST_OUTLINES = 100_000
_MOST_DEPTH = 64
_LONGEST_TAG_BYTES = 2**20
_LONGEST_LINE = 10_000
_STRAY = re.compile(rb"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_REFERENCE_BYTES = 12
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_COMPLAINTS = frozenset(
    (
        marked("syntax error"),
        marked("no element found"),
        marked("not well-formed (invalid token)"),
        marked("unclosed token"),
        marked("mismatched tag"),
        marked("duplicate attribute"),
        marked("junk after document element"),
        marked("undefined entity"),
        marked("unknown encoding"),
        marked("encoding specified in XML declaration is incorrect"),
        marked("unclosed CDATA section"),
        marked("unbound prefix"),
        marked("XML declaration not well-formed"),
        marked("XML or text declaration not at start of entity"),
    )
)
"""What expat complains of, in its words; rarer complaints stay English."""


class BrokenList(ValueError):
    """A file cannot be read on; what came before stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What an outline lies in."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One subscription of a list."""

    line: int
    url: str
    """As it was written."""
    title: str = ""
    site_url: str = ""
    folders: tuple[Folder, ...] = ()
    """The outermost first."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What only this program says of it, without `OURS`."""


def outlines(pieces: Iterable[bytes]) -> Iterator[Outline]:
    """Yield the subscriptions of a file, as they come.

    Raises:
        BrokenList: it goes no further.
    """
    return (found for found in with_pauses(pieces) if found is not None)


def with_pauses(pieces: Iterable[bytes]) -> Iterator[Outline | None]:
    """Yield the subscriptions of a file, and None after each piece: time for others, whatever is in it.

    Raises:
        BrokenList: it goes no further.
    """
    stream = _bounded(pieces)
    head = next(stream, b"")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<", *_WIDE)):
        return _Opml().read(_with(head, stream))
    return _lines(_with(head, stream))


def _with(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > _MOST_BYTES:
            raise BrokenList(_("larger than {most_bytes} MiB").format(most_bytes=_MOST_BYTES >> 20))
        yield piece


class _Opml:
    """Reads one document."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = False
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity
        self._found: list[Outline] = []
        self._open: list[Folder | None] = []
        self._count = 0

    def read(self, pieces: Iterator[bytes]) -> Iterator[Outline | None]:
        fed = 0
        try:
            for piece in _without_references(pieces):
                fed += len(piece)
                self._parser.Parse(piece, False)  # noqa: FBT003 - expat's
                yield from self._taken()
                yield None
                if fed - self._parser.CurrentByteIndex > _LONGEST_TAG_BYTES + len(piece):
                    raise self._broken(_("a tag without an end"))
            self._parser.Parse(b"", True)  # noqa: FBT003 - expat's
        except expat.ExpatError as error:
            yield from self._taken()
            complaint = expat.ErrorString(error.code)
            raise self._broken(_(complaint) if complaint in _COMPLAINTS else complaint) from None
        except BrokenList:
            yield from self._taken()
            raise
        except (LookupError, ValueError):  # of the codec that the document names
            raise self._broken(_("its character set cannot be read; save it as UTF-8")) from None

    def _taken(self) -> list[Outline]:
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open and name.lower() != "opml":
            raise self._broken(_("this is no OPML"))
        if len(self._open) >= _MOST_DEPTH:
            raise self._broken(_("folders within folders without end"))
        self._open.append(None)
        if name.lower() != "outline":
            return
        self._count += 1
        if self._count > _MOST_OUTLINES:
            raise self._broken(
                _("more than {most_outlines} outlines").format(most_outlines=number_text(_MOST_OUTLINES))
            )
        values = {key.lower(): value.strip() for key, value in attributes.items()}
        ours = {key.removeprefix(OURS): value for key, value in values.items() if key.startswith(OURS)}
        title = values.get("text") or values.get("title", "")
        url = _address(values)
        if url:
            self._found.append(
                Outline(
                    line=self._parser.CurrentLineNumber,
                    url=url,
                    title=title,
                    site_url=values.get("htmlurl", ""),
                    folders=tuple(folder for folder in self._open if folder is not None),
                    values=ours,
                )
            )
        else:
            self._open[-1] = Folder(name=title, values=ours)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _entity(self, *_declared: object) -> None:
        raise self._broken(_("it declares entities, which no list of subscriptions needs"))

    def _broken(self, why: str) -> BrokenList:
        return BrokenList(
            _("line {CurrentLineNumber}: {why}").format(
                CurrentLineNumber=self._parser.CurrentLineNumber, why=why
            )
        )


def _address(values: Mapping[str, str]) -> str:
    if values.get("xmlurl"):
        return values["xmlurl"]
    return values.get("url", "") if values.get("type", "").lower() in ("rss", "atom", "feed") else ""


def _without_references(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield XML in which an ampersand that begins none of the five known references stands for itself.

    Addresses are often written without escapes; and no entity that a file declares is ever expanded.
    """
    rest = next(pieces, b"")
    if rest.startswith(_WIDE):  # two bytes a character: expat refuses what is not well-formed
        yield rest
        yield from pieces
        return
    for piece in pieces:
        rest += piece
        cut = rest.rfind(b"&", max(0, len(rest) - _REFERENCE_BYTES))
        cut = len(rest) if cut < 0 else cut
        yield _STRAY.sub(b"&amp;", rest[:cut])
        rest = rest[cut:]
    yield _STRAY.sub(b"&amp;", rest)


def _lines(pieces: Iterator[bytes]) -> Iterator[Outline | None]:
    number, rest = 0, b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number += 1
            yield from _line(line, number)
        yield None
        if len(rest) > _LONGEST_LINE:
            raise BrokenList(_("line {number}: longer than any address").format(number=number + 1))
    yield from _line(rest, number + 1)


def _line(line: bytes, number: int) -> Iterator[Outline]:
    text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
    if text and not text.startswith("#"):
        yield Outline(line=number, url=text)


def opening(title: str) -> str:
    """Return how an OPML document begins."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:vestnik="{_NAMESPACE}">\n'
        f"<head><title>{_text(title)}</title></head>\n<body>\n"
    )


CLOSING = "</body>\n</opml>\n"
FOLDER_END = "</outline>\n"


def folder_start(folder: Folder) -> str:
    """Return how a folder begins; `FOLDER_END` ends it."""
    return f"<outline text={_attribute(one_line(folder.name))}{_ours(folder.values)}>\n"


def outline(entry: Outline) -> str:
    """Return one subscription; its folders are around it."""
    name = _attribute(one_line(entry.title) or entry.url)
    site = f" htmlUrl={_attribute(entry.site_url)}" if entry.site_url else ""
    return (
        f'<outline type="rss" text={name} title={name} xmlUrl={_attribute(entry.url)}{site}'
        f"{_ours(entry.values)}/>\n"
    )


def _ours(values: Mapping[str, str]) -> str:
    return "".join(f" {OURS}{name}={_attribute(value)}" for name, value in values.items())


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("", text))


def _text(text: str) -> str:
    return _attribute(text)[1:-1].replace(">", "&gt;")

"""Strings of a document, made fit to be stored and shown."""

import html
import re

_C0 = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\n\t")
_SHORT = 128  # below, looking at each character is the cheapest test
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")

_TAG = re.compile(r"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?|</?([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile(r"<[A-Za-z/!]|&(?:#[0-9xX]|[A-Za-z][A-Za-z0-9]{1,31};)")

_BREAKING_NAMES = """
    address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hr li main nav ol option p pre section select table tbody td tfoot th thead tr ul
"""
_INLINE_NAMES = """
    a abbr acronym audio b bdi bdo big body button canvas center cite code col data del details dfn em
    embed font head html i iframe img input ins kbd label legend link map mark meta meter noscript
    object output param picture q rp rt ruby s samp script small source span strike strong style sub
    summary sup svg time title tt u var video wbr
"""
BREAKING = frozenset(_BREAKING_NAMES.split())
"""Elements of HTML that begin a new line."""
_HTML = BREAKING | frozenset(_INLINE_NAMES.split())


def clean_text(text: str) -> str:
    """Remove what no database or chat can take: lone surrogates and control characters.

    Removed are U+0000 to U+001F but newline and tab, U+007F to U+009F, U+D800 to U+DFFF.
    """
    if len(text) < _SHORT and text.isprintable():
        return text
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return _UNFIT.sub("", text)
    # The regular expression alone costs three times as much; C1 controls begin with C2 in UTF-8.
    if len(raw.translate(None, _C0)) == len(raw) and b"\xc2" not in raw:
        return text
    return _UNFIT.sub("", text)


def one_line(text: str) -> str:
    """Clean a string and collapse its white space."""
    if len(text) < _SHORT and text.isprintable():
        return " ".join(text.split())
    return " ".join(clean_text(text).split())


def plain_line(markup: str, *, sure: bool) -> str:
    """Turn markup into one line of plain text: tags go, references are decoded once.

    Args:
        markup: HTML, or a string that may hold some.
        sure: whether it is declared to be HTML. If not (a title of RSS does not say), only names of
            HTML elements count as tags, so that "List<String>" keeps its end.
    """
    if "<" in markup:
        markup = _TAG.sub(lambda tag: _replacement(tag, sure=sure), markup)
    return one_line(decode_references(markup) if "&" in markup else markup)


class Lines(dict[str, str]):
    """Plain lines by the string they were made from: the tags and authors of a document come again."""

    def __missing__(self, markup: str) -> str:
        self[markup] = line = plain_line(markup, sure=False)
        return line


def decode_references(text: str) -> str:
    """Decode the character references of HTML that end with a semicolon (HTML 5, 13.5), once."""
    if "&" not in text or ";" not in text:
        return text
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def as_markup(text: str) -> str:
    """Give plain text the form in which a reader of HTML sees the same text."""
    return html.escape(text, quote=False) if _MARKUP.search(text) else text


def _replacement(tag: re.Match[str], *, sure: bool) -> str:
    if tag[1] is None:
        return ""
    name = tag[1].lower()
    if name in BREAKING:
        return " "
    return "" if sure or name in _HTML else tag[0]

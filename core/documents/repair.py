"""Markup that is not well-formed, made so: what its author must have meant, in one pass."""

import re
from html.entities import html5

_DEPTH = 200  # libxml2 gives up at 256
_BYTES_PER_TOKEN = 32  # an honest feed has 60
_FEW_TOKENS = 4096

_VERBATIM = re.compile(
    rb"(<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>)?"
    rb"|<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?"
    rb"|<\?[^?<]*+\?>)"
)
# After any error libxml2 drops references to these (but not numeric ones) from all text that follows.
_PREDEFINED = (
    (b"&amp;", b"&#38;"),
    (b"&lt;", b"&#60;"),
    (b"&gt;", b"&#62;"),
    (b"&quot;", b"&#34;"),
    (b"&apos;", b"&#39;"),
)
_AMPERSAND_PATTERN = (
    rb"&(?!#(?:38|60|62|34|39);)"
    rb"(?P<reference>#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_AMPERSAND = re.compile(_AMPERSAND_PATTERN)
_TOKEN = re.compile(
    rb"<(?P<close>/?)(?P<name>[A-Za-z_][\w:.-]*+)"
    rb"""(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)"""
    rb"|<|" + _AMPERSAND_PATTERN
)
_ATTRIBUTES = re.compile(rb"""(?:\s+[A-Za-z_][\w:.-]*+\s*=\s*(?:"[^"]*+"|'[^']*+'))*+\s*""")
_ATTRIBUTE = re.compile(
    rb"""(?<![\w:.-])([A-Za-z_][\w:.-]{0,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))"""
)
_SURROGATE = re.compile(
    rb"&#(?:[xX]0*[dD][89A-Fa-f][0-9A-Fa-f]{2}"
    rb"|0*5(?:529[6-9]|5[3-9][0-9]{2}|6[0-9]{3}|7[0-2][0-9]{2}|73[0-3][0-9]|734[0-3]));"
)
_DELETE = b"\x7f"
_UNFIT = bytes(code for code in range(0x20) if code not in b"\t\n\r")
# XML 1.0, production 2
_CHARACTERS = ((0x9, 0xA, 0xD), range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
_VOID = frozenset({b"br", b"hr", b"img", b"wbr", b"input", b"embed"})
_ENTRIES = (b"item", b"entry")


def repair(markup: bytes) -> bytes:
    """Repair markup in UTF-8: the same entries, and none lost to a neighbour's mistake.

    HTML's entities become characters and unknown ones text; a lone `<` or `&` becomes text; elements
    left open end with their parent, an entry with the next one; end tags of nothing go; attributes get
    quotes; elements too deep for the parser lose their tags; characters that XML forbids go. CDATA and
    comments stay as they are. Takes linear time; behind an absurd number of tags nothing is repaired.
    """
    markup = without_surrogates(markup.translate(None, _UNFIT))
    budget = _FEW_TOKENS + len(markup) // _BYTES_PER_TOKEN
    nesting = _Nesting()
    pieces = _VERBATIM.split(markup, maxsplit=budget)
    for index in range(0, len(pieces), 2):  # between two of them stands what is kept verbatim
        piece = pieces[index].replace(
            b"]]>", b"]]&#62;"
        )  # nothing of CDATA began, and libxml2 drops the text
        for predefined, number in _PREDEFINED:
            piece = piece.replace(predefined, number)
        pieces[index], used = _TOKEN.subn(nesting.mend, piece, count=budget)
        budget -= used + 1
        if budget <= 0:
            break
    return b"".join(pieces)


def without_surrogates(markup: bytes) -> bytes:
    """Replace references to surrogates, which lxml raises on, by a character that no cleaned string holds.

    To remove them would not do: what stood around one could make another.
    """
    return _SURROGATE.sub(_DELETE, markup)


class _Nesting:
    """The elements open at a point of the markup; one may end in another case than it began."""

    def __init__(self) -> None:
        self.open: list[bytes] = []
        self.count: dict[bytes, int] = {}

    def mend(self, token: re.Match[bytes]) -> bytes:
        """Give what is to stand in the place of a token."""
        name = token["name"]
        if name is not None:
            return self.close(name) if token["close"] else self.start(name, token["rest"][:-1])
        if token[0].startswith(b"&"):
            return _character(token)
        return b"&#60;"

    def start(self, name: bytes, rest: bytes) -> bytes:
        before = b""
        key = name.lower()
        if key.rpartition(b":")[2] in _ENTRIES and self.count.get(key):
            before = self.close(name)
        attributes, empty = _attributes(rest), rest.endswith(b"/") or key in _VOID
        shown = len(self.open) < _DEPTH
        if not empty:
            self.open.append(name)
            self.count[key] = self.count.get(key, 0) + 1
        if not shown:
            return before
        return before + b"<" + name + attributes + (b"/>" if empty else b">")

    def close(self, name: bytes) -> bytes:
        key = name.lower()
        if not self.count.get(key):
            return b""
        ends = []
        while True:
            last = self.open.pop()
            closed = last.lower()
            self.count[closed] -= 1
            if len(self.open) < _DEPTH:
                ends.append(b"</" + last + b">")
            if closed == key:
                return b"".join(ends)


def _attributes(rest: bytes) -> bytes:
    rest = rest.removesuffix(b"/")
    if not _ATTRIBUTES.fullmatch(rest):
        found = {name: quoted or single or bare for name, quoted, single, bare in _ATTRIBUTE.findall(rest)}
        rest = b"".join(b' %b="%b"' % (name, value.replace(b'"', b"&#34;")) for name, value in found.items())
    return _AMPERSAND.sub(_character, rest) if b"&" in rest else rest


def _character(token: re.Match[bytes]) -> bytes:
    reference = token["reference"]
    if reference is None:
        return b"&#38;"
    if reference.startswith(b"#"):
        return _numeric(reference[:-1])
    characters = html5.get(reference.decode("ascii"))
    if characters is None:
        return b"&#38;" + reference
    return b"".join(b"&#%d;" % ord(character) for character in characters)


def _numeric(name: bytes) -> bytes:
    digits = name[1:].lower()
    code = int(b"0" + digits, 16) if digits.startswith(b"x") else int(digits)
    return b"&#%d;" % code if any(code in allowed for allowed in _CHARACTERS) else b""

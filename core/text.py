"""Plain text: from HTML, measured and cut the way Telegram counts it."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
# Controls, and the marks that turn the direction of text around: they let a title imitate another.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\u3164\ufeff\uffa0\ufffc"
    r"\u030a\u0333\u033f"  # Telegram removes these three
    r"\U000e0000-\U000e007f]*"
)
_LONGEST_HTML = 4_000


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units (https://core.telegram.org/api/entities#entity-length)."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def cut(text: str, limit: int) -> str:
    """Return text of at most `limit` UTF-16 units, cut between words, with an ellipsis where it was cut."""
    if utf16_length(text) <= limit:
        return text
    kept, used = [], 1
    for character in text:
        used += 2 if character > "\uffff" else 1
        if used > limit:
            break
        kept.append(character)
    head = "".join(kept)
    before, space, _ = head.rpartition(" ")
    at_word = before if space and len(before) >= len(head) // 2 else head
    return at_word.rstrip(" ,.;:\n") + "…"


def one_line(text: str) -> str:
    """Return text without line breaks, controls and direction marks."""
    return " ".join(_UNWANTED.sub("", text).split())


def is_blank(text: str) -> bool:
    """Return whether Telegram would see no text at all here."""
    return _INVISIBLE.fullmatch(text) is not None


def plain_text(html: str) -> str:
    """Return the readable text of HTML of any quality: entities decoded once, blocks as lines."""
    reader = _TextReader()
    reader.feed(html[:_LONGEST_HTML])
    reader.close()
    text = _UNWANTED.sub("", "".join(reader.parts))
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden_depth += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden_depth = max(0, self._hidden_depth - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        # The parser's own raises at most of what is no SGML; for HTML it is a comment
        # (https://html.spec.whatwg.org/multipage/parsing.html#markup-declaration-open-state).
        return self.parse_bogus_comment(i, report)

    def handle_data(self, data: str) -> None:
        if not self._hidden_depth:
            self.parts.append(data)

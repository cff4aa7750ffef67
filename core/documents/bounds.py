"""How large a page may become as a tree: its markup is bounded before a parser sees it."""

import re

_MOST_TAGS = 60_000
# Lexbor takes square time for depth and for attributes, and a page of b elements left open in blocks
# becomes a tree of square size (HTML, 13.2.4.3): a page has never more of these than
_DEEPEST = 400
_MOST_FORMATS = 16
_LONGEST_TAG = 4_000
_MOST_ATTRIBUTES = 256

_COMMENT = rb"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?"
_RAW = b"script style textarea title xmp iframe noembed noframes".split()
"""What is inside these is no markup."""
_REST = rb"[^<>\"']*+(?:\"[^\"]*+\"?|'[^']*+'?|[^<>\"'])*+"
_TOKEN = re.compile(
    rb"%b|<(?P<raw>%b)\b[^>]*+>|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40})(?P<rest>%b)>?"
    % (_COMMENT, b"|".join(_RAW), _REST),
    re.IGNORECASE,
)
# The same in one go, for markup in lower case.
_PASSED = b"|".join(rb"%b\b[^>]*+>[^<]*+(?:<(?!/%b\b)[^<]*+)*+" % (name, name) for name in _RAW)
_TAG = re.compile(rb"%b|<(?:%b)(?:</)?|<(/?[a-z][a-z0-9:-]{0,40})(%b)>?" % (_COMMENT, _PASSED, _REST))
_QUOTED = re.compile(rb"\"[^\"]*+\"|'[^']*+'")
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
# They end by themselves where the next one begins.
_SELF_ENDING = frozenset(
    b"p li dt dd tr td th tbody thead tfoot option optgroup rp rt html head body".split()
)
_FORMATS = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
_LEVEL = frozenset({b"", *_VOID, *_SELF_ENDING, *(b"/" + name for name in _VOID | _SELF_ENDING)})
"""What leads no deeper."""
_FORMATTING = frozenset({*_FORMATS, *(b"/" + name for name in _FORMATS)})
_FORMAT_TAG = re.compile(
    rb"</?(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?:\s[^<>]*+)?>", re.IGNORECASE
)


def bounded(markup: bytes) -> tuple[bytes, bool]:
    """Cut markup where it becomes absurd, and tell whether nothing was cut off. Takes linear time."""
    return (markup, True) if is_ordinary(markup) else cut_down(markup)


def is_ordinary(markup: bytes) -> bool:
    """Tell whether nothing needs to be cut, at less than half of what `cut_down` takes; in doubt, False."""
    if markup.count(b"<") >= _MOST_TAGS:
        return False
    opened: dict[bytes, int] = {}
    depth = formats = 0
    for name, rest in _TAG.findall(markup.lower()):
        if len(rest) > _LONGEST_TAG:
            return False
        if name in _LEVEL:
            continue
        closes = name.startswith(b"/")
        if name in _FORMATTING:
            formats += -min(formats, 1) if closes else 1
        elif rest.endswith(b"/"):
            continue
        elif not closes:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
        elif opened.get(name[1:]):  # an end of what never began leads nowhere up
            opened[name[1:]] -= 1
            depth -= 1
        if depth > _DEEPEST or formats > _MOST_FORMATS:
            return False
    return True


def cut_down(markup: bytes) -> tuple[bytes, bool]:
    """Do what `bounded` does, with a close look at each tag."""
    scan = _Scan()
    end = scan.run(markup)
    pieces, position = [], 0
    for start, stop in scan.dropped:
        pieces.append(markup[position:start])
        position = stop
    kept = b"".join([*pieces, markup[position:end]])
    if scan.most_formats > _MOST_FORMATS:
        kept = _FORMAT_TAG.sub(b"", kept)
    return kept, end == len(markup)


class _Scan:
    """One look at all tags: how deep they go, and which of them are too long."""

    def __init__(self) -> None:
        self.depth = 0
        self.open: dict[bytes, int] = {}
        self.formats = 0
        self.most_formats = 0
        self.dropped: list[tuple[int, int]] = []

    def run(self, markup: bytes) -> int:
        """Return where to cut."""
        position = 0
        for _ in range(_MOST_TAGS):
            token = _TOKEN.search(markup, position)
            if token is None:
                return len(markup)
            position = token.end()
            if token["raw"] is not None:
                end = re.compile(rb"</" + token["raw"] + rb"\b", re.IGNORECASE).search(markup, position)
                position = len(markup) if end is None else end.start() + 2
            elif token["name"] is not None and not self._take(token):
                return token.start()
        return position

    def _take(self, token: re.Match[bytes]) -> bool:
        """Count a tag; False where it would lie too deep."""
        name = token["name"].lower()
        if len(token["rest"]) > _LONGEST_TAG and _attributes(token["rest"]) > _MOST_ATTRIBUTES:
            self.dropped.append(token.span())
            return True
        step = -1 if token["close"] else 1
        if name in _FORMATS:
            self.formats = max(0, self.formats + step)
            self.most_formats = max(self.most_formats, self.formats)
        elif name not in _VOID and name not in _SELF_ENDING and not token["rest"].endswith(b"/"):
            opened = self.open.get(name, 0)
            if opened or step > 0:  # an end of what never began leads nowhere up
                self.open[name] = opened + step
                self.depth += step
        return self.depth <= _DEEPEST


def _attributes(rest: bytes) -> int:
    return len(_QUOTED.sub(b"", rest).split())

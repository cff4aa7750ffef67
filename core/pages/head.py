"""Tags of a page's head. Nothing in it nests, so that one regular expression reads it, in linear time."""

import re
from dataclasses import dataclass, field
from itertools import islice

from core.documents.links import is_web, resolve
from core.documents.text import decode_references

LONGEST_VALUE = 20_000
"""Of any string of a page, before it is cleaned."""

_MOST_VALUES = 100
_MOST_NAMES = 4
_MOST_PROPERTIES = 1_000
_MOST_BLOCKS = 30
_MOST_ATTRIBUTES = 64

# Within a tag a quote opens a value only behind "=" (HTML, 13.2.5.37). All loops are possessive, and what has
# no end reaches to the end of the page. Nine of ten tags have the form that comes first.
_REST = r"""\b[^>=]*+(?:=\s*+(?:"[^"]*+"?|'[^']*+'?)?[^>=]*+)*+"""
_TOKEN = re.compile(
    r'<(?:meta (?:property|name)="([^"\s]*+)" content="([^"]*+)" ?/?>'
    r"|!--(?:-?>|[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?)"
    r'|script src="[^"+]*+"(?: (?:async|defer))?></script'
    rf"|[sS][cC][rR][iI][pP][tT]({_REST})>?"
    r"([^<]*+(?:<(?!/[sS][cC][rR][iI][pP][tT])[^<]*+)*+)"
    r"|[sS][tT][yY][lL][eE]\b[^<]*+(?:<(?!/[sS][tT][yY][lL][eE])[^<]*+)*+"
    r"|[tT][iI][tT][lL][eE]\b[^>]*+>([^<]*+(?:<(?!/[tT][iI][tT][lL][eE])[^<]*+)*+)"
    rf"|((?:[mM][eE][tT][aA]|[lL][iI][nN][kK](?=(?:[^<>ai]++|a(?!nonical)|i(?!mage_src))*+[ai])|[bB][aA][sS][eE]|[hH][tT][mM][lL]){_REST}))"
)
_CANONICAL = re.compile(r'link rel="canonical" href="([^"&]{1,2000}+)" ?/?')
"""How nine of ten pages say it."""

_SHORT_TAG = 1_000
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*+=\s*+(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]+)))?""")


@dataclass(slots=True)
class Head:
    """What the tags of a head say."""

    title: str = ""
    language: str = ""
    base: str = ""
    """What relative links start from."""
    canonical: str = ""
    image_src: str = ""
    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents that are not blank, by lower-case name or property, in document order."""
    blocks: list[str] = field(default_factory=list)
    """The JSON-LD, as it stands."""

    def first(self, *names: str) -> str:
        """Give the first content of the first of these names that has one, or ""."""
        for name in names:
            for content in self.metas.get(name, ()):
                return content
        return ""

    def add(self, names: str, content: str) -> None:
        """Keep a content under the names that it has, as many as that is sane for."""
        for name in names.lower().split(None, _MOST_NAMES)[:_MOST_NAMES]:
            if (contents := self.metas.get(name)) is None:
                if len(self.metas) < _MOST_PROPERTIES and content.strip():
                    self.metas[name] = [content]
            elif len(contents) < _MOST_VALUES and content.strip():
                contents.append(content)


def read_head(markup: str, url: str) -> Head:
    """Read the tags of a head; the base is the page's own address, or what it says in `<base>`."""
    head = Head(base=url)
    bases: list[str] = []
    metas = head.metas
    for name, content, script, code, title, tag in _TOKEN.findall(markup):
        if name:
            name = name.lower()  # noqa: PLW2901 - nine of ten are lower case already
            if "&" in content or len(content) > LONGEST_VALUE:
                content = _value(content)  # noqa: PLW2901 - seldom needed
            if content and name not in metas:
                metas[name] = [content]
            else:
                head.add(name, content)
        elif script:
            if "+json" in script and len(head.blocks) < _MOST_BLOCKS:
                head.blocks.append(code)
        elif title:
            head.title = head.title or _value(title)
        elif tag:
            _take(tag, head, bases)
    head.base = _base(url, bases)
    return head


def _base(url: str, said: list[str]) -> str:
    base = resolve(url, said[0]) if said else None
    return base if base is not None and is_web(base) else url


def _take(tag: str, head: Head, bases: list[str]) -> None:
    """Take what a `<meta>` says, or `<html>`, `<base>` or a `<link>`; of each of these the first counts."""
    if (found := _CANONICAL.fullmatch(tag)) is not None:
        head.canonical = head.canonical or found[1]
        return
    said = _attributes(tag)
    if tag[:4].lower() == "meta":
        names = said.get("property") or said.get("name") or said.get("itemprop") or said.get("http-equiv")
        head.add(names or "", said.get("content", ""))
        return
    if "href" not in said:
        head.language = head.language or said.get("lang") or said.get("xml:lang") or ""
        return
    relations = said.get("rel", "").lower().split()
    if tag[:4].lower() == "base":
        bases.append(said["href"])
    if "canonical" in relations:
        head.canonical = head.canonical or said["href"]
    if "image_src" in relations:
        head.image_src = head.image_src or said["href"]


def _attributes(tag: str) -> dict[str, str]:
    """Give a tag's attributes by lower-case name; of one that comes twice the first counts."""
    found: dict[str, str] = {}
    if len(tag) <= _SHORT_TAG:
        attributes = _ATTRIBUTE.findall(tag)
    else:  # may hold very many
        first = islice(_ATTRIBUTE.finditer(tag), _MOST_ATTRIBUTES)
        attributes = [attribute.groups("") for attribute in first]
    for name, double, single, bare in attributes[:_MOST_ATTRIBUTES]:
        found.setdefault(name.lower(), _value(double or single or bare))
    return found


def _value(text: str) -> str:
    text = text[:LONGEST_VALUE]
    return decode_references(text) if "&" in text else text

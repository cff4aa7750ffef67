"""What stands inside an element: as text, or as HTML."""

import html

from lxml import etree

_DEEPEST = 200
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


def text_of(element: etree._Element) -> str:
    """Give the text inside an element, without the tags of elements in it."""
    if not len(element):
        return element.text or ""
    return "".join(element.itertext())


def markup_of(element: etree._Element) -> str:
    """Give the content of an element as HTML.

    Escaped HTML (the common case) is given as it stands; of elements (Atom's XHTML, or tags that
    somebody forgot to escape) the tags are written again, without namespaces.
    """
    if not len(element):
        return element.text or ""
    pieces = [_escaped(element.text)]
    for child in element:
        _write(child, pieces, _DEEPEST)
    return "".join(pieces)


def _write(element: etree._Element, pieces: list[str], levels: int) -> None:
    """Write an element and what follows it; deeper than so many levels only text."""
    if not isinstance(element.tag, str):
        pieces.append((element.text or "") + _escaped(element.tail))
        return
    if not levels:
        pieces.append(_escaped("".join(element.itertext()) + (element.tail or "")))
        return
    name = _local(element.tag)
    attributes = "".join(f' {_local(key)}="{html.escape(value)}"' for key, value in element.items())
    pieces.append(f"<{name}{attributes}>")
    pieces.append(_escaped(element.text))
    for child in element:
        _write(child, pieces, levels - 1)
    if name not in _VOID:
        pieces.append(f"</{name}>")
    pieces.append(_escaped(element.tail))


def _escaped(text: str | None) -> str:
    return html.escape(text, quote=False) if text else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]

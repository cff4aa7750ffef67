"""One entry of an XML feed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from core.documents.dates import parse_date
from core.documents.links import (
    Link,
    choose_alternate,
    choose_image,
    ends_like_image,
    is_web,
    make_enclosure,
    media_type_of,
    rebase,
    resolve,
)
from core.documents.markup import markup_of, text_of
from core.documents.names import Names, local_name
from core.documents.text import as_markup, clean_text, one_line, plain_line
from core.entries import Enclosure, Entry

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RELATIONS = "http://www.iana.org/assignments/relation/"
_DATES = ("pubdate", "date", "published", "created", "updated")
_SUMMARIES = ("summary", "content", "second_summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an entry shares with its neighbours."""

    names: Names
    url: str
    has_bases: bool
    """Whether the document uses xml:base at all; most do not."""

    def base(self, element: etree._Element) -> str:
        """Give the base of relative references within an element (XML Base, section 4)."""
        if not self.has_bases:
            return self.url
        base = self.url
        for ancestor in reversed([element, *element.iterancestors()]):
            base = rebase(base, ancestor.get(_XML_BASE))
        return base


@dataclass(slots=True)
class _Draft:
    """What was met so far; `found` holds the first element of each name."""

    context: Context
    found: dict[str, etree._Element] = field(default_factory=dict)
    link: str | None = None
    links: list[Link] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    creators: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)
    image: str | None = None

    def gather(self, parent: etree._Element) -> None:
        names, found = self.context.names, self.found
        for child in parent:
            name = names[child.tag]
            if reader := _READERS.get(name):
                reader(self, child)
            elif name and name not in found:
                found[name] = child

    def text(self, name: str) -> str:
        element = self.found.get(name)
        return "" if element is None else text_of(element)

    def attribute(self, name: str, key: str) -> str | None:
        """Give an attribute that holds a URL, made absolute."""
        element = self.found.get(name)
        return None if element is None else resolve(self.context.base(element), element.get(key))


def read_entry(element: etree._Element, context: Context, default_author: str | None) -> Entry | None:
    """Map an `item` or `entry` element; None if there is nothing in it by which it could be told."""
    draft = _Draft(context)
    draft.gather(element)
    is_atom = context.names[element.tag] == "entry"
    entry_id = _id(draft, element)
    url = _url(draft)
    title, summary = _title(draft, is_atom=is_atom), _summary(draft, is_atom=is_atom)
    if not (entry_id or url or title or summary or draft.enclosures):
        return None
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        summary=summary,
        published_ms=_published(draft),
        author=_author(draft) or default_author,
        tags=tuple(dict.fromkeys(draft.tags)) if draft.tags else (),
        image=_image(draft),
        enclosures=tuple(draft.enclosures),
    )


def atom_link(element: etree._Element, context: Context) -> Link | None:
    """Read a link with an address in its attributes; None for one of RSS, whose text is the address."""
    reference = element.get("href")
    if not reference:
        return None
    url = resolve(context.base(element), reference)
    if url is None:
        return None
    relation = (element.get("rel") or "alternate").strip().lower().removeprefix(_RELATIONS)
    return Link(relation, url, media_type_of(element.get("type")))


def plain_title(element: etree._Element, *, is_atom: bool) -> str:
    """Read a title as one line of plain text, by its type (RFC 4287, 3.1) or, in RSS, by its looks."""
    text = text_of(element)
    if "<" not in text and "&" not in text:
        return one_line(text)
    kind = (element.get("type") or "").lower()
    if "html" in kind and not len(element):
        return plain_line(text, sure=True)
    if is_atom or len(element) or kind.startswith("text"):
        return one_line(text)
    return plain_line(text, sure=False)


def read_person(element: etree._Element, names: Names) -> str:
    """Read a person: the name in Atom, in RSS the name behind the address, "a@b.c (Name)"."""
    if len(element):
        parts = {names[child.tag]: text_of(child) for child in reversed(element)}
        return one_line(parts.get("name") or parts.get("email") or text_of(element))
    text = plain_line(element.text or "", sure=False)
    if text.endswith(")") and "@" in text:
        _, _, name = text[:-1].partition("(")
        return name.strip() or text
    return text


def _read_link(draft: _Draft, element: etree._Element) -> None:
    link = atom_link(element, draft.context)
    if link is None:
        if draft.link is None and (text := text_of(element)):
            draft.link = resolve(draft.context.base(element), text)
    elif link.relation == "enclosure":
        _read_file(draft, element, "href")
    else:
        draft.links.append(link)


def _read_file(draft: _Draft, element: etree._Element, key: str = "url") -> None:
    base = draft.context.base(element)
    file = make_enclosure(base, element.get(key), element.get("type"), element.get("length"))
    if file is not None:
        draft.enclosures.append(file)


def _read_tag(draft: _Draft, element: etree._Element) -> None:
    tag = plain_line(element.get("term") or text_of(element) or element.get("label") or "", sure=False)
    if tag:
        draft.tags.append(tag)


def _read_author(draft: _Draft, element: etree._Element) -> None:
    if name := read_person(element, draft.context.names):
        draft.authors.append(name)


def _read_creator(draft: _Draft, element: etree._Element) -> None:
    if name := read_person(element, draft.context.names):
        draft.creators.append(name)


def _read_media(draft: _Draft, element: etree._Element) -> None:
    url = element.get("url")
    if url and draft.image is None:
        medium = (element.get("medium") or media_type_of(element.get("type")).partition("/")[0]).lower()
        if medium == "image" or (not medium and ends_like_image(url)):
            draft.image = resolve(draft.context.base(element), url)
    draft.gather(element)


# Elements that may come more than once, or that hold others.
_READERS: dict[str, Callable[[_Draft, etree._Element], None]] = {
    "link": _read_link,
    "enclosure": _read_file,
    "category": _read_tag,
    "author": _read_author,
    "creator": _read_creator,
    "media": _read_media,
    "group": _Draft.gather,
}


def _id(draft: _Draft, element: etree._Element) -> str | None:
    for name in ("guid", "id", "identifier"):
        if name in draft.found and (text := clean_text(draft.text(name)).strip()):
            return text
    return clean_text(element.get(_RDF_ABOUT) or "").strip() or None


def _url(draft: _Draft) -> str | None:
    if "origlink" in draft.found:
        original = draft.text("origlink").strip()
        if is_web(original):
            return resolve("", original)
    return draft.link or choose_alternate(draft.links) or _permalink(draft)


def _permalink(draft: _Draft) -> str | None:
    """Give the guid where it is the only link (RSS 2.0: isPermaLink is true unless it says false)."""
    guid = draft.found.get("guid")
    if guid is None:
        return None
    flag = guid.get("isPermaLink") or guid.get("ispermalink") or "true"
    url = text_of(guid).strip()
    return resolve("", url) if flag.strip().lower() != "false" and is_web(url) else None


def _title(draft: _Draft, *, is_atom: bool) -> str:
    for name in ("title", "second_title"):
        element = draft.found.get(name)
        if element is not None and (title := plain_title(element, is_atom=is_atom)):
            return title
    return ""


def _summary(draft: _Draft, *, is_atom: bool) -> str:
    for name in _SUMMARIES:
        element = draft.found.get(name)
        if element is not None and (summary := _markup(element, is_atom=is_atom)):
            return summary
    return ""


def _markup(element: etree._Element, *, is_atom: bool) -> str:
    """Give a text construct or content of Atom, or a description of RSS, as HTML."""
    kind = (element.get("type") or "").lower() if is_atom else ""
    if kind == "xhtml" or "xhtml+xml" in kind:
        inner = element[0] if len(element) == 1 and local_name(element[0].tag) == "div" else element
        return clean_text(markup_of(inner)).strip()
    if "/" in kind and not kind.startswith("text/"):
        return ""  # a picture in Base64, or other data (RFC 4287, 4.1.3.3)
    if kind in ("text", "text/plain"):
        return clean_text(as_markup(text_of(element))).strip()
    return clean_text(markup_of(element)).strip()


def _published(draft: _Draft) -> int | None:
    for name in _DATES:
        if name in draft.found and (moment_ms := parse_date(draft.text(name))) is not None:
            return moment_ms
    return None


def _author(draft: _Draft) -> str | None:
    authors = draft.authors
    if draft.creators and (not authors or "@" in authors[0]):
        authors = draft.creators
    if not authors:
        return one_line(draft.text("second_author")) or None if "second_author" in draft.found else None
    return authors[0] if len(authors) == 1 else ", ".join(dict.fromkeys(authors))


def _image(draft: _Draft) -> str | None:
    image = draft.image
    if image is None and draft.enclosures:
        image = choose_image(draft.enclosures)
    if image is None and "itunes_image" in draft.found:
        image = draft.attribute("itunes_image", "href")
    if image is None and "thumbnail" in draft.found:
        image = draft.attribute("thumbnail", "url")
    if image is None and "image" in draft.found:
        image = draft.attribute("image", "href") or _image_text(draft)
    return image


def _image_text(draft: _Draft) -> str | None:
    """Read an `image` of RSS within an item: its text, or its child `url`, is the address."""
    image = draft.found["image"]
    names = draft.context.names
    address = next((text_of(child) for child in image if names[child.tag] == "url"), image.text)
    return resolve(draft.context.base(image), address)

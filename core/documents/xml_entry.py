"""One entry of an XML feed."""

from collections.abc import Sequence

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
    resolve,
)
from core.documents.markup import markup_of, text_of
from core.documents.names import local_name
from core.documents.text import as_markup, clean_text, one_line
from core.documents.xml_parts import Context, Found, Parts, plain_title, read_link, read_tags
from core.entries import Enclosure, Entry

_RDF_ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ALTERNATE = "alternate"
_IDS = ("guid", "id", "identifier")
_TITLES = ("title", "second_title")
_SUMMARIES = ("summary", "content", "second_summary")
_IMAGES = frozenset({"media", "itunes_image", "thumbnail", "image"})
_MOST_FILES = 100
_DATES = ("pubdate", "date", "published", "created", "updated")


def read_entry(element: etree._Element, context: Context, default_author: str | None) -> Entry | None:
    """Map an `item` or `entry` element; None if there is nothing in it by which it could be told.

    One whose link is known comes with its address and date alone.
    """
    if not len(element):
        return None
    parts = Parts(element, context)
    found = parts.found
    if "media" in found or "group" in found:
        parts.open_media()
    is_atom = context.names[element.tag] == "entry"
    link, links = _links(parts) if "link" in found else (None, ())
    if "origlink" in found:
        link = _original(parts) or link
    url = link or choose_alternate(links) or _permalink(parts)
    if url and context.known is not None and context.known(url):
        return Entry(url=url, published_ms=_published(found))
    entry_id = _id(found, element)
    title, summary = _title(found, is_atom=is_atom), _summary(found, is_atom=is_atom)
    enclosures = _enclosures(parts, links) if links or "enclosure" in found else ()
    if not (entry_id or url or title or summary or enclosures):
        return None
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        summary=summary,
        published_ms=_published(found),
        author=_author(parts) or default_author,
        tags=read_tags(parts.every("category"), context.lines) if "category" in found else (),
        image=_image(parts, enclosures),
        enclosures=enclosures,
    )


def _id(found: Found, element: etree._Element) -> str | None:
    for name in _IDS:
        if name in found and (text := clean_text(text_of(found[name])).strip()):
            return text
    about = element.get(_RDF_ABOUT) or element.get("{" + _RDF_ABOUT)
    return clean_text(about or "").strip() or None


def _links(parts: Parts) -> tuple[str | None, list[Link]]:
    """Give the link of RSS, which is text, or those of Atom, which are attributes."""
    context = parts.context
    links: list[Link] = []
    for element in parts.every("link"):
        if text := text_of(element).strip():
            relation = element.get("rel")
            if not relation or relation.lower() == _ALTERNATE:
                return context.resolve(element, text), links
        if link := read_link(element, context):
            links.append(link)
    return None, links


def _original(parts: Parts) -> str | None:
    """Give the link that FeedBurner replaced by one that counts clicks."""
    url = text_of(parts.found["origlink"]).strip()
    return resolve("", url) if is_web(url) else None


def _permalink(parts: Parts) -> str | None:
    """Give the guid where it is the only link (RSS 2.0: isPermaLink is true unless it says false)."""
    guid = parts.found.get("guid")
    if guid is None:
        return None
    flag = guid.get("isPermaLink") or guid.get("ispermalink") or "true"
    url = text_of(guid).strip()
    return resolve("", url) if flag.strip().lower() != "false" and is_web(url) else None


def _title(found: Found, *, is_atom: bool) -> str:
    for name in _TITLES:
        if name in found and (title := plain_title(found[name], is_atom=is_atom)):
            return title
    return ""


def _summary(found: Found, *, is_atom: bool) -> str:
    for name in _SUMMARIES:
        if name in found and (summary := _markup(found[name], is_atom=is_atom)):
            return summary
    return ""


def _markup(element: etree._Element, *, is_atom: bool) -> str:
    """Give a text construct or content of Atom, or a description of RSS, as HTML."""
    kind = (element.get("type") or "").lower() if is_atom else ""
    if not kind or kind == "html":
        return clean_text(markup_of(element)).strip()
    if kind == "xhtml" or "xhtml+xml" in kind:
        inner = element[0] if len(element) == 1 and local_name(element[0].tag) == "div" else element
        return clean_text(markup_of(inner)).strip()
    if "/" in kind and not kind.startswith("text/"):
        return ""  # a picture in Base64, or other data (RFC 4287, 4.1.3.3)
    if kind in ("text", "text/plain"):
        return clean_text(as_markup(text_of(element))).strip()
    return clean_text(markup_of(element)).strip()


def _published(found: Found) -> int | None:
    for name in _DATES:
        if name in found:
            moment_ms = parse_date(text_of(found[name]))
            if moment_ms is not None:
                return moment_ms
    return None


def _author(parts: Parts) -> str | None:
    """Give the authors' names; an address alone (RSS) only where Dublin Core names nobody."""
    found = parts.found
    people = parts.people("author") if "author" in found else []
    if "creator" in found and (not people or "@" in people[0]):
        people = parts.people("creator") or people
    if not people and "second_author" in found:
        people = [one_line(text_of(found["second_author"]))]
    if len(people) > 1:
        return ", ".join(dict.fromkeys(people))
    return people[0] or None if people else None


def _enclosures(parts: Parts, links: Sequence[Link]) -> tuple[Enclosure, ...]:
    files = []
    for element in parts.every("enclosure")[:_MOST_FILES]:
        url = parts.context.resolve(element, element.get("url"))
        files.append(make_enclosure(url, element.get("type"), element.get("length")))
    linked = [link for link in links if link.relation == "enclosure"][:_MOST_FILES]
    files.extend(make_enclosure(link.url, link.media_type, link.length) for link in linked)
    return tuple(file for file in files if file is not None)


def _image(parts: Parts, enclosures: tuple[Enclosure, ...]) -> str | None:
    """Give the first image: of Media RSS, an enclosure, of iTunes, a thumbnail, an `image` element."""
    found = parts.found
    if _IMAGES.isdisjoint(found) and not enclosures:
        return None
    image = _media_image(parts) if "media" in found else None
    if image is None and enclosures:
        image = choose_image(enclosures)
    for name, key in (("itunes_image", "href"), ("thumbnail", "url"), ("image", "href")):
        if image is None and name in found:
            image = parts.context.resolve(found[name], found[name].get(key))
    if image is None and "image" in found:
        return _image_text(parts)
    return image


def _media_image(parts: Parts) -> str | None:
    for element in parts.every("media"):
        url = element.get("url") or ""
        medium = (element.get("medium") or media_type_of(element.get("type")).partition("/")[0]).lower()
        if url and (medium == "image" or (not medium and ends_like_image(url))):
            return parts.context.resolve(element, url)
    return None


def _image_text(parts: Parts) -> str | None:
    """Read an `image` of RSS within an item: its text, or its child `url`, is the address."""
    image = parts.found["image"]
    names = parts.context.names
    address = next((text_of(child) for child in image if names[child.tag] == "url"), image.text)
    return parts.context.resolve(image, address)

"""An item of RSS that is made of what nearly all are made of, read at one go.

The general reader (`xml_entry`) asks every entry for what few have: other titles, several links, media,
pictures, persons. Of an item with a link, a guid and a description, and at most a title, a date, the whole
text, a `dc:creator` and categories besides, this one says the same in two thirds of the time.
"""

from lxml import etree

from core.documents.dates import parse_date
from core.documents.markup import markup_of, text_of
from core.documents.text import clean_text
from core.documents.xml_parts import Context, Found, plain_title, read_person, read_tags
from core.entries import Entry

_ONCE = frozenset({"title", "link", "guid", "pubdate", "summary", "content", "creator"})
_NEEDED = frozenset({"link", "guid", "summary"})


def read_plain(item: etree._Element, context: Context) -> Entry | None:
    """Map an `item` of RSS; None where it takes the general reader."""
    names = context.names
    found: Found = {}
    categories = []
    for child in item:
        name = names[child.tag]
        if name in _ONCE and name not in found:
            found[name] = child
        elif name == "category":
            categories.append(child)
        elif name:
            return None
    if not found.keys() >= _NEEDED or found["link"].get("rel"):
        return None
    url = context.resolve(found["link"], text_of(found["link"]).strip())
    published_ms = parse_date(text_of(found["pubdate"])) if "pubdate" in found else None
    if url and context.known is not None and context.known(url):
        return Entry(url=url, published_ms=published_ms)
    entry_id = clean_text(text_of(found["guid"])).strip()
    summary = clean_text(markup_of(found["summary"])).strip()
    if not (url and entry_id and summary):
        return None
    return Entry(
        id=entry_id,
        url=url,
        title=plain_title(found["title"], is_atom=False) if "title" in found else "",
        summary=summary,
        published_ms=published_ms,
        author=(read_person(found["creator"], context) or None) if "creator" in found else None,
        tags=read_tags(categories, context.lines) if categories else (),
    )

"""What the feeds write can be read back, whatever is in it."""

import json
from dataclasses import replace
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.feeds.documents import NOT_XML, Format, document, http_date
from simulation.feeds.entry import Entry, invented

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "rss1": "http://purl.org/rss/1.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
Row = tuple[str | None, ...]


def an_entry(number: int = 1) -> Entry:
    return invented(
        Random(number), number=number, base="https://a.example", published=1_800_000_000.5 + number
    )


def written(form: Format, entries: list[Entry]) -> str:
    made = document(
        form, title="A & <B>", url="https://a.example/f?x=1&y", home="https://a.example/", entries=entries
    )
    return made.decode()


def read(form: Format, text: str) -> list[Row]:
    """(id, link, title, summary, author) of each entry."""
    if form == "json":
        return [
            (one["id"], one["url"], one["title"], one["content_html"], one["authors"][0]["name"])
            for one in json.loads(text)["items"]
        ]
    root = ET.fromstring(text)
    if form == "rss":
        fields = ("guid", "link", "title", "description", "dc:creator")
        return [tuple(item.findtext(name, "", NS) for name in fields) for item in root.iter("item")]
    if form == "rdf":
        names = ("rss1:link", "rss1:title", "rss1:description", "dc:creator")
        return [
            (None, *(item.findtext(name, "", NS) for name in names)) for item in root.findall("rss1:item", NS)
        ]
    return [
        (
            one.findtext("atom:id", "", NS),
            next(link.get("href") for link in one.findall("atom:link", NS) if link.get("rel") == "alternate"),
            one.findtext("atom:title", "", NS),
            one.findtext("atom:summary", "", NS),
            one.findtext("atom:author/atom:name", "", NS),
        )
        for one in root.findall("atom:entry", NS)
    ]


def row(form: Format, one: Entry) -> Row:
    return (None if form == "rdf" else one.guid, one.link, one.title, one.summary, one.author)


@pytest.mark.parametrize("form", ["rss", "atom", "json", "rdf"])
def test_read_back(form: Format) -> None:
    entries = [an_entry(number) for number in range(40, 0, -1)]
    assert read(form, written(form, entries)) == [row(form, one) for one in entries]
    assert read(form, written(form, [])) == []


@pytest.mark.parametrize("form", ["rss", "atom", "rdf", "json"])
@given(
    title=st.text(max_size=40),
    link=st.text(st.characters(codec="ascii", categories=["L", "P", "S"]), max_size=20),
)
def test_everything_is_escaped(form: Format, title: str, link: str) -> None:
    wild = replace(an_entry(), title=title, link=f"https://a.example/{link}")
    [(_, found_link, found_title, _, _)] = read(form, written(form, [wild]))
    assert found_link == wild.link
    if form == "json":
        assert found_title == title
    else:
        assert found_title == NOT_XML.sub("", title).replace("\r\n", "\n").replace("\r", "\n")


def test_dates_and_pictures() -> None:
    pictured = next(one for one in map(an_entry, range(1, 50)) if one.image)
    rss = ET.fromstring(written("rss", [pictured])).find("channel/item")
    assert rss is not None
    assert rss.findtext("pubDate") == http_date(pictured.published).replace("GMT", "+0000")
    thumbnail = rss.find("media:thumbnail", NS)
    assert thumbnail is not None
    assert thumbnail.get("url") == pictured.image
    atom = ET.fromstring(written("atom", [pictured])).find("atom:entry", NS)
    assert atom is not None
    assert str(atom.findtext("atom:published", "", NS)).endswith("+00:00")
    assert [link.get("href") for link in atom.findall("atom:link", NS)] == [pictured.link, pictured.image]
    assert json.loads(written("json", [pictured]))["items"][0]["image"] == pictured.image


def test_titles_need_escaping_now_and_then() -> None:
    titles = "".join(an_entry(number).title for number in range(200))
    assert all(sign in titles for sign in '&<>"🎉вà')

"""The quick way of reading an item, beside the general one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.candidates import Candidates, differ_by_fragment
from core.documents.names import Names
from core.documents.plain_item import read_plain
from core.documents.xml import Xml, read_xml
from core.documents.xml_entry import read_entry
from core.documents.xml_parts import Context
from core.entries import Document, Entry, ParsedDocument
from core.kinds import parse_as
from core.known_links import KnownLinks
from core.memory import Memory

_HEAD = (
    "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:x='urn:x' "
    "xmlns:media='http://search.yahoo.com/mrss/'><channel>"
)
_TAIL = "</channel></rss>"
_USUAL = (
    "<title>Ann &amp; Bob</title><link>/story</link><guid isPermaLink='false'>7</guid>"
    "<pubDate>Tue, 02 Jan 2024 03:04:05 +0000</pubDate><description>&lt;p&gt;Text&lt;/p&gt;</description>"
    "<content:encoded><![CDATA[<p>The whole text</p>]]></content:encoded><dc:creator>a@b.example (Ann)"
    "</dc:creator><category>One</category><category>Two</category><comments>3</comments><x:y>z</x:y>"
)
_TEXTS = (
    "",
    " ",
    "word",
    " several\n words ",
    "a &amp; b &lt;i&gt;c&lt;/i&gt; &amp;amp;",
    "<![CDATA[<p>cdata</p>]]>",
    "<b>inner</b> tail",
    "https://e.org/a?b=1&amp;c=2#d",
    "//other.example/x",
    "../up",
    "/page#1",
    "/page#2",
    "Tue, 02 Jan 2024 03:04:05 +0000",
    "2024-01-02",
    "a@b.example (Ann Writer)",
    "bell \x7f and nel \x85",
)
_MOSTLY = ("guid", "title", "link", "description", "content:encoded", "pubDate", "category")
_NAMES = (
    "title link guid pubDate description content:encoded dc:creator category author enclosure dc:date "
    "media:title comments x:y source TITLE"
)
_ATTRIBUTES = (
    "",
    " isPermaLink='true'",
    " rel='alternate'",
    " rel='self'",
    " href='/h'",
    " type='html'",
    " term='t'",
)
_attributes = st.sampled_from(("",) * 6 + _ATTRIBUTES)
_parts = st.tuples(st.sampled_from(_NAMES.split()), _attributes, st.sampled_from(_TEXTS))


@st.composite
def items(draw: st.DrawFn) -> str:
    """Write what stands in an item: mostly all that a plain one needs, in any order, with or without more."""
    needed = [(name, draw(_attributes), draw(st.sampled_from(_TEXTS))) for name in _MOSTLY]
    parts = draw(
        st.permutations(needed[draw(st.sampled_from((0, 0, 0, 1, 2))) :] + draw(st.lists(_parts, max_size=3)))
    )
    return "".join(f"<{name}{attributes}>{text}</{name}>" for name, attributes, text in parts)


def _xml(items: str) -> tuple[Xml, Context]:
    xml = read_xml(Document(body=(_HEAD + items + _TAIL).encode(), url="https://e.org/feed/x"))
    return xml, Context(names=Names("rss"), url="https://e.org/feed/x", markup=xml.markup)


def _both(inner: str) -> tuple[Entry | None, Entry | None]:
    xml, context = _xml(f"<item>{inner}</item>")
    item = xml.root[0][0]
    return read_plain(item, context), read_entry(item, context, None)


def test_what_nearly_all_items_are_like_is_plain() -> None:
    plain, general = _both(_USUAL)
    assert plain is not None
    assert plain == general
    assert (plain.title, plain.author, plain.tags) == ("Ann & Bob", "Ann", ("One", "Two"))


@pytest.mark.parametrize(
    "more",
    [
        "<enclosure url='/a.mp3'/>",
        "<link>/second</link>",
        "<author>a@b</author>",
        "<media:title>other</media:title>",
        "<dc:date>2024-01-02</dc:date>",
    ],
)
def test_what_has_more_is_left_to_the_general_reader(more: str) -> None:
    plain, general = _both(_USUAL + more)
    assert plain is None
    assert general is not None


@settings(max_examples=300, deadline=None)
@given(items())
def test_both_ways_give_the_same(inner: str) -> None:
    plain, general = _both(inner)
    assert plain is None or plain == general


@settings(max_examples=200, deadline=None)
@given(st.lists(items(), max_size=5), st.sets(st.integers(0, 4)), st.booleans())
def test_a_document_of_which_much_is_known_has_the_same_news(
    inner: list[str], shown: set[int], fragments: bool
) -> None:
    body = "".join(f"<item>{each}</item>" for each in inner)
    document = Document(body=(_HEAD + body + _TAIL).encode(), url="https://e.org/feed/x")
    full = parse_as("feed", document)
    before = [entry for number, entry in enumerate(full.entries) if number in shown]
    memory = _taken(ParsedDocument(kind="feed", entries=tuple(before)), Memory(), fragments=fragments).memory
    known = KnownLinks(memory, fragments=fragments)
    skimmed = parse_as("feed", replace(document, known=known))
    assert differ_by_fragment(skimmed.entries) == differ_by_fragment(full.entries)
    if differ_by_fragment(full.entries) and not fragments:
        return  # then it is read in full once more
    news = _taken(full, memory, fragments=fragments)
    skimmed_news = _taken(skimmed, memory, fragments=fragments, known=known)
    assert list(skimmed_news) == list(news)
    assert (skimmed_news.known, skimmed_news.refused) == (news.known, news.refused)
    assert skimmed_news.memory == news.memory


def _taken(
    document: ParsedDocument, memory: Memory, *, fragments: bool, known: KnownLinks | None = None
) -> Candidates:
    candidates = Candidates(document, source_id=1, memory=memory, fragments=fragments, known=known)
    for _ in candidates.steps(1_000):
        pass
    return candidates


def test_of_what_is_known_only_address_and_date_are_read() -> None:
    known = KnownLinks(_taken(_usual_document(), Memory(), fragments=False).memory)
    xml, _ = _xml(f"<item>{_USUAL}</item>")
    context = Context(names=Names("rss"), url="https://e.org/feed/x", markup=xml.markup, known=known)
    sketch = Entry(url="https://e.org/story", published_ms=1_704_164_645_000)
    assert read_plain(xml.root[0][0], context) == sketch
    assert read_entry(xml.root[0][0], context, "Ann") == sketch


def _usual_document() -> ParsedDocument:
    xml, context = _xml(f"<item>{_USUAL}</item>")
    entry = read_entry(xml.root[0][0], context, None)
    assert entry is not None
    return ParsedDocument(kind="feed", entries=(entry,))

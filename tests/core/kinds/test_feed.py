"""The kind "feed": fixtures, hostile documents, and properties."""

import contextlib
import dataclasses
import json
import time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument
from core.hints import PollHints
from core.kinds import parse_as
from core.kinds.feed import Feed
from tests.core.kinds.reading import shown

_FEED = Feed()
_FOLDER = Path(__file__).parents[2] / "kinds" / "feed"
_URL = "https://base.example/feed"
# An expectation lies beside its document: NAME.xml and NAME.xml.expected.json.
_FIXTURES = sorted(path for path in _FOLDER.iterdir() if not path.name.endswith(".expected.json"))


def _parse(body: bytes | str, content_type: str = "") -> ParsedDocument:
    raw = body if isinstance(body, bytes) else body.encode()
    return _FEED.parse(Document(body=raw, url=_URL, content_type=content_type))


def _rss(items: str) -> str:
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"


def _item(fields: str) -> Entry:
    (entry,) = _parse(_rss(f"<item>{fields}</item>")).entries
    return entry


@pytest.mark.parametrize("path", _FIXTURES, ids=lambda path: path.name)
def test_fixture(path: Path) -> None:
    document = Document(body=path.read_bytes(), url=_URL)
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text())
    assert _FEED.recognise(document)
    assert shown(_FEED.parse(document)) == expected


def test_there_are_fixtures() -> None:
    assert len(_FIXTURES) > 15


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (b"", "empty", ""),
        (b" \n\t", "empty", ""),
        (b"\xef\xbb\xbf", "empty", ""),
        (b"<!DOCTYPE html><html><body><rss>", "not_a_feed", "HTML"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", "not_a_feed", "HTML"),
        (b"<HTML><head>", "not_a_feed", "HTML"),
        (b"just words", "not_a_feed", "neither"),
        (b'{"hello": "world"}', "not_a_feed", "JSON"),
        (b"<opml version='2.0'/>", "broken", "<opml>"),
        (b"<?xml version='1.0'?>", "broken", "no root"),
    ],
)
def test_unreadable(body: bytes, code: str, detail: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        _parse(body)
    assert caught.value.code == code
    assert detail in caught.value.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"<urlset/>", b'{"a": 1}', b"words"])
def test_what_is_not_recognised(body: bytes) -> None:
    assert not _FEED.recognise(Document(body=body, url=_URL))


@pytest.mark.parametrize(
    "middle",
    [
        "<title>" + "&" * 1000,
        "<a>" * 100_000,
        "<description>" + "<p>" * 300 + "x" + "</p>" * 300 + "</description>",
        "<guid " + " ".join(f"a{i}='1'" for i in range(100_000)) + ">2</guid>",
        "<enclosure url='x' length='" + "9" * 5000 + "'/>",
        "<x:y/>" * 200 + "<title>&nbsp;</title>",
        "<pubDate>" + "1" * 100_000 + "</pubDate>",
        "<title>" + "&#xD800;" * 100_000 + "</title>",
        "<title>&#xD800;\x00\x01</title></nonsense>",
        "<content xml:base='" + "a/" * 5000 + "'/>",
        "</title></b></i>",
        "<author>" + "a@b(" * 20_000 + "</author>",
    ],
    ids=lambda middle: middle[:12],
)
def test_a_damaged_or_hostile_entry_costs_only_itself(middle: str) -> None:
    guids = "<item><guid>1</guid></item><item>{}</item><item><guid>3</guid></item>"
    document = _parse(_rss(guids.format(middle)))
    ids = [entry.id for entry in document.entries]
    assert ids[0] == "1"
    if not middle.startswith("<a><a>"):
        assert ids[-1] == "3"


@pytest.mark.parametrize("junk", [b"<?xml", b"<?xml?><!--"], ids=["open", "comment"])
def test_beginnings_without_number_cost_no_more_than_a_document(junk: bytes) -> None:
    # Each of them looked for its end in all that follows: it took fifty times as long.
    size = 250_000
    item = "<item><title>A ship</title><link>https://e.org/1</link></item>"
    honest_s = _seconds(_rss(item * (size // len(item))).encode())
    assert _seconds(junk * (size // len(junk))) < 10 * honest_s


def _seconds(body: bytes) -> float:
    before_s = time.process_time()
    with contextlib.suppress(UnreadableDocument):
        _parse(body)
    return time.process_time() - before_s


def test_attributes_without_number() -> None:
    attributes = " ".join(f"a{i}='1'" for i in range(100_000))
    assert len(_parse(f"<rss {attributes}><item {attributes}><guid>1</guid></item></rss>").entries) == 1


def test_entities_are_neither_expanded_nor_fetched() -> None:
    declared = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(20))
    declared += '<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;'
    body = f'<!DOCTYPE rss [<!ENTITY e0 "x">{declared}]>' + _rss(
        "<item><title a='&e20;'>&e20;&f;</title></item>"
    )
    assert _parse(body).entries[0].title == "&e20;&f;"


def test_an_entry_that_is_cut_off_is_left_out() -> None:
    body = _rss("<item><guid>1</guid></item><item><link>https://e.org/long</link></item>")
    assert [entry.id for entry in _parse(body[: body.index("ong</link>")]).entries] == ["1"]
    assert [entry.id for entry in _parse(body[: body.index("<item><link>") + 3]).entries] == ["1"]


def test_an_entry_without_end_tag_is_no_cut() -> None:
    assert [entry.id for entry in _parse(_rss("<item><guid>1</guid><item><guid>2</guid>")).entries] == [
        "1",
        "2",
    ]


def test_authors() -> None:
    dc = "<dc:creator>Ann</dc:creator>"
    assert _item(f"<guid>1</guid><author>a@e.org</author>{dc}").author == "Ann"
    assert _item(f"<guid>1</guid><author>Bob</author>{dc}").author == "Bob"
    assert _item("<guid>1</guid><author>a@e.org</author>").author == "a@e.org"
    assert _item("<guid>1</guid><author>a@e.org ()</author>").author == "a@e.org ()"
    assert _item("<guid>1</guid><author><name/><email>a@e.org</email></author>").author == "a@e.org"
    assert _item("<guid>1</guid><author> </author>").author is None


def test_images() -> None:
    assert _item("<image><url>/a.png</url></image><guid>1</guid>").image == "https://base.example/a.png"
    assert _item("<image href='/b.png'/><guid>1</guid>").image == "https://base.example/b.png"
    assert _item("<image/><guid>1</guid>").image is None
    assert _item("<media:thumbnail url='/c.png'/><guid>1</guid>").image == "https://base.example/c.png"
    assert _item("<media:content url='/d.mp4'/><guid>1</guid>").image is None
    assert _item("<media:content medium='image'/><guid>1</guid>").image is None


def test_markup_in_descriptions() -> None:
    assert _item("<description>a <b class='x\"'>c</b> &amp; d<br/>e</description>").summary == (
        'a <b class="x&quot;">c</b> &amp; d<br>e'
    )
    assert _item("<title>a <b>c</b> &amp;amp;</title>").title == "a c &amp;"
    assert _item("<title type='text'>&lt;b&gt;</title>").title == "<b>"


def test_second_choices() -> None:
    assert _item("<title/><media:title>M</media:title>").title == "M"
    assert _item("<pubDate>?</pubDate><dc:date>1970-01-01</dc:date><guid>1</guid>").published_ms == 0
    assert _item("<dc:identifier>i</dc:identifier><enclosure/><link href=''/>").id == "i"


def test_content_of_an_unusual_type() -> None:
    body = "<feed><entry><id>1</id><content type='{}'>&lt;p&gt;</content></entry></feed>"
    assert _parse(body.format("text/html")).entries[0].summary == "<p>"
    assert _parse(body.format("text/plain")).entries[0].summary == "&lt;p&gt;"
    assert _parse(body.format("application/octet-stream")).entries[0].summary == ""


def test_undeclared_prefixes() -> None:
    entry = _item("<content:encoded>x</content:encoded><atom:link href='/l'/><odd:title>no</odd:title>")
    assert entry == Entry(url="https://base.example/l", summary="x")


def test_content_type_names_the_charset() -> None:
    body = _rss("<item><title>Жук</title></item>").encode("koi8-r")
    assert _parse(body, "application/rss+xml; charset=koi8-r").entries[0].title == "Жук"


def test_a_text_too_long_for_the_parser() -> None:
    document = _parse(_rss("<item><guid>1</guid></item><item><title>" + "x" * 10_100_000 + "</title></item>"))
    assert document.entries[0].id == "1"


_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
)
_LINES = _WORDS.map(lambda text: " ".join(text.split()))
_LINKS = st.from_regex(
    r"https?://[a-z]{1,10}\.example/[a-z0-9/]{0,20}(\?a=[0-9]{1,3}&b=%C3%A4)?", fullmatch=True
)
_ENTRIES = st.lists(st.tuples(_LINES, _LINKS, _LINES.filter(bool)), max_size=8)


def _written_rss(entries: list[tuple[str, str, str]]) -> str:
    fields = "<title>{}</title><link>{}</link><guid isPermaLink='false'>{}</guid>"
    return _rss("".join(f"<item>{fields.format(*map(escape, entry))}</item>\n" for entry in entries))


def _written_atom(entries: list[tuple[str, str, str]]) -> str:
    written = "".join(
        f"<entry><title>{escape(title)}</title><link href={quoteattr(link)}/><id>{escape(key)}</id></entry>"
        for title, link, key in entries
    )
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>{written}</feed>"


@given(_ENTRIES)
def test_what_is_written_is_read(entries: list[tuple[str, str, str]]) -> None:
    keys = [(link, key) for _, link, key in entries]
    assert [(entry.url, entry.id) for entry in _parse(_written_rss(entries)).entries] == keys
    atom = _parse(_written_atom(entries)).entries
    assert [(entry.title, entry.url, entry.id) for entry in atom] == entries
    items = [{"title": title, "url": link, "id": key} for title, link, key in entries]
    json_feed = _parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})).entries
    assert [(entry.title, entry.url, entry.id) for entry in json_feed] == entries


@given(_ENTRIES, st.integers(min_value=0), st.sampled_from([_written_rss, _written_atom]))
def test_a_cut_loses_only_entries_at_or_behind_it(
    entries: list[tuple[str, str, str]], cut: int, write: Any
) -> None:
    body = write(entries).encode()
    cut %= len(body) + 1
    whole = _parse(body).entries
    ends = body[:cut].count(b"</item>") + body[:cut].count(b"</entry>")
    try:
        read = _parse(body[:cut]).entries
    except UnreadableDocument:
        read = ()
    assert read == whole[: len(read)]
    assert len(read) >= ends


@pytest.mark.parametrize("path", _FIXTURES, ids=lambda path: path.name)
def test_every_cut_of_a_fixture_is_read_or_refused(path: Path) -> None:
    body = path.read_bytes()
    for cut in range(0, len(body), 7):
        with contextlib.suppress(UnreadableDocument):
            _parse(body[:cut])


_PIECES = st.sampled_from(
    [
        *[
            b"<item>",
            b"</item>",
            b"<entry>",
            b"<title>",
            b"</title>",
            b"<link>",
            b"<link href='x'/>",
            b"<guid>",
        ],
        *[
            b"<![CDATA[",
            b"]]>",
            b"<!--",
            b"-->",
            b"&nbsp;",
            b"&",
            b"&#xD800;",
            b"&#1;",
            b"\x00",
            b"\xff",
            b"\xd1",
        ],
        *[
            b"<rss>",
            b"</rss>",
            b"<feed xmlns='x'>",
            b"<channel>",
            b"<a b=c>",
            b"<x:y xml:base='..'>",
            b"'",
            b'"',
        ],
        *[
            b"<media:content url='x'>",
            b"<author>",
            b"<pubDate>",
            b"Jan 2024",
            b"{",
            b'"items":[',
            b"<!DOCTYPE rss [",
        ],
    ]
)


@given(
    st.binary() | st.lists(_PIECES | st.binary(max_size=3)).map(b"".join),
    st.sampled_from([b"", b"<rss>", b"{"]),
)
def test_any_bytes_are_read_or_refused(body: bytes, start: bytes) -> None:
    document = Document(body=start + body, url=_URL)
    _FEED.recognise(document)
    with contextlib.suppress(UnreadableDocument):
        parsed = _FEED.parse(document)
        json.dumps(dataclasses.asdict(parsed), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        (_rss("<item><link>/1</link></item>"), True),
        (_rss("<item><link>/1</link></item>")[:-16], False),
        ("<rss version='2.0'/>", True),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}', True),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}', False),
    ],
)
def test_document_that_breaks_off_says_so(text: str, complete: bool) -> None:
    assert _parse(text).complete is complete


def test_hints_for_polling_are_read() -> None:
    document = _parse(
        "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><ttl>90</ttl>"
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        "<skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
        "<item><link>/1</link></item></channel></rss>"
    )
    assert document.hints == PollHints(fresh_s=5400, skip_hours=frozenset({0, 3}), skip_days=frozenset({6}))
    assert _parse(_rss("")).hints is None


@pytest.mark.parametrize(
    "body",
    [
        b"<rss a='<'><channel><item><title>a&#xD800;b</title></item></channel></rss>",
        b"<rss><channel>"
        + b"<x/>" * 9000
        + b"&" * 90_000
        + b"<item><title>a&#xD8&#xD800;00;b</title></item>",
    ],
    ids=["repaired-in-vain", "made-of-two-behind-the-budget"],
)
def test_references_to_surrogates_never_reach_the_reader(body: bytes) -> None:
    # lxml raises UnicodeDecodeError when text with one is read. The first was found by fuzzing.
    parsed = parse_as("auto", Document(body=body, url=_URL))
    assert len(parsed.entries) == 1
    assert all(text.isprintable() for entry in parsed.entries for text in (entry.title, entry.url or ""))


def test_a_link_with_another_relation_is_not_the_page_though_it_is_text() -> None:
    link = "<link rel='alternate' href='https://e.org/1'/>"
    picture = "<link rel='enclosure' type='image/jpeg'>https://e.org/1.jpg</link>"
    for links in (link + picture, picture + link):
        (entry,) = _parse(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{links}</entry></feed>").entries
        assert entry.url == "https://e.org/1"
    assert _item("<link rel='Alternate'>https://e.org/2</link>").url == "https://e.org/2"


def test_an_end_tag_in_another_case_ends_its_element() -> None:
    entry = _item("<Title>Ships</title><guid>1</GUID><link>https://e.org/1</Link>")
    assert (entry.title, entry.id, entry.url) == ("Ships", "1", "https://e.org/1")


def test_the_end_of_cdata_in_text_is_text() -> None:
    assert _item("<title>Ships ]]> boats</title>").title == "Ships ]]> boats"

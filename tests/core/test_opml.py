"""Lists of subscriptions: what others write, what is damaged, what is hostile, and what comes back."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.opml import (
    CLOSING,
    FOLDER_END,
    BrokenList,
    Folder,
    Outline,
    folder_start,
    opening,
    outline,
    outlines,
)
from core.text import one_line


def read(text: str | bytes, size: int = 7) -> list[Outline]:
    raw = text.encode() if isinstance(text, str) else text
    return list(outlines(raw[at : at + size] for at in range(0, len(raw), size)))


def urls(text: str | bytes, size: int = 7) -> list[str]:
    return [each.url for each in read(text, size)]


def until_it_breaks(text: str | bytes) -> tuple[list[str], str]:
    found: list[str] = []
    raw = text.encode() if isinstance(text, str) else text
    try:
        for each in outlines(raw[at : at + 100] for at in range(0, len(raw), 100)):
            found.append(each.url)  # noqa: PERF401 - what came before the break counts
    except BrokenList as broken:
        return found, str(broken)
    return found, ""


NESTED = """<?xml version="1.0"?><opml version="2.0"><head><title>T</title></head><body>
<outline text="News"><outline text="World" title="other">
<outline type="rss" text="A &amp; B" xmlUrl="https://a.example/f?x=1&amp;y=2" htmlUrl="https://a.example/"/>
</outline><outline TYPE="rss" text="B" XMLURL="https://b.example/f"/></outline>
<outline type="rss" text="C" url="https://c.example/f"/><outline type="link" url="https://d.example/"/>
<outline text="a note"/></body></opml>"""


def test_folders_titles_and_addresses() -> None:
    a, b, c = read(NESTED)
    assert a == Outline(
        line=3,
        url="https://a.example/f?x=1&y=2",
        title="A & B",
        site_url="https://a.example/",
        folders=(Folder(name="News"), Folder(name="World")),
    )
    assert (b.url, [each.name for each in b.folders]) == ("https://b.example/f", ["News"])
    assert (c.url, c.folders) == ("https://c.example/f", ())


@pytest.mark.parametrize("encoding", ["nowhere", "utf-7", "shift_jis", "hex"])
def test_a_character_set_that_cannot_be_read_is_said(encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding}'?>"
    with pytest.raises(BrokenList, match="character set"):
        read(f"{head}<opml><body><outline xmlUrl='https://x.example/'/></body></opml>".encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    name = "Новости" if encoding != "iso-8859-1" else "Été"
    declared = encoding.removesuffix("-sig")
    head = f"<?xml version='1.0' encoding='{declared}'?>"
    text = f"{head}<opml><body><outline text='{name}' xmlUrl='u'/></body></opml>"
    assert [each.title for each in read(text.encode(encoding), size=1000)] == [name]


def test_ampersands_that_nobody_escaped() -> None:
    text = (
        "<opml><body><outline text='R&D &nbsp; &eacute; &#233;' xmlUrl='https://a.example/?a=1&b=2&amp;c'/>"
    )
    [found] = read(f"{text}</body></opml>", size=3)
    assert found.url == "https://a.example/?a=1&b=2&c"
    assert found.title == "R&D &nbsp; &eacute; é"


def test_a_text_with_one_address_a_line() -> None:
    text = "\ufeffhttps://a.example/f\r\n# a remark\n\n   https://b.example/f  \nhttps://c.example/f"
    assert [(each.line, each.url) for each in read(text)] == [
        (1, "https://a.example/f"),
        (4, "https://b.example/f"),
        (5, "https://c.example/f"),
    ]
    assert urls("") == []
    assert urls(b"\xff\xfa\n") == ["\ufffd\ufffd"]


@pytest.mark.parametrize(("last", "count"), [("htmlUrl", 0), ("</outline>", 1), ('<outline text="a', 3)])
def test_what_comes_before_damage_stands(last: str, count: int) -> None:
    found, why = until_it_breaks(NESTED[: NESTED.index(last)])
    assert found == urls(NESTED)[:count]
    assert "line " in why


HOSTILE = {
    "entities": '<!DOCTYPE opml [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><opml><outline xmlUrl="&b;"/></opml>',
    "a file": '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body>&a;</body></opml>',
    "parameters": '<!DOCTYPE opml [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]><opml/>',
    "depth": "<opml>" + "<outline>" * 10_000,
    "number": "<opml>" + "<outline/>" * 100_001,
    "a tag": '<opml><body><outline xmlUrl="' + "x" * 2_300_000,
    "another document": "<html><body><outline xmlUrl='https://a.example/'/></body></html>",
    "a line": "https://a.example/" + "x" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    text = HOSTILE[name].encode()
    with pytest.raises(BrokenList):
        list(outlines(text[at : at + 65_536] for at in range(0, len(text), 65_536)))


def test_an_outer_document_type_is_not_fetched() -> None:
    text = '<!DOCTYPE opml SYSTEM "http://127.0.0.1/opml.dtd"><opml><body><outline xmlUrl="u"/></body></opml>'
    assert urls(text) == ["u"]


def test_a_file_without_end_is_refused() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"<opml>"
        while True:
            yield b" " * 2**20

    with pytest.raises(BrokenList, match="larger"):
        list(outlines(pieces()))


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=12)
stripped = words.map(lambda text: " ".join(text.split())).filter(bool)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(stripped, stripped, st.dictionaries(st.sampled_from(["kind", "every"]), stripped))),
    st.lists(stripped, max_size=3),
    st.integers(1, 40),
)
def test_what_is_written_is_read(
    entries: list[tuple[str, str, dict[str, str]]], folders: list[str], size: int
) -> None:
    parts = [opening("T"), *(folder_start(Folder(name=name)) for name in folders)]
    parts += [outline(Outline(line=0, url=url, title=title, values=values)) for url, title, values in entries]
    parts += [FOLDER_END] * len(folders) + [CLOSING]
    found = read("".join(parts), size)
    assert [(each.url, each.values) for each in found] == [(url, values) for url, _, values in entries]
    names = [one_line(name).strip() for name in folders]
    assert all([folder.name for folder in each.folders] == names for each in found)

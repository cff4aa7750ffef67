"""Trees of strangers' XML."""

import pytest

from core.documents.markup import markup_of, text_of
from core.documents.xml import _parse, read_xml
from core.entries import Document
from core.errors import UnreadableDocument


def _document(body: bytes) -> Document:
    return Document(body=body, url="https://e.org/")


def test_nothing_to_parse() -> None:
    assert _parse(b"") == (None, True)


@pytest.mark.parametrize("body", [b"<rss>", b"<rss/>", b"<rss", b"<rss/>rest", b"<rss><a></rss>"])
def test_a_root_is_found_in_nearly_everything(body: bytes) -> None:
    assert read_xml(_document(body)).root.tag == "rss"


def test_a_root_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.documents.xml._parse", lambda _markup: (None, True))
    with pytest.raises(UnreadableDocument, match="no readable root"):
        read_xml(_document(b"<rss><a></rss>"))


def test_comments_and_instructions_do_not_split_texts() -> None:
    root = read_xml(_document(b"<rss><t>a<!-- x -->b<?y z?>c<![CDATA[<d>]]></t></rss>")).root
    assert text_of(root[0]) == "abc<d>"


def test_references_that_nobody_repaired_stay_as_they_are() -> None:
    root = read_xml(_document(b"<rss><t>" + b"&nbsp;" * 10_000 + b"</t></rss>")).root
    assert text_of(root[0]).startswith("\xa0")
    assert markup_of(root[0]).endswith("&nbsp;")


def test_a_mistake_costs_no_reference_behind_it() -> None:
    root = read_xml(_document(b"<rss><t>a & b</t></x><u>?a=1&amp;b=2&lt;</u></rss>")).root
    assert text_of(root[1]) == "?a=1&b=2<"

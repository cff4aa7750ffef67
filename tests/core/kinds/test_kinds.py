"""The table of kinds."""

import subprocess
import sys

import pytest

from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds import KINDS, canonical_rules, parse_as, wanted_by
from core.kinds.rules import write_rules

_RSS = b"<rss><channel><item><guid>1</guid></item></channel></rss>"


def _document(body: bytes) -> Document:
    return Document(body=body, url="https://e.org/feed")


def test_names_are_those_of_the_table() -> None:
    assert all(kind.name == name and kind.words for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", ["auto", "feed"])
def test_a_feed_is_read(kind: str) -> None:
    document = parse_as(kind, _document(_RSS))
    assert (document.kind, [entry.id for entry in document.entries]) == ("feed", ["1"])


def test_an_unknown_kind_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match=r"'cat'.*auto, feed, sitemap, list, json"):
        parse_as("cat", _document(_RSS))


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (b" \n", "empty", "no content"),
        (b"<!DOCTYPE html><p>", "not_a_feed", "HTML"),
        (b"<opml/>", "not_a_feed", "<opml>"),
        (b"plain text", "not_a_feed", "neither"),
        (b'{"a": 1}', "not_a_feed", "neither"),
        (b'{"items": [' + b"[" * 100_000, "broken", "nested"),
    ],
)
def test_auto_says_what_is_wrong(body: bytes, code: str, detail: str) -> None:
    with pytest.raises(UnreadableDocument, match=detail) as caught:
        parse_as("auto", _document(body))
    assert caught.value.code == code


_HEAVY = ("lxml", "selectolax", "jsonpath_rfc9535", "feedparser")


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import core.kinds, core.kinds.options, core.discovery, core.documents.fallback", set()),
        (
            "from core.kinds import parse_as, Document\nparse_as('feed', Document(body=b'<rss/>', url=''))",
            {"lxml"},
        ),
    ],
)
def test_parsers_are_imported_only_to_parse(code: str, allowed: set[str]) -> None:
    unwanted = set(_HEAVY) - allowed
    code += f"\nimport sys; sys.exit(bool({unwanted!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_rules_are_written_in_one_form() -> None:
    assert canonical_rules("feed", "{}") == canonical_rules("list", ' {"item": "", "link": null} ') == "{}"
    assert canonical_rules("list", '{"title": "h2", "item": " .ж "}') == '{"item":".ж","title":"h2"}'
    with pytest.raises(UserError, match="it takes none"):
        canonical_rules("sitemap", '{"item": "a"}')
    with pytest.raises(UserError, match="no JSON object"):
        canonical_rules("sitemap", "[")
    with pytest.raises(TypeError):
        write_rules("text")
    assert all(canonical_rules(name, kind.example) for name, kind in KINDS.items())


def test_auto_needs_nothing_more_and_others_say_what_they_need() -> None:
    index = _document(b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>")
    assert wanted_by("auto", index) == ()
    assert wanted_by("sitemap", index) == ("https://e.org/a.xml",)
    for name in ("feed", "list", "json"):
        assert wanted_by(name, index) == ()


def test_auto_reads_a_sitemap_and_a_clear_list() -> None:
    assert parse_as("auto", _document(b"<urlset><url><loc>/a</loc></url></urlset>")).kind == "sitemap"
    items = b"".join(b"<li><a href=/%d>Title %d</a>" % (n, n) for n in range(5))
    assert parse_as("auto", _document(b"<!DOCTYPE html><ul>" + items)).kind == "list"
    with pytest.raises(UnreadableDocument, match="which_list"):
        parse_as(
            "auto", _document(b"<html><ul>" + items + b"</ul><ol class=o>" + items.replace(b"=/", b"=/x"))
        )


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_are_looked_at_without_complaint(kind: str) -> None:
    assert KINDS[kind].recognise_url("") is False


def _other_reader(document: Document) -> ParsedDocument:
    if b"good" not in document.body:
        raise UnreadableDocument("broken")
    return ParsedDocument(kind="feed", entries=(Entry(id="saved"),))


@pytest.mark.parametrize(
    ("body", "saved"),
    [
        (b"<rss><good><entry/></good></rss>", True),
        (b"<opml><item>good</item></opml>", True),
        (b"<opml>good</opml>", False),
        (b"<opml><item></opml>", False),
        (b"<rss><channel><item><guid>good</guid></item></channel></rss>", False),
    ],
)
def test_fallback_is_asked_only_where_nothing_was_found(body: bytes, saved: bool) -> None:
    try:
        entries = parse_as("feed", _document(body), fallback=_other_reader).entries
    except UnreadableDocument:
        entries = ()
    assert ([entry.id for entry in entries] == ["saved"]) is saved

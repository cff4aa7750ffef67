"""Where a document begins."""

import pytest

from core.documents.opening import Root, find_root, looks_like_json, opening


@pytest.mark.parametrize(
    ("body", "name", "at"),
    [
        (b"<rss>", "rss", b"<rss"),
        (b" \n<RSS version='2.0'>", "rss", b"<RSS"),
        (b"<?xml version='1.0'?><!-- <rss> --><feed/>", "feed", b"<feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "rdf", b"<rdf"),
        (b"<atom:feed>", "feed", b"<atom"),
        (b"<!DOCTYPE rss SYSTEM 'rss.dtd'><rss>", "rss", b"<rss>"),
        (b'<!DOCTYPE rss [<!ENTITY a "<b>">] ><rss>', "rss", b"<rss>"),
        (b'<!DOCTYPE rss [<!ENTITY a "]>">]><rss>', "rss", b"<rss>"),
        (b"<?xml version='1.0'?><?xml-stylesheet href='?'?>\n<rss>", "rss", b"<rss>"),
        (b"<b>Warning</b>: in <b>x.php</b>\n<?xml version='1.0'?><rss>", "rss", b"<rss>"),
        (b"\xef\xbb\xbf\xef\xbb\xbf\x00junk <FEED>", "feed", b"<FEED"),
        (b"<!doctype html><rss>", "html", b"<!doc"),
        (b"<html><body><rss>", "html", b"<html"),
        (b"<?xml version='1.0'?><urlset xmlns='x'>", "urlset", b"<urlset"),
        (b"text before <b>markup</b>", None, b""),
    ],
)
def test_root(body: bytes, name: str | None, at: bytes) -> None:
    root = find_root(body)
    assert root == (None if name is None else Root(name, body.index(at)))


def test_junk_is_bounded() -> None:
    assert find_root(b"x" * 20_000 + b"<rss>") is None


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be", "utf-16-le", "utf-8-sig"])
def test_opening_of_other_charsets(charset: str) -> None:
    root = find_root(opening("<?xml version='1.0'?><rss>".encode(charset)))
    assert root is not None
    assert root.name == "rss"


def test_json() -> None:
    assert looks_like_json(b"\xef\xbb\xbf \n{}")
    assert looks_like_json(opening('{"a": 1}'.encode("utf-16")))
    assert not looks_like_json(b"<rss/>")
    assert not looks_like_json(b"")

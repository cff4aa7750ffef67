"""The table of kinds."""

import subprocess
import sys

import pytest

from core.entries import Document
from core.errors import UnreadableDocument, UserError
from core.kinds import KINDS, parse_as

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
    with pytest.raises(UserError, match=r"'cat'.*auto, feed"):
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


def test_the_parser_is_imported_only_to_parse() -> None:
    code = "import sys, core.kinds; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

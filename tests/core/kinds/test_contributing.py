"""The kind that docs/contributing.md shows is a kind, and reads what is shown beside it."""

import json
from pathlib import Path
from types import MappingProxyType

import pytest

from core import kinds
from core.entries import Document
from core.errors import UnreadableDocument
from core.kinds import KINDS, Kind, canonical_rules, parse_as
from core.kinds.rules import NoRules
from tests.contributing import example, load
from tests.core.kinds.reading import URL, shown


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kind[NoRules]:
    """Load the kind and put it into the table, as the page says."""
    kind: Kind[NoRules] = load("core/kinds/lines.py", tmp_path).Lines()
    monkeypatch.setattr(kinds, "KINDS", MappingProxyType({**KINDS, kind.name: kind}))
    return kind


@pytest.fixture
def document() -> Document:
    return Document(body=example("tests/kinds/lines/two.lines").encode(), url=URL)


def test_it_reads_its_fixture(lines: Kind[NoRules], document: Document) -> None:
    expected = json.loads(example("tests/kinds/lines/two.lines.expected.json"))
    assert shown(parse_as("lines", document)) == expected
    assert shown(parse_as("auto", document)) == expected


def test_no_other_kind_recognises_it(lines: Kind[NoRules], document: Document) -> None:
    assert lines.recognise(document)
    assert lines.recognise_url("https://e.org/a.lines")
    assert lines.wanted(document) == ()
    assert not any(kind.recognise(document) for kind in KINDS.values())


def test_it_has_no_rules_and_refuses_what_is_none(lines: Kind[NoRules]) -> None:
    assert canonical_rules("lines", "{}") == "{}"
    for body, code in ((b" ", "empty"), (b"<rss/>", "not_a_feed")):
        with pytest.raises(UnreadableDocument) as caught:
            lines.parse(Document(body=body, url=URL))
        assert caught.value.code == code


def test_it_needs_what_every_kind_has(lines: Kind[NoRules]) -> None:
    """A part that the protocol gains must be on the page too."""
    parts = {name for name in vars(Kind) if not name.startswith("_")}
    assert {"name", "parse", "wanted"} <= parts
    assert {name for name in parts if not hasattr(lines, name)} == set()

"""Every fixture of every kind reads as the expectation beside it says."""

from pathlib import Path

import pytest

from core.entries import Document
from core.kinds import KINDS, canonical_rules
from tests.core.kinds.reading import FOLDER, URL, expected, fixtures, read, rules_of

_ALL = [(kind, path) for kind in KINDS for path in fixtures(kind)]


# Those of feeds are read under another address, in test_feed.py.
_NEWER = [(kind, path) for kind, path in _ALL if kind != "feed"]


@pytest.mark.parametrize(("kind", "path"), _NEWER, ids=lambda value: getattr(value, "name", None))
def test_fixture(kind: str, path: Path) -> None:
    assert read(kind, path) == expected(path)


@pytest.mark.parametrize(("kind", "path"), _ALL, ids=lambda value: getattr(value, "name", None))
def test_it_is_recognised_by_its_kind_alone(kind: str, path: Path) -> None:
    document = Document(body=path.read_bytes(), url=URL)
    found = {name for name, each in KINDS.items() if each.recognise(document)}
    assert found == {kind} or kind == "json", "any JSON may look like a feed"


@pytest.mark.parametrize(("kind", "path"), _ALL, ids=lambda value: getattr(value, "name", None))
def test_canonical_rules_are_canonical(kind: str, path: Path) -> None:
    once = canonical_rules(kind, rules_of(path))
    assert canonical_rules(kind, once) == once


def test_every_kind_has_fixtures() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(KINDS)
    assert all(len(fixtures(kind)) >= 4 for kind in KINDS)

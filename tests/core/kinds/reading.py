"""Fixtures of the kinds: documents in tests/kinds/NAME, with their rules and expectations beside them."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from core.entries import Document, Entry, ParsedDocument
from core.kinds import parse_as

FOLDER = Path(__file__).parents[2] / "kinds"
URL = "https://base.example/folder/page"


def fixtures(kind: str) -> list[Path]:
    """Find the documents of a kind."""
    paths = sorted((FOLDER / kind).iterdir())
    return [path for path in paths if not path.name.endswith((".expected.json", ".rules.json", ".md"))]


def rules_of(path: Path) -> str:
    """Return the rules that a fixture is read with."""
    beside = path.with_name(path.name + ".rules.json")
    return beside.read_text() if beside.exists() else "{}"


def read(kind: str, path: Path) -> dict[str, Any]:
    """Read a fixture, in the form of expectations."""
    return shown(parse_as(kind, Document(body=path.read_bytes(), url=URL), rules_of(path)))


def expected(path: Path) -> dict[str, Any]:
    """Return what a fixture must read as."""
    value: dict[str, Any] = json.loads(path.with_name(path.name + ".expected.json").read_text())
    return value


def shown(document: ParsedDocument) -> dict[str, Any]:
    """Give a document as an expectation writes it: without what has its default."""
    value: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(document), default=sorted))
    if value["complete"]:
        del value["complete"]
    del value["hints"]  # they have tests of their own
    value["entries"] = [
        {key: part for key, part in zip(Entry._fields, entry, strict=True) if part not in (None, "", [])}
        for entry in value["entries"]
    ]
    return value

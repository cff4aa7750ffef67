"""Feeds of our own writing, read as named parsers read them; where not, a table says why."""

import json
import re
from typing import Any

from core.entries import Document
from core.kinds.feed import Feed
from tests.agreement.agreeing import DOCUMENTS, FOLDER, URL, Compared, answers, compare
from tests.agreement.ask import names

_README = (FOLDER / "README.md").read_text()
_INDEX = re.findall(
    r"^\| (\S+) \| (.+) \| (https://\S+) \|$", (DOCUMENTS / "README.md").read_text(), re.MULTILINE
)
_LISTED = {
    (document, None if entry == "-" else int(entry), field)
    for document, entry, field in re.findall(
        r"^\| (\S+/\S+) \| (-|\d+) \| (count|link|id|title|date) \| .+ \|$", _README, re.MULTILINE
    )
}
_LEAST = 0.99


def _compared() -> list[Compared]:
    return [value for name, said in answers().items() for value in compare(name, said)]


def test_nearly_all_values_agree_and_the_rest_is_explained() -> None:
    compared = _compared()
    different = {(each.document, each.entry, each.field): each for each in compared if not each.agree}
    assert different.keys() == _LISTED, [each for key, each in different.items() if key not in _LISTED]
    assert 1 - len(different) / len(compared) >= _LEAST
    assert f"of\n{len(compared)} values {len(compared) - len(different)} agree" in _README


def test_each_document_names_its_rule_and_source() -> None:
    listed = [name for name, _, _ in _INDEX]
    assert sorted(listed) == names() == list(answers())
    assert len({rule for _, rule, _ in _INDEX}) == len(listed) == int(re.findall(r"holds (\d+)", _README)[0])


def test_each_document_is_read_by_several_parsers() -> None:
    readers = {
        name: [parser for parser, found in said.items() if found is not None]
        for name, said in answers().items()
    }
    lonely = {name: read for name, read in readers.items() if len(read) < 2}
    assert lonely == {"rdf/11.xml": ["feedparser"]}, "RSS 1.1 is all but forgotten"


def test_the_parsers_are_those_of_the_table() -> None:
    asked = json.loads((FOLDER / "answers.json").read_text())["parsers"]
    assert dict(re.findall(r"^\| (\S+) \| (\d[\d.]+) \| \w+ \|$", _README, re.MULTILINE)) == asked
    assert all(said.keys() == asked.keys() for said in answers().values())


def test_each_is_recognised() -> None:
    unknown = [
        name
        for name in names()
        if not Feed().recognise(Document(body=(DOCUMENTS / name).read_bytes(), url=URL))
    ]
    assert unknown == []


_ONE = "rss/single-item.xml"
_OURS = ["https://harbour.example/4", "f-1", "Ropes", 1_728_030_600]


def _differences(**said: list[list[Any]] | None) -> list[str]:
    return [value.field for value in compare(_ONE, said) if not value.agree]


def test_the_rule() -> None:
    assert _differences(a=[_OURS]) == []
    assert _differences(a=None, b=None) == []
    assert _differences(a=[], b=[_OURS], c=[]) == ["count"]
    assert _differences(a=[], feedparser=[_OURS]) == []
    assert _differences(a=[_OURS, _OURS]) == ["count", "link", "id", "title", "date"]
    assert _differences(a=[["x:1", "2", "3", 4]]) == ["link", "id", "title", "date"]
    assert _differences(a=[["x:1", "2", "3", 4]], feedparser=[_OURS]) == []


def test_who_abstains() -> None:
    nothing: list[Any] = [None, None, None, None]
    assert _differences(a=[nothing], b=[nothing], c=[_OURS]) == ["link", "id", "title"]
    assert _differences(a=[nothing]) == ["link", "id", "title", "date"]
    lost: list[Any] = ["https://harbour.example/\ufffd", "\ufffd", "R\ufffdpes", None]
    assert _differences(a=[lost], b=[lost], c=[_OURS]) == []
    assert _differences(a=[["/5", *_OURS[1:]]], b=[["/5", *_OURS[1:]]], c=[_OURS]) == []
    assert _differences(a=[["/4", *_OURS[1:]]]) == []


def test_titles_count_as_text_and_as_html() -> None:
    html, text = [*_OURS[:2], "R<b>op</b>es", _OURS[3]], [*_OURS[:2], "<b>Ropes</b>", _OURS[3]]
    assert _differences(a=[html], b=[text], c=[text]) == []
    assert _differences(a=[html], feedparser=[html]) == ["title"]
    assert _differences(a=[html], feedparser=[[*_OURS[:2], ["R<b>op</b>es"], _OURS[3]]]) == []

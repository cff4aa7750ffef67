"""JSON-LD that is broken in the ways in which pages break it."""

import pytest

from core.pages.json_ld import read_json_ld

_GOOD = {"@type": "Product", "name": "Lamp"}


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "Product", "name": "Lamp",}',
        '{"@type": "Product", /* a */ "name": "Lamp" // b\n}',
        '<!-- {"@type": "Product", "name": "Lamp"} -->',
        '//<![CDATA[\n{"@type": "Product", "name": "Lamp"}\n//]]>',
        '/*<![CDATA[*/ {"@type": "Product", "name": "Lamp",} /*]]>*/',
        "{&quot;@type&quot;: &quot;Product&quot;, &quot;name&quot;: &quot;Lamp&quot;}",
        '\ufeff{"@type": "Product", "name": "Lamp"};',
        '{"@type": "Product" "name": "Lamp"}',
        '{"@type": "Product", "name": "Lamp"',
        '{"@type": "Product", "name": "Lamp',
        '{"@type": "Product",, "name": "Lamp"}}}',
        '{"@type": "Product", "name": "L\\amp"}',
    ],
    ids=[
        "trailing comma",
        "comments",
        "HTML comment",
        "CDATA",
        "CDATA in comments, and a comma",
        "entities",
        "byte order mark and semicolon",
        "missing comma",
        "missing bracket",
        "missing quote",
        "too many commas and brackets",
        "unknown escape",
    ],
)
def test_what_is_broken_is_mended(text: str) -> None:
    assert read_json_ld([text]) == [_GOOD]


@pytest.mark.parametrize("text", ['{"a": 1}{"b": 2}', '{"a": 1},\n{"b": 2}', '[{"a": 1} {"b": 2}]'])
def test_several_objects(text: str) -> None:
    assert read_json_ld([text]) == [{"a": "1"}, {"b": "2"}]


def test_what_stands_before_the_mistake_counts() -> None:
    assert read_json_ld(['{"a": "it"} {"b": nonsense} {"c": 1}', "no JSON", '{"d": 1}']) == [
        {"a": "it"},
        {"d": "1"},
    ]


def test_what_looks_broken_within_strings_stays() -> None:
    text = '{"a": "1,}", "b": "// <!-- /* x */ -->", "c": "say \\"so\\"",}'
    assert read_json_ld([text]) == [{"a": "1,}", "b": "// <!-- /* x */ -->", "c": 'say "so"'}]


def test_line_ends_within_strings_and_odd_numbers() -> None:
    found = read_json_ld(['{"a": "x\ny", "b": NaN, "c": -5e3, "d": ' + "9" * 5_000 + "}"])
    assert found[0]["a"] == "x\ny"
    assert found[0]["b"] is None
    assert found[0]["c"] == "-5e3"
    assert len(found[0]["d"]) == 5_000


def test_members_of_graphs_and_lists_are_objects_of_the_page() -> None:
    names = [node.get("n") for node in read_json_ld(['[{"n": "1", "@graph": [{"n": "2"}, [{"n": "3"}]]}]'])]
    assert names == ["1", "2", "3"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '[{"a":1},' * 20_000, '"\\"' * 60_000])
def test_depth_and_length_are_bounded(text: str) -> None:
    assert len(read_json_ld([text] * 5)) <= 2_000

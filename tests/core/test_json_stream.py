"""Large JSON, read in pieces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.json_stream import BrokenJson, JsonStream

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def stream(text: str, size: int = 3, limit: int = 2**20) -> JsonStream:
    return JsonStream((text[at : at + size] for at in range(0, len(text), size)), limit=limit)


def walked(source: JsonStream) -> Any:
    """Read everything by entering it."""
    if source.next_is("{"):
        return {name: walked(source) for name in source.members()}
    if source.next_is("["):
        return [walked(source) for _ in source.elements()]
    return source.value()


@given(VALUES, st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
def test_what_is_walked_is_what_was_written(value: Any, size: int, indent: int | None, ascii_: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    assert walked(stream(text, size)) == json.loads(text)
    assert stream(text, size).value() == json.loads(text)


@given(st.dictionaries(st.text(), VALUES, max_size=5), st.integers(1, 9))
def test_what_is_not_taken_is_passed_over(value: dict[str, Any], size: int) -> None:
    assert list(stream(json.dumps(value), size).members()) == list(value)
    inside = stream(json.dumps({"first": value, "second": [1, value, 2]}), size)
    taken = [inside.value() for name in inside.members() if name == "second" for _ in inside.elements()]
    assert taken == [1, value, 2]


def test_numbers_are_read_to_their_end() -> None:
    assert [stream("123456789", size).value() for size in (1, 4, 9)] == [123456789] * 3


def test_escapes_of_telegram_desktop_are_understood() -> None:
    r"""It writes control characters as \x0B (https://github.com/telegramdesktop/tdesktop)."""
    for size in range(1, 12):
        assert stream(r'["a\x0Bb", "\\x0B", "\x1F\"", 7]', size).value() == ["a\x0bb", r"\x0B", '\x1f"', 7]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is missing at character 0"),
        ('["one", "two', "breaks off after 12 characters"),
        ('["one" "two"]', ", is missing at character 7"),
        ('["one", two is no word of JSON, and so on, and so on]', "damaged at character 8"),
        ('["one", {"two": 1, three and so on, and so on}]', "damaged at character 19"),
        ('["one"', "is missing"),
        ('["' + "o" * 300 + '"]', "larger than 100 characters"),
        ("[" * 50_000, "nested too deeply"),
        ("[" + "9" * 5000 + "]", "endless number"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str) -> None:
    source = stream(text, 7, limit=len(text) if len(text) >= 5000 else 100)
    with pytest.raises(BrokenJson, match=told):
        _ = [source.value() for _ in source.elements()]


def test_depth_that_is_passed_over_is_bounded() -> None:
    source = stream('{"a": ' + "[" * 500 + "]" * 500 + "}")
    with pytest.raises(BrokenJson, match="nested too deeply"):
        list(source.members())


def test_no_more_is_held_than_a_value_needs() -> None:
    read = 0

    def pieces() -> Any:
        nonlocal read
        yield "["
        for number in range(10_000):
            read += 1
            yield f'{{"number": {number}}},'
        yield "0]"

    source = JsonStream(pieces())
    for taken, _ in enumerate(source.elements()):
        if taken == 10_000:
            assert source.value() == 0
            break
        assert source.value() == {"number": taken}
        assert read <= taken + 3
        assert len(source._text) < 100

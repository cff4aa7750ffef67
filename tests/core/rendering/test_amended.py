"""A title that is struck out: text and formatting stay in step, whatever stands there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.rendering.amended import SOLD_OUT, sold_out
from core.text import utf16_length


def _part(text: str, entity: dict[str, object]) -> str:
    units = text.encode("utf-16-le")
    offset, length = int(str(entity["offset"])), int(str(entity["length"]))
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def test_the_title_is_struck_and_what_was_formatted_stays() -> None:
    text = "🎺 Trumpet, used\n\nhttps://shop.example/1"
    link = {"type": "text_link", "offset": 3, "length": 13, "url": "https://shop.example/1"}
    made = sold_out(text, [link], title="Trumpet, used", limit=4096)
    assert made is not None
    said = {str(one["type"]): _part(made[0], one) for one in made[1]}
    assert said == {"bold": "Sold out", "text_link": "Trumpet, used", "strikethrough": "Trumpet, used"}


def test_a_text_without_the_title_loses_its_first_line() -> None:
    made = sold_out("Buy this\nnow", [], title="Trumpet", limit=4096)
    assert made is not None
    assert [_part(made[0], one) for one in made[1]] == ["Sold out", "Buy this"]


def test_a_text_that_would_be_too_long_is_left_alone() -> None:
    assert sold_out("x" * 1020, [], title="x", limit=1024) is None


_TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(lambda text: text.strip())


@settings(max_examples=40)
@given(head=st.text("ab🎺 \n", max_size=9), title=_TEXTS, tail=st.text("cd🎺\n", max_size=9))
def test_every_span_lies_in_the_text(head: str, title: str, tail: str) -> None:
    text = head + title + tail
    made = sold_out(text, [{"type": "italic", "offset": 0, "length": 1}], title=title, limit=4096)
    assert made is not None
    assert made[0] == SOLD_OUT + text
    for one in made[1]:
        assert int(str(one["length"])) > 0
        assert int(str(one["offset"])) + int(str(one["length"])) <= utf16_length(made[0])

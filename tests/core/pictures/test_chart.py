"""Charts are pictures whatever the numbers are."""

from io import BytesIO

import pytest
from PIL import Image

from core.languages import speaking
from core.pictures.chart import HEIGHT, WIDTH, Chart, draw, draw_packed, pack, titles


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("count", [0, 1, 10**9])
def test_a_chart_is_a_picture(theme: str, count: int) -> None:
    values = [count, 0, count // 2]
    chart = Chart(
        days=["01.11", "02.11", "03.11"],
        posts=values,
        repeats=values,
        delays_s=values,
        sources=[("news.example", count), ("новости.example", 0)],
    )
    with Image.open(BytesIO(draw_packed(pack(chart, theme)))) as picture:
        assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
        corner = picture.getpixel((0, 0))
        assert corner == ((255, 255, 255) if theme == "light" else (23, 33, 43))
        colours = picture.getcolors(100_000)
        assert colours is not None
        assert len(colours) > 10


def test_a_chart_of_nothing() -> None:
    chart = Chart(days=[], posts=[], repeats=[], delays_s=[], sources=[])
    assert draw_packed(pack(chart, "light")).startswith(b"\x89PNG")


def test_the_words_are_those_of_whoever_asks() -> None:
    chart = Chart(days=["23.11"], posts=[7], repeats=[0], delays_s=[0], sources=[])
    with speaking("ru"):
        packed, words = pack(chart, "dark"), titles(chart)
    assert words[0] == "Постов в день: не больше 7"
    assert draw_packed(packed) == draw(chart, words, theme="dark")
    assert draw_packed(packed) != draw_packed(pack(chart, "dark"))


def test_letters_of_both_languages_are_in_the_font() -> None:
    """What a font lacks is drawn as the same box."""
    chart = Chart(days=[], posts=[], repeats=[], delays_s=[], sources=[])
    drawn = {draw(chart, (letter, "", "", ""), theme="light") for letter in "AbzжёЯЩ\uffff"}
    assert len(drawn) == len("AbzжёЯЩ") + 1

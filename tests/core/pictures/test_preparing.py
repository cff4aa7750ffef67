"""A picture that Telegram takes is made of what sites have."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import UnreadableDocument
from core.pictures.preparing import MOST_BYTES, prepare


def drawn(form: str, size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(written, form, **options)
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_is_fine_stays_as_it_is(form: str) -> None:
    body = drawn(form)
    assert prepare(body) == body


@pytest.mark.parametrize("form", ["WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_other_forms_become_a_jpeg(form: str) -> None:
    with Image.open(BytesIO(prepare(drawn(form)))) as made:
        assert (made.format, made.size) == ("JPEG", (300, 200))


def test_an_animation_becomes_its_beginning() -> None:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(BytesIO(prepare(written.getvalue()))) as made:
        red, _, blue = made.getpixel((50, 50))  # type: ignore[misc] # three bands
        assert (red > 200, blue < 100) == (True, True)


def test_transparency_becomes_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(written, "WEBP", lossless=True)
    with Image.open(BytesIO(prepare(written.getvalue()))) as made:
        assert made.getpixel((50, 50)) == (255, 255, 255)


def test_sides_beyond_the_limit_are_made_smaller() -> None:
    with Image.open(BytesIO(prepare(drawn("PNG", (8000, 2500))))) as made:
        assert made.size == (2560, 800)


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(BytesIO(prepare(drawn("WEBP", (300, 200), exif=exif)))) as made:
        assert made.size == (200, 300)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (drawn("PNG", (1, 1)), "picture_too_small"),
        (drawn("PNG", (3000, 60)), "picture_too_small"),
        (drawn("PNG", (7000, 7000), mode="1"), "picture_too_large"),
        (b"<html>not here</html>", "not_a_picture"),
        (b"", "not_a_picture"),
        (drawn("WEBP")[:200], "not_a_picture"),
    ],
    ids=["pixel", "ribbon", "bomb", "page", "nothing", "cut"],
)
def test_what_is_no_picture_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        prepare(body)
    assert refused.value.code == code


@given(st.binary(max_size=400), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP"]), st.integers(0, 300))
def test_any_bytes_are_a_picture_or_refused(noise: bytes, form: str, at: int) -> None:
    body = drawn(form, (64, 64))
    try:
        made = prepare(body[:at] + noise + body[at + len(noise) :])
    except UnreadableDocument:
        return
    assert len(made) <= MOST_BYTES
    with Image.open(BytesIO(made)) as picture:
        assert picture.format in ("JPEG", "PNG")

"""Making a picture that Telegram takes as a photo (https://core.telegram.org/bots/api#sendphoto)."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import UnreadableDocument

MOST_BYTES = 10 * 2**20
"""Of a photo that is uploaded."""
_MOST_SIDES = 10_000
_MOST_RATIO = 20
_LEAST_SIDE = 40
"""Smaller ones are counters and icons, not pictures."""
_LONGEST_SIDE = 2560
"""Telegram keeps no photo larger than that."""
_MOST_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
_AS_IT_IS = frozenset({"JPEG", "PNG"})
_QUALITY = 88


def prepare(body: bytes) -> bytes:
    """Return the picture in this file as a JPEG or PNG within Telegram's limits; of an animation, its start.

    A file that is fine stays as it is. To be run where a hostile file can do no harm: decoding one may
    take much time and memory.

    Raises:
        UnreadableDocument: `not_a_picture`, `picture_too_large` (in pixels) or `picture_too_small`.
    """
    try:
        with Image.open(BytesIO(body), formats=_FORMATS) as picture:
            _check(picture.size)
            if _fits(picture, len(body)):
                picture.verify()
                return body
            return _converted(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableDocument("picture_too_large", str(error)[:200]) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnreadableDocument("not_a_picture", f"{type(error).__name__}: {error}"[:200]) from None


def _check(size: tuple[int, int]) -> None:
    width, height = size
    if min(size) < _LEAST_SIDE or max(size) > _MOST_RATIO * min(size):
        raise UnreadableDocument("picture_too_small", f"{width} x {height} pixels")
    if width * height > _MOST_PIXELS:
        raise UnreadableDocument("picture_too_large", f"{width} x {height} pixels")


def _fits(picture: Image.Image, size_bytes: int) -> bool:
    still = getattr(picture, "n_frames", 1) == 1
    return (
        still
        and picture.format in _AS_IT_IS
        and sum(picture.size) <= _MOST_SIDES
        and size_bytes <= MOST_BYTES
    )


def _converted(picture: Image.Image) -> bytes:
    """Return the first frame as a JPEG, upright, on white where it is transparent."""
    if picture.format == "JPEG":
        picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
    ImageOps.exif_transpose(picture, in_place=True)
    upright: Image.Image = picture
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.new("RGB", layer.size, "white")
        upright.paste(layer, mask=layer.getchannel("A"))
    written = BytesIO()
    upright.convert("RGB").save(written, "JPEG", quality=_QUALITY, optimize=False)
    return written.getvalue()

"""Pictures for sites that have none: hills under a sky, each address with its own."""

import io
import math
import random
import zlib

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 360
SKIES = (
    ((255, 214, 165), (120, 170, 210)),
    ((250, 190, 190), (110, 130, 190)),
    ((206, 232, 240), (88, 150, 190)),
    ((255, 236, 190), (150, 190, 180)),
    ((60, 72, 120), (18, 24, 52)),
)
HILLS = ((96, 140, 128), (66, 108, 108), (40, 76, 84))

Colour = tuple[int, int, int]


def landscape(address: str) -> bytes:
    """A JPEG of 640 by 360; the same address is the same picture."""
    rng = random.Random(zlib.crc32(address.encode()))
    low, high = rng.choice(SKIES)
    image = _sky(low, high)
    draw = ImageDraw.Draw(image)
    x, y, size = rng.randint(90, 550), rng.randint(60, 170), rng.randint(26, 52)
    draw.ellipse((x - size, y - size, x + size, y + size), fill=_mixed(low, (255, 255, 255), 0.6))
    for place, colour in enumerate(HILLS):
        top = HEIGHT * (0.55 + 0.14 * place)
        draw.polygon(_hill(rng, top), fill=_mixed(colour, low, 0.35 - 0.15 * place))
    body = io.BytesIO()
    image.save(body, "JPEG", quality=80)
    return body.getvalue()


def _sky(low: Colour, high: Colour) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for row in range(HEIGHT):
        column.putpixel((0, row), _mixed(high, low, row / HEIGHT))
    return column.resize((WIDTH, HEIGHT))


def _hill(rng: random.Random, top: float) -> list[tuple[float, float]]:
    """The outline of a row of hills that reaches down to the bottom."""
    waves = [(rng.uniform(6, 26), rng.uniform(0.5, 2.5), rng.uniform(0, math.tau)) for _ in range(3)]
    ridge = [
        (
            float(x),
            top
            + sum(height * math.sin(count * math.tau * x / WIDTH + start) for height, count, start in waves),
        )
        for x in range(0, WIDTH + 8, 8)
    ]
    return [(0.0, float(HEIGHT)), *ridge, (float(WIDTH), float(HEIGHT))]


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: `share` of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue

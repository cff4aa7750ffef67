"""`python -m tests.process.picture FILE.png [dark]`: the picture of the demo's page that the README shows."""

import logging
import sys
import tempfile
from pathlib import Path

import trio
from PIL import Image

from tests.process.chromium import browser, find
from tests.process.test_demo import demo

_SPEED = 4.0
_SHARED = "[...document.querySelectorAll('#troubles button')].at(-1).click()"


async def _take(path: Path, *, dark: bool) -> None:
    """Wait until there is something to see: posts with a picture and without, and a caught repeat."""
    program = find()
    assert program is not None, "install chromium"
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile:
        async with demo(Path(folder), speed=_SPEED) as port, browser(program, Path(profile)) as page:
            await page.open(f"http://127.0.0.1:{port}/", dark=dark)
            await page.until("document.querySelectorAll('#messages li').length >= 6")
            await page.evaluate(_SHARED)
            await page.until("document.querySelector('#counts .duplicates b').textContent !== '0'")
            await page.until(
                "document.querySelectorAll('#messages li:nth-last-child(-n+2) .card').length === 1"
            )
            await page.evaluate("document.getElementById('toast').hidden = true")
            await trio.sleep(1)
            await page.picture(path)
    Image.open(path).save(path, optimize=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    trio.run(lambda: _take(Path(sys.argv[1]), dark="dark" in sys.argv[2:]))

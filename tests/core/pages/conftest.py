"""Pages as short as the thing that they are about."""

from collections.abc import Callable

import pytest

from core.entries import Document
from core.pages.page import Page
from core.pages.reading import read_page

URL = "https://shop.example/things/lamp"
Read = Callable[..., Page]


@pytest.fixture
def read() -> Read:
    """Read markup as the page at an address."""

    def reading(markup: str | bytes, *, url: str = URL, content_type: str = "", status: int = 200) -> Page:
        body = markup if isinstance(markup, bytes) else markup.encode()
        return read_page(Document(body=body, url=url, content_type=content_type), status)

    return reading

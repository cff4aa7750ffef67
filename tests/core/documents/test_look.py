"""Which documents are heavy."""

import gzip

import pytest

from core.documents.look import is_heavy

_ENTRY = b"<item><title>Title</title><link>https://e.org/1</link><guid>1</guid><description>%s</description></item>"


@pytest.mark.parametrize(
    ("body", "heavy"),
    [
        (b"", False),
        (b"<" * 60_000, False),
        ((_ENTRY % (b"word &lt;b&gt;and&lt;/b&gt; " * 50)) * 240, False),
        (b"x" * 1_000_001, True),
        (gzip.compress(b"<urlset/>"), True),
        (b"<a>" * 31_000, True),
        (b"<item>" * 15_000, True),
        (b'{"id":1},' * 20_000, True),
        (b" a=1" * 100_000, True),
        (b"&nbsp;" * 100_000, True),
        (b"<rss xml:base='/'>" + b"<item><link>1</link></item>" * 3_000, True),
        (b"<rss xml:base='/'>" + _ENTRY % (b"word " * 100) * 30, False),
    ],
    ids=[
        "nothing",
        "small",
        "honest",
        "large",
        "gzip",
        "tags",
        "entries",
        "objects",
        "attributes",
        "entities",
        "bases",
        "based",
    ],
)
def test_what_is_heavy(body: bytes, heavy: bool) -> None:
    assert is_heavy(body) is heavy

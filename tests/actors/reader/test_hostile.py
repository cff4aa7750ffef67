"""Documents made to harm their reader, through the real worker, which the kernel kills above its limits."""

import json
from collections.abc import Callable

import pytest

from core.errors import UnreadableDocument
from tests.actors.reader.conftest import HONEST, OpenWorkshop, document

_LIMITS = (f"--memory-bytes={640 * 2**20}", "--cpu-s=5")


def _rss(inside: str, prolog: str = "") -> bytes:
    return f"{prolog}<rss version='2.0'><channel><title>T</title>{inside}</channel></rss>".encode()


def _json(items: str) -> bytes:
    return ('{"version":"https://jsonfeed.org/version/1.1","items":[' + items.rstrip(",") + "]}").encode()


def _each(count: int, form: str) -> str:
    return "".join(form.replace("#", str(number)) for number in range(count))


def _item(attributes: str = "", inside: str = "") -> str:
    return f"<item{attributes}><guid>1</guid>{inside}</item>"


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(30))
    return _rss(_item("", "<title>&e30;</title>"), f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>')


def _external() -> bytes:
    declared = '<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;'
    return _rss(_item("", "<title>&f;</title>"), f"<!DOCTYPE rss [{declared}]>")


_DEEP = "<a>" * 100_000
_AUTHOR = f"<author>{'a@b(' * 14_500}</author>"
# What comes out is a number of entries, or the code of an error.
_DOCUMENTS: dict[str, tuple[Callable[[], bytes], str | int]] = {
    "billion laughs": (_laughs, 1),
    "external entities": (_external, 1),
    "depth": (lambda: _rss(_item("", _DEEP + "</a>" * 100_000)), 1),
    "depth of markup": (lambda: _rss(f"<item><content>{_DEEP}{'</a>' * 100_000}x</content></item>"), 1),
    "depth without end": (lambda: _rss(_item() + "<item>" + _DEEP), 1),
    "attributes": (lambda: _rss(_item(_each(100_000, " a#='1'"))), 1),
    "namespaces": (lambda: _rss(_item(_each(50_000, " xmlns:a#='u:#'"))), 1),
    "nested namespaces": (lambda: _rss(_item() + _each(50_000, "<a#:b xmlns:a#='u:#'>")), 1),
    "items": (lambda: _rss(_each(60_000, "<item><guid>#</guid></item>")), 10_000),
    "relative links": (
        lambda: _rss("<x xml:base='/'/>" + _each(60_000, "<item><link>#/../x</link></item>")),
        10_000,
    ),
    "items of JSON": (lambda: _json(_each(60_000, '{"id":"#"},')), 10_000),
    "text": (lambda: _rss(_item("", f"<title>{'x' * 20_000_000}</title>")), 1),
    "depth of JSON": (lambda: _json("[" * 100_000 + "]" * 100_000), "broken"),
    "depth of objects": (lambda: _json('{"a":' * 100_000), "broken"),
    "number": (lambda: _json(f'{{"id":"1","n":{"9" * 5000}}}'), 1),
    "surrogates": (lambda: _rss(_item("", "<title>&#xD800;&#xDFFF;</title>")), 1),
    "surrogates of JSON": (lambda: _json(r'{"id":"1","title":"\ud800"}'), 1),
    "zeros": (lambda: _rss(_item("", "<title>a\0b&#0;</title>")), 1),
    "author": (lambda: _rss(_item("", _AUTHOR)), 1),
    "author for feedparser": (lambda: _rss(f"<my:item>{_AUTHOR}</my:item>"), 0),
    "wide": (lambda: _rss(_item()).decode().encode("utf-16")[:-1], 1),
    "nothing": (lambda: b"", "empty"),
    "noise": (lambda: bytes(range(256)) * 4_000, "not_a_feed"),
}


@pytest.mark.parametrize("name", _DOCUMENTS)
async def test_it_is_read_or_refused_and_the_next_one_is_read(name: str, workshop: OpenWorkshop) -> None:
    make, expected = _DOCUMENTS[name]
    async with workshop(*_LIMITS) as shop:
        found: str | int
        try:
            entries = (await shop.ask("read", document(make()), kind="auto", rules="{}")).entries
            found = len(entries)
            shown = json.dumps([(each.id, each.title) for each in entries], ensure_ascii=False)
            assert not any(sign in shown for sign in ("\0", "root:", "haha"))
            shown.encode()
        except UnreadableDocument as error:
            found = error.code
        assert found == expected
        honest = await shop.ask("read", document(HONEST), kind="auto", rules="{}")
        assert [entry.title for entry in honest.entries] == ["One"]

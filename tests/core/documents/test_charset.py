"""Charsets: claimed, true, and guessed."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.charset import to_utf8

_RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю"


def _declared(charset: str, text: str) -> str:
    return f'<?xml version="1.0" encoding="{charset}"?><rss>{text}</rss>'


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("utf-8", "utf-8", _RUSSIAN),
        ("UTF8", "utf-8", _RUSSIAN),
        ("windows-1251", "cp1251", _RUSSIAN),
        ("koi8-r", "koi8-r", _RUSSIAN),
        ("KOI8-U", "koi8-u", "Щастя"),
        ("ISO-8859-5", "iso8859-5", _RUSSIAN),
        ("iso-8859-1", "cp1252", "Café “naïve” €"),
        ("US-ASCII", "cp1252", "Café"),
        ("iso-8859-2", "iso8859-2", "Zażółć gęślą jaźń"),
        ("shift_jis", "cp932", "こんにちは世界"),
        ("EUC-JP", "euc-jp", "こんにちは世界"),
        ("iso-2022-jp", "iso2022-jp", "こんにちは世界"),
        ("gb2312", "gb18030", "你好世界"),
        ("big5", "big5", "你好世界"),
        ("euc-kr", "euc-kr", "안녕하세요"),
    ],
)
def test_a_declaration_that_tells_the_truth(charset: str, codec: str, text: str) -> None:
    document = _declared(charset, text)
    assert to_utf8(document.encode(codec)).decode() == document


def test_content_type_comes_before_the_declaration() -> None:
    document = _declared("iso-8859-1", _RUSSIAN)
    assert to_utf8(document.encode("cp1251"), "text/xml; Charset='Windows-1251'").decode() == document


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_byte_order_mark(charset: str) -> None:
    document = _declared("utf-16", _RUSSIAN)
    body = "\ufeff".encode(charset) + document.encode(charset)
    assert to_utf8(body, "text/xml; charset=koi8-r").decode() == document


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [_declared("utf-16", _RUSSIAN), '{"title": "Привет"}'])
def test_two_bytes_without_a_mark(charset: str, text: str) -> None:
    assert to_utf8(text.encode(charset)).decode() == text


@pytest.mark.parametrize("claim", ["utf-8", "bogus", "punycode", "utf-16", "idna", "x" * 1000])
@pytest.mark.parametrize("codec", ["cp1251", "koi8-r"])
def test_cyrillic_under_a_wrong_claim(claim: str, codec: str) -> None:
    document = _declared(claim, _RUSSIAN)
    assert to_utf8(document.encode(codec)).decode() == document


def test_latin_under_a_wrong_claim() -> None:
    document = _declared("utf-8", "Un café crème, s'il vous plait")
    assert to_utf8(document.encode("cp1252")).decode() == document


def test_utf8_beats_another_claim() -> None:
    document = _declared("iso-8859-1", _RUSSIAN)
    assert to_utf8(document.encode(), "text/xml; charset=windows-1252").decode() == document


def test_a_few_bytes_that_could_be_utf8_follow_the_claim() -> None:
    assert to_utf8(_declared("iso-8859-1", "CAFÉ»").encode("cp1252")).decode().endswith("CAFÉ»</rss>")


def test_utf8_against_claims_that_do_not_fit() -> None:
    assert to_utf8("ほ".encode(), "text/xml; charset=iso-2022-jp").decode() == "ほ"


def test_utf8_with_a_broken_character() -> None:
    body = _declared("utf-8", _RUSSIAN).encode().replace("ё".encode(), b"\xd1")
    assert to_utf8(body).decode() == _declared("utf-8", _RUSSIAN).replace("ё", "\ufffd")


def test_single_wrong_bytes_of_no_charset() -> None:
    assert to_utf8(b"<rss>\x81</rss>").decode() == "<rss>\ufffd</rss>"


@given(st.text(), st.integers(min_value=0))
def test_a_cut_loses_at_most_a_character(text: str, cut: int) -> None:
    body = text.encode("utf-8", "ignore")
    text = body.decode()
    body = b"\xef\xbb\xbf" + body
    cut = max(3, cut % (len(body) + 1))
    assert text.startswith(to_utf8(body[:cut]).decode())


@given(st.binary(), st.text(max_size=30))
def test_anything_becomes_utf8(body: bytes, content_type: str) -> None:
    to_utf8(body, content_type).decode()
    to_utf8(codecs.BOM_UTF16_LE + body, content_type).decode()
    to_utf8(body, "text/xml; charset=" + content_type).decode()


def test_an_escape_of_iso_2022_without_end_is_not_of_that_charset() -> None:
    # The decoder of Python raises UnicodeError, not UnicodeDecodeError. Found by fuzzing.
    assert to_utf8(b"\x1b$-99:99a", "text/xml; charset=iso-2022-jp") == b"\x1b$-99:99a"

"""The key of a link: stable, total, and blind to decoration only."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.urls.normalize import MAX_URL_BYTES, RefusedUrl, host_of, normalize, without_secrets

SIGNS = [*"/\\?#&=@%:;.'\"|{^` \t\n\x00\u3000\ufeff\u202e\ud800ё😀", "//", "??", "#!", "..", "%41", "%2e%2e"]
HOSTS = ["site.example", "Сайт.рф", "xn--", "[::1]", "127.1", "0x7f.1", ":80", ":443", ":0", "user:pw"]
PIECES = st.sampled_from(
    [*SIGNS, *HOSTS, "http", "HTTPS", "ftp", "utm_source=x", "fbclid=1", "q=1", "a", "b="]
)
# Made of pieces that mean something, half of it with a host: arbitrary text alone is hardly ever a URL.
PATHS = st.lists(PIECES).map("".join)
URLS = PATHS | PATHS.map("http://site.example".__add__)
ANYTHING = st.text(st.characters(categories=None)) | URLS


@given(ANYTHING)
@example("http://site.example/???x")
@example("http://site.example/" + "ё" * 3000)
def test_normalize_is_total_and_idempotent(url: str) -> None:
    try:
        key = normalize(url)
    except RefusedUrl:
        return
    assert key.startswith(("http://", "https://"))
    assert key.isascii()
    assert normalize(key) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://Site.Example:80", "https://site.example/"),
        ("https://site.example:443/A/../b", "https://site.example/b"),
        ("https://site.example:8443/", "https://site.example:8443/"),
        ("  https://site.example/a\n", "https://site.example/a"),
        ("https:\\\\site.example\\a", "https://site.example/a"),
        ("https://user:secret@site.example/", "https://site.example/"),
        ("https://site.example/a#part", "https://site.example/a"),
        ("https://site.example/#!/page", "https://site.example/#!/page"),
        ("https://site.example/?utm_source=x&b=2&UTM_Medium=y&a=1&fbclid=z", "https://site.example/?b=2&a=1"),
        ("https://site.example/?utm_source=x", "https://site.example/"),
        ("https://site.example/?&&a=1&", "https://site.example/?a=1"),
        ("https://site.example/?utm=1&erid_of=2", "https://site.example/?utm=1&erid_of=2"),
        ("https://сайт.рф/ё", "https://xn--80aswg.xn--p1ai/%D1%91"),
        ("http://0x7f.1/", "https://127.0.0.1/"),
        ("http://[::0001]:8080/", "http://[::1]:8080/"),
        ("http://site.example/\ud800a\x00b", "https://site.example/ab"),
    ],
)
def test_decoration_goes(url: str, key: str) -> None:
    assert normalize(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://site.example:8080/", "https://site.example:8080/"),
        ("http://site.example:443/", "https://site.example/"),
        ("https://site.example/a", "https://site.example/A"),
        ("https://site.example/a", "https://site.example/a/"),
        ("https://site.example/?a=1&b=2", "https://site.example/?b=2&a=1"),
        ("https://site.example/?a", "https://site.example/?a="),
        ("https://site.example/", "https://www.site.example/"),
        ("https://site.example/#/a", "https://site.example/#/b"),
        ("https://site.example/#!a", "https://site.example/#!b"),
        ("https://site.example/?x", "https://site.example/??x"),
    ],
)
def test_what_means_something_stays(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not_a_url"),
        ("site.example/a", "not_a_url"),
        ("http://", "not_a_url"),
        ("http://localhost/", "no_dot"),
        ("https://rsshub:1200/feed", "no_dot"),
        ("http://site./", "no_dot"),
        ("http://site..example/", "no_host"),
        ("http://.example/", "no_host"),
        ("http://a:99999/", "not_a_url"),
        ("ftp://site.example/", "not_http"),
        ("javascript:alert(1)", "not_http"),
        ("mailto:a@site.example", "not_http"),
        ("https://site.example/" + "a" * MAX_URL_BYTES, "too_long"),
        ("https://site.example/" + "ё" * (MAX_URL_BYTES // 2), "too_long"),
        ("https://site.example/" + "ё" * (MAX_URL_BYTES // 3), "too_long"),
    ],
)
def test_refusals(url: str, reason: str) -> None:
    with pytest.raises(RefusedUrl) as refused:
        normalize(url)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Site.Example/a", "site.example"),
        ("http://[::1]/", "[::1]"),
        ("nonsense", ""),
        ("\ud800", ""),
    ],
)
def test_hosts_for_people(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@site.example/a?token=secret#secret", "https://site.example/a?…"),
        ("https://site.example/a", "https://site.example/a"),
        ("secret", "(not a URL)"),
    ],
)
def test_secrets_are_hidden(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@given(ANYTHING)
def test_hosts_and_hidden_forms_are_total(url: str) -> None:
    assert isinstance(host_of(url), str)
    assert "@" not in without_secrets(url).partition("//")[2].partition("/")[0]

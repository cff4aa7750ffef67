"""The key of a link: stable, total, and blind to decoration only."""

import can_ada
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
KNOWN = st.sampled_from(
    [
        *("www.youtube.com", "youtu.be", "x.com", "redd.it", "old.reddit.com", "www.amazon.de", "habr.com"),
        *("www.google.com", "a.cdn.ampproject.org", "m.vk.com", "en.m.wikipedia.org", "en.m.wikipedia.org."),
        *("l.facebook.com", "stackoverflow.com", "t.me", "www.etsy.com", "site.example."),
    ]
)
PARTS = st.sampled_from(
    [
        *(
            "watch",
            "shorts",
            "dQw4w9WgXcQ",
            "status",
            "comments",
            "dp",
            "B000000001",
            "ref=x",
            "questions",
            "5",
        ),
        *(
            "amp",
            "s",
            "c",
            "url",
            "l.php",
            "away",
            "articles",
            "(S(lit3py55t21z5v55vlm25s55))",
            "..",
            "p",
            "u",
        ),
        *(
            "https:",
            "www.google.com",
            "%2e%2E",
            ";jsessionid=1",
            "?url=",
            "&u=",
            "?q=",
            "&v=",
            "?v=",
            "&amp;amp=1",
        ),
        *("https%3A%2F%2Fwww.google.com%2Furl%3Fq%3D", "https%3A%2F%2Fyoutu.be%2F", "&sid=", "a" * 11, "#!"),
        *("%75rl=", "%", "|", "&&", "&utm_source=1", "@", ":80", "/amp", "-amp", "?amp"),
    ]
)
SITES = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https"]),
    KNOWN,
    st.lists(st.builds("{}{}".format, PARTS, st.sampled_from(["", "/", "&"]))).map("".join),
)
ANYTHING = SITES | st.text(st.characters(categories=None)) | URLS


@given(url=ANYTHING, fragments=st.booleans())
@example(url="http://site.example/???x", fragments=False)
@example(url="http://site.example/" + "ё" * 3000, fragments=False)
@example(url="http://site.example/%%%334%31", fragments=False)
@example(url="http://site.example/" + "%3" * 2000 + "%33", fragments=False)
@example(url="https://www.youtube.com/watch?v=" + "a" * 11 + "&v=" + "b" * 11, fragments=False)
def test_normalize_is_total_and_idempotent(url: str, *, fragments: bool) -> None:
    try:
        key = normalize(url, fragments=fragments)
    except RefusedUrl:
        return
    assert key.startswith(("http://", "https://"))
    assert key.isascii()
    assert normalize(key, fragments=fragments) == key
    assert can_ada.parse(key).href == key


@given(url=ANYTHING)
@example(url="https://site.example/.a")
@example(url="https://site.example/a/../b?c='d'#e")
@example(url="https://xn--.example/")
@example(url="https://1.2.3/a")
@example(url="https://site.example./a#\ud800!b")
@example(url="https://www.google.com/url?q=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ%3Fsi%3D1")
def test_an_address_has_one_key_by_each_way_of_reading(url: str) -> None:
    """In capitals a scheme sends it through the parser, and an escaped letter through all rules."""
    plain = f"https://{url.partition('://')[2]}"
    assert key_or_reason(f"HTTPS{plain[5:]}") == key_or_reason(plain)
    host, slash, path = plain[8:].partition("/")
    if slash and not path.startswith("%"):
        assert key_or_reason(f"https://{host}/%61{path}") == key_or_reason(f"https://{host}/a{path}")


def key_or_reason(url: str) -> str:
    """Return the key of an address, or why it has none."""
    try:
        return normalize(url)
    except RefusedUrl as refused:
        return refused.reason


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


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://site.example/day#e1", "https://site.example/day#e1"),
        ("http://www.youtube.com/@a#e%31", "https://www.youtube.com/@a#e1"),
        ("https://site.example/day#", "https://site.example/day"),
        ("https://site.example/day#xtor=RSS-1", "https://site.example/day"),
        ("https://site.example/day#e1:~:text=a", "https://site.example/day#e1"),
    ],
)
def test_fragments_stay_where_they_tell_entries_apart(url: str, key: str) -> None:
    assert normalize(url, fragments=True) == key


def test_names_without_a_dot_are_taken_where_they_are_allowed() -> None:
    assert (
        normalize("http://RSSHub:1200/feed?utm_source=x", allow_hosts={"rsshub"}) == "http://rsshub:1200/feed"
    )
    assert normalize("http://localhost/a", allow_hosts={"localhost"}) == "https://localhost/a"
    with pytest.raises(RefusedUrl, match="no_dot"):
        normalize("http://rsshub:1200/feed", allow_hosts={"hub", "rsshub:1200"})


@given(ANYTHING)
def test_hosts_and_hidden_forms_are_total(url: str) -> None:
    assert isinstance(host_of(url), str)
    assert "@" not in without_secrets(url).partition("//")[2].partition("/")[0]

"""What a source is asked with that is its own."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Access, check_header, check_proxy, check_user_agent, origin_of, split_userinfo
from core.errors import UserError


@pytest.mark.parametrize(
    ("url", "clean", "login"),
    [
        ("https://us%40er:p%3Aw@Site.example/f?a=@b", "https://Site.example/f?a=@b", "us@er:p:w"),
        ("https://user@site.example/f", "https://site.example/f", "user:"),
        ("http://a:b@c:d@site.example:81/", "http://site.example:81/", "a:b@c:d"),
        ("https:\\\\user:pw@site.example/f", "https:\\\\site.example/f", "user:pw"),
        ("https:///user:pw@site.example/f", "https:///site.example/f", "user:pw"),
        ("https://@site.example/f", "https://site.example/f", None),
        ("https://site.example/?u=https://user:pw@b", "https://site.example/?u=https://user:pw@b", None),
        ("https://site.example/@name?x=a@b#c@d", "https://site.example/@name?x=a@b#c@d", None),
    ],
)
def test_logins_are_taken_out_of_addresses(url: str, clean: str, login: str | None) -> None:
    found, access = split_userinfo(url)
    assert found == clean
    if login is None:
        assert not access
    else:
        assert access.headers == (("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}"),)
        assert access.origin == origin_of(clean)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_login_stays_in_an_address(user: str, password: str) -> None:
    import can_ada

    try:
        can_ada.parse(f"https://{user}:{password}@site.example/")
    except ValueError:
        return
    clean, _ = split_userinfo(f"https://{user}:{password}@site.example/")
    parsed = can_ada.parse(clean)
    assert (parsed.username, parsed.password) == ("", "")


def test_written_and_read_again() -> None:
    access = Access(origin="https://a:443", headers=(("X", "ü"),), user_agent="U", proxy="http://p:1")
    assert Access.read(access.write()) == access
    assert Access.read(None) == Access.read("{}") == Access()
    assert not Access(origin="https://a:443")
    for secret in ("ü", "U'", "http://p"):
        assert secret not in repr(access)


def test_a_header_takes_the_place_of_its_namesake() -> None:
    access = Access().with_header("X-Key", "1").with_header("Cookie", "a=b").with_header("x-key", "2")
    assert access.headers == (("Cookie", "a=b"), ("x-key", "2"))
    for number in range(18):
        access = access.with_header(f"X-{number}", "1")
    with pytest.raises(UserError, match="at most 20"):
        access.with_header("One-More", "1")
    assert len(access.with_header("X-1", "2").headers) == 20


def test_headers_as_people_write_them() -> None:
    assert check_header(" Cookie:  a=b; c=d ") == ("Cookie", "a=b; c=d")
    assert check_header("X-Url: https://a.example/") == ("X-Url", "https://a.example/")


@pytest.mark.parametrize(
    "text",
    ["", "X-Key", "X-Key:", ": value", "X Key: v", "X-Key: a\r\nHost: b", "X-Key: a\nb", "X-Key: \x00",
     "Ключ: v", "X-Key: ключ", "Host: a", "host: a", "Content-Length: 5", "ACCEPT-ENCODING: br",
     "Transfer-Encoding: chunked", "Connection: close", "Upgrade: h2c", "TE: trailers",
     "Proxy-Authorization: x", "Range: bytes=0-1", "If-None-Match: x", "User-Agent: x"],
)  # fmt: skip
def test_headers_that_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="header:"):
        check_header(text)


def test_refused_values_are_not_repeated() -> None:
    for text in ("X-Key: " + "secret" * 1000, "X Key: secret", "Host: secret"):
        with pytest.raises(UserError) as refused:
            check_header(text)
        assert "secret" not in str(refused.value)


@pytest.mark.parametrize("text", ["http://p:3128", "https://u:pw@p", "socks5://[2001:db8::1]:1080"])
def test_proxies(text: str) -> None:
    assert check_proxy(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "p:3128", "socks5h://p:1", "socks4://p:1", "ftp://p", "http://", "http://p:0", "http://p:99999",
     "http://p:x", "http://[p", "http://p q", "http://p\nq"],
)  # fmt: skip
def test_proxies_that_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="socks5://host:port"):
        check_proxy(text)


def test_user_agents() -> None:
    assert check_user_agent("Mozilla/5.0 (X11)") == "Mozilla/5.0 (X11)"
    with pytest.raises(UserError, match="ASCII"):
        check_user_agent("a\r\nb")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTPS://Site.example", "https://site.example:443"),
        ("http://a:80/x", "http://a:80"),
        ("nonsense", ""),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin

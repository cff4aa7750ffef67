"""Wrappers: opened where they carry their target, recognised where they must be asked."""

from urllib.parse import quote

import pytest

from core.urls.normalize import RefusedUrl, normalize
from core.urls.wrappers import ASKED, CARRIED, MOST_WRAPPERS, needs_resolving, unwrap

TARGET = "https://target.example/a?b=1&c=%2F"


def wrapped(url: str, depth: int) -> str:
    for _ in range(depth):
        url = f"https://www.google.com/url?q={quote(url, safe='')}"
    return url


@pytest.mark.parametrize("row", CARRIED)
def test_each_wrapper_gives_its_target(row: str) -> None:
    address, *names = row.split()
    address = address.replace("google.*", "www.google.co.jp").replace("*.safe", "nam02.safe")
    for name in names:
        url = f"https://{address.rstrip('*')}?x=1&{name}={quote(TARGET, safe='')}&y=2"
        assert unwrap(url) == TARGET
        assert normalize(url) == TARGET


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url",
        "https://www.google.com/url?q=target.example",
        "https://www.google.com/url?q=%2Fsearch",
        "https://www.google.com/url?q=javascript%3Aalert(1)",
        "https://www.google.com/url?q=http%3A%2F%2F",
        "https://www.google.com/url?q=https%3A%2F%2Fa.example%2F%FF",
        "https://www.google.com/search?q=https%3A%2F%2Ftarget.example%2F",
        "https://www.google.com:8080/url?q=https%3A%2F%2Ftarget.example%2F",
        "https://www.google.evil.example/url?q=https%3A%2F%2Ftarget.example%2F",
        "https://evilgoogle.com/url?q=https%3A%2F%2Ftarget.example%2F",
        "https://www.google.com/amp/s/nodot/a",
        "https://safelinks.protection.outlook.com.example/?url=https%3A%2F%2Ftarget.example%2F",
        "https://site.example/?url=https%3A%2F%2Ftarget.example%2F",
        TARGET,
    ],
)
def test_what_is_no_wrapper(url: str) -> None:
    assert unwrap(url) is None
    assert "target.example" not in normalize(url).partition("?")[0] or url == TARGET


def test_wrappers_within_wrappers_are_opened_so_far() -> None:
    assert unwrap(wrapped(TARGET, MOST_WRAPPERS)) == TARGET
    deeper = wrapped(TARGET, MOST_WRAPPERS + 1)
    assert unwrap(deeper) is None
    assert normalize(normalize(deeper)) == normalize(deeper) != TARGET


def test_a_target_is_checked_as_any_address() -> None:
    assert unwrap(wrapped("https://Target.example:443/a/../b", 1)) == "https://target.example/b"
    with pytest.raises(RefusedUrl, match="no_dot"):
        normalize(wrapped("http://localhost/admin", 1))
    with pytest.raises(RefusedUrl, match="not_http"):
        unwrap("ftp://site.example/")


@pytest.mark.parametrize("address", ASKED.split())
def test_what_must_be_asked_is_recognised(address: str) -> None:
    assert needs_resolving(f"http://{address.removesuffix('/')}/AbC123")


@pytest.mark.parametrize(
    "url",
    [
        "https://t.co/",
        "https://bit.ly",
        "https://notbit.ly/AbC",
        "https://bit.ly.example/AbC",
        "https://bit.ly:8080/AbC",
        "https://news.google.com/topstories",
        "https://feeds.feedburner.com/ferry",
        "https://www.google.com/url?q=https%3A%2F%2Ft.co%2FAbC",
        "https://site.example/t.co/AbC",
    ],
)
def test_what_need_not_be_asked(url: str) -> None:
    assert not needs_resolving(url)


def test_what_is_wrapped_may_have_to_be_asked() -> None:
    target = unwrap("https://www.google.com/url?q=https%3A%2F%2Ft.co%2FAbC")
    assert target is not None
    assert needs_resolving(target)

"""Answers that are no page give no facts; pages that resemble them do."""

import pytest

from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.refusal import refusal
from core.words import say
from tests.core.pages.conftest import URL, Read


def _shown(title: str, body: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


_BOX = '<form><input type="text"><input type="password"></form>'
_SHELL = '<div id="root"></div><script src="/app.js"></script>'
_DESCRIBED = "<meta name=description content=x>"
_PICTURE = '<meta property="og:image" content="/logo.png">'
_REFUSED = {
    "Cloudflare, just a moment": (
        _shown("Just a moment...", "<script>window._cf_chl_opt={cvId:'3'};</script>"),
        "challenge",
    ),
    "Cloudflare, attention": (_shown("Attention Required! | Cloudflare", "You are blocked"), "challenge"),
    "DataDome": (
        _shown("shop.example", "<script>var dd={'host':'geo.captcha-delivery.com'}</script>"),
        "challenge",
    ),
    "PerimeterX": (
        _shown("Access to this page has been denied.", '<div id="px-captcha"></div>'),
        "challenge",
    ),
    "Incapsula": (
        '<html><head></head><body><iframe src="/_Incapsula_Resource?x=1"></iframe></body></html>',
        "challenge",
    ),
    "Yandex SmartCaptcha": (
        _shown("Вы не робот?", '<form action="/showcaptcha">SmartCaptcha</form>', _DESCRIBED),
        "challenge",
    ),
    "reCAPTCHA and nothing else": (_shown("shop.example", '<div class="g-recaptcha"></div>'), "challenge"),
    "Access denied": (_shown("Access Denied", "You have no permission to access this."), "access_denied"),
    "403 in words": (_shown("403 Forbidden", "<h1>403 Forbidden</h1>nginx"), "access_denied"),
    "login wall": (_shown("Log in to Photos", _BOX, _PICTURE), "login_wall"),
    "login wall in Russian": (_shown("Вход | Форум", _BOX), "login_wall"),
    "consent": (_shown("Before you continue to Videos", "<button>Accept all</button>"), "consent_wall"),
    "shell that asks for JavaScript": (
        _shown("App", f"<noscript>You need to enable JavaScript to run this app.</noscript>{_SHELL}"),
        "needs_scripts",
    ),
    "empty shell": (_shown("App", _SHELL), "needs_scripts"),
    "nothing": (" \n", "empty"),
    "PDF": ("%PDF-1.7 <<>>", "not_html"),
    "image": ("\ufffdGIF", "not_html"),
    "text": ("Nothing but words", "not_html"),
    "JSON": ('{"a": "<p>"}', "not_html"),
    "feed": ("<?xml version='1.0'?><rss><channel><title>T</title></channel></rss>", "not_html"),
}  # fmt: skip


@pytest.mark.parametrize("name", _REFUSED)
def test_no_page(name: str, read: Read) -> None:
    markup, code = _REFUSED[name]
    assert refusal(Document(body=markup.encode(), url=URL)) == code
    with pytest.raises(UnreadableDocument) as caught:
        read(markup)
    assert caught.value.code == code
    assert say(code) != code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (200, None),
        (203, None),
        (401, "forbidden"),
        (403, "forbidden"),
        (404, "http_status"),
        (429, "throttled"),
        (500, "server_error"),
        (503, "server_error"),
        (304, "http_status"),
    ],
)
def test_status(status: int, code: str | None) -> None:
    page = Document(body=_shown("A page", "Text").encode(), url=URL)
    assert refusal(page, status) == code


@pytest.mark.parametrize(
    ("content_type", "code"),
    [
        ("text/html; charset=utf-8", None),
        ("application/xhtml+xml", None),
        ("", None),
        ("application/pdf", "not_html"),
        ("image/png", "not_html"),
        ("application/json", "not_html"),
    ],
)
def test_content_type(content_type: str, code: str | None) -> None:
    assert refusal(Document(body=b"<title>A</title>Text", url=URL, content_type=content_type)) == code


def test_the_host_may_tell_a_consent_wall() -> None:
    document = Document(body=_shown("Sites", "Choose").encode(), url="https://consent.videos.example/m?x")
    assert refusal(document) == "consent_wall"


@pytest.mark.parametrize(
    "markup",
    [
        _shown("Just a moment...", "A poem", '<meta property="og:image" content="/p.jpg">'),
        _shown("How captchas work", "<script src=g-recaptcha.js></script>", _DESCRIBED),
        _shown("Access Denied", "", '<script type="application/ld+json">{"@type": "Movie"}</script>'),
        _shown("Why to enable JavaScript", "Words of an article. " * 40 + "<script></script>"),
        _shown("Logins of the past", _BOX),
        _shown("Write to us", "Words of a page. " * 40 + '<form><div class="g-recaptcha"></div></form>'),
        _shown("A page without scripts", "Short."),
    ],
    ids=["poem", "article with a captcha", "film", "article", "article with a login", "form", "short"],
)  # fmt: skip
def test_pages_that_resemble_refusals(markup: str, read: Read) -> None:
    assert read(markup).title

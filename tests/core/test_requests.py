"""What people type after a command."""

import pytest

from core.errors import UserError
from core.requests import (
    AddRequest,
    Target,
    check_backlog,
    check_interval,
    check_url,
    parse_add,
    split_target,
)

URL = "https://site.example/feed"


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("@channel", Target(chat="@channel")),
        ("@channel/45", Target(chat="@channel", topic_id=45)),
        ("-100123", Target(chat=-100123)),
        ("-100123/45", Target(chat=-100123, topic_id=45)),
        ("https://t.me/c/123/45", Target(chat=-100123, topic_id=45)),
        ("t.me/c/123", Target(chat=-100123)),
        ("https://t.me/c/123/", Target(chat=-100123)),
    ],
)
def test_another_chat(word: str, target: Target) -> None:
    assert split_target([word, "rest"]) == (target, ["rest"])


@pytest.mark.parametrize("words", [[], [URL], ["123"], ["@ab"], ["site@channel"], ["https://t.me/channel"]])
def test_no_other_chat(words: list[str]) -> None:
    assert split_target(words) == (None, words)


def test_the_words_after_add() -> None:
    text = f"@channel/7 {URL} every=30m site.example/b?x=1 Backlog=3 as=feed {URL}"
    assert parse_add(text, interval_min_s=60) == AddRequest(
        urls=(URL, "https://site.example/b?x=1"),
        target=Target(chat="@channel", topic_id=7),
        interval_s=1800,
        backlog="3",
        kind="feed",
    )


def test_add_without_words() -> None:
    assert parse_add("", interval_min_s=60) == AddRequest(urls=())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{URL} every=soon", "every: 'soon' is no duration"),
        (f"{URL} every=5s", "every: the shortest interval here is 1m"),
        (f"{URL} backlog=some", "backlog: 'some' is no backlog"),
        (f"{URL} nonsense", "“nonsense”: this is not a web address"),
        ("ftp://site.example/", "only http and https addresses"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_add(text, interval_min_s=60)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f" {URL} ", URL),
        ("site.example", "https://site.example"),
        ("site.example:8080/a", "https://site.example:8080/a"),
        ("HTTP://Site.Example/A", "HTTP://Site.Example/A"),
        ("сайт.рф/лента", "https://сайт.рф/лента"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    assert check_url(text) == url


@pytest.mark.parametrize(
    "text", ["", "word", "localhost:8000/feed", "mailto:a@b.example", "https://", "x" * 9000]
)
def test_what_cannot_be_watched(text: str) -> None:
    with pytest.raises(UserError, match="Write it like https://example") as refused:
        check_url(text)
    assert len(str(refused.value)) < 300


def test_intervals() -> None:
    assert check_interval("1m", interval_min_s=60) == 60
    with pytest.raises(UserError, match="INTERVAL_MIN"):
        check_interval("59s", interval_min_s=60)


def test_backlogs() -> None:
    assert check_backlog(" NONE ") == "none"


@pytest.mark.parametrize(
    ("text", "select", "rules"),
    [
        ("as=list select=.card https://e.org/", ".card", None),
        ("https://e.org/ as=list select='article > h2 a'", "article > h2 a", None),
        ("select=“li.post a” https://e.org/ as=list", "li.post a", None),
        (
            'https://e.org/ as=list rules={"item": "li", "title": "a b"}',
            None,
            '{"item": "li", "title": "a b"}',
        ),
        ("select='broken https://e.org/ as=list", "'broken", None),
        ("select=' https://e.org/ as=list", "'", None),
    ],
)
def test_how_a_source_is_read(text: str, select: str | None, rules: str | None) -> None:
    request = parse_add(text, interval_min_s=60)
    assert (request.urls, request.kind) == (("https://e.org/",), "list")
    assert (request.select, request.rules) == (select, rules)


def test_the_guard_and_not_the_key_decides_about_local_names() -> None:
    assert check_url("http://rsshub:1200/feed") == "http://rsshub:1200/feed"

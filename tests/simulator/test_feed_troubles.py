"""Sites that misbehave, in virtual time."""

import gzip
from typing import Any

import httpx
import pytest
import trio
from trio.testing import MockClock

from simulation.feeds import Feed, FeedWorld, Trouble


@pytest.fixture
async def feed(web: FeedWorld) -> Feed:
    return web.add(Feed(name="news"))


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
async def test_statuses(web: FeedWorld, feed: Feed, browser: httpx.AsyncClient, status: int) -> None:
    web.trouble("news", Trouble(kind="status", status=status, retry_after="120"))
    answer = await browser.get(feed.url)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "120")
    assert web.appeared("news") == []
    assert (await browser.get(feed.url)).status_code == 200
    assert [(one.status, one.trouble) for one in web.requests] == [(status, "status"), (200, "")]


async def test_redirects(web: FeedWorld, feed: Feed, browser: httpx.AsyncClient) -> None:
    other = web.add(Feed(name="other"))
    web.trouble("news", Trouble(kind="redirect", status=301, location=other.url, count=None))
    answer = await browser.get(feed.url, follow_redirects=True)
    assert (str(answer.url), answer.history[0].status_code) == (other.url, 301)
    assert "retry-after" not in answer.history[0].headers
    assert (await browser.get(feed.url)).headers["location"] == other.url
    web.mend("news")
    assert (await browser.get(feed.url)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refuse", httpx.ConnectError),
        ("reset", httpx.ReadError),
        ("no_answer", httpx.RemoteProtocolError),
        ("half", httpx.RemoteProtocolError),
    ],
)
async def test_cuts(
    web: FeedWorld, feed: Feed, browser: httpx.AsyncClient, kind: Any, error: type[Exception]
) -> None:
    web.trouble("news", Trouble(kind=kind))
    with pytest.raises(error):
        await browser.get(feed.url)
    assert web.requests[0].status == (200 if kind == "half" else 0)
    assert web.appeared("news") == []


async def test_slow_and_dripping(
    web: FeedWorld, feed: Feed, browser: httpx.AsyncClient, autojump_clock: MockClock
) -> None:
    web.trouble("news", Trouble(kind="slow", delay_s=50), Trouble(kind="drip", delay_s=1))
    assert (await browser.get(feed.url)).content == feed.document()
    assert trio.current_time() == 50
    size = len(gzip.compress(feed.document(), mtime=0))
    assert (await browser.get(feed.url)).content == feed.document()
    assert trio.current_time() == 50 + size
    assert len(web.appeared("news")) == len(feed.entries)


async def test_hang(
    web: FeedWorld, feed: Feed, browser: httpx.AsyncClient, autojump_clock: MockClock
) -> None:
    web.trouble("news", Trouble(kind="hang"))
    with trio.move_on_after(20) as scope:
        await browser.get(feed.url)
    assert scope.cancelled_caught


@pytest.mark.parametrize("kind", ["garbage", "empty", "html"])
async def test_other_bodies(web: FeedWorld, feed: Feed, browser: httpx.AsyncClient, kind: Any) -> None:
    web.trouble("news", Trouble(kind=kind, count=2))
    answers = [await browser.get(feed.url, headers={"accept-encoding": "identity"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert [one.content == feed.document() for one in answers] == [False, False, True]
    assert "etag" not in answers[0].headers
    assert (answers[0].content == b"") == (kind == "empty")
    assert answers[0].headers["content-type"].startswith("text/html" if kind == "html" else "application/rss")


async def test_truncated_documents_are_complete_for_http(
    web: FeedWorld, feed: Feed, browser: httpx.AsyncClient
) -> None:
    web.trouble("news", Trouble(kind="truncated", count=2))
    plain = await browser.get(feed.url, headers={"accept-encoding": "identity"})
    whole = feed.document()
    assert plain.content == whole[: len(whole) // 2]
    zipped = await browser.get(feed.url)
    assert zipped.content == whole[: len(whole) // 2]
    assert web.appeared("news") == []

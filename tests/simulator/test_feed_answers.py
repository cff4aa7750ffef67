"""How sites answer: conditions, encodings, pages; in memory and on a port."""

import random
from collections.abc import Callable

import httpx
import pytest
import trio
from trio.testing import MockClock

from simulation.feeds import Feed, FeedWorld
from simulation.http import InMemoryTransport, serve


async def test_whole_then_not_modified_then_whole(web: FeedWorld, browser: httpx.AsyncClient) -> None:
    feed = web.add(Feed(name="news"))
    first = await browser.get(feed.url)
    known = {"If-None-Match": first.headers["etag"], "If-Modified-Since": first.headers["last-modified"]}
    second = await browser.get(feed.url, headers=known)
    web.publish("news")
    third = await browser.get(feed.url, headers=known)
    assert [one.status_code for one in (first, second, third)] == [200, 304, 200]
    assert second.content == b""
    assert second.headers["etag"] == first.headers["etag"] != third.headers["etag"]
    assert [(one.conditional, one.status) for one in web.requests] == [(False, 200), (True, 304), (True, 200)]
    assert first.headers["content-type"].startswith("application/rss+xml")


@pytest.mark.parametrize(
    ("validators", "sent", "status"),
    [
        ("both", {"if-none-match": '"other"'}, 200),
        ("both", {"if-none-match": "*"}, 304),
        ("both", {"if-none-match": '"x", W/ETAG'}, 304),
        ("both", {"if-none-match": '"other"', "if-modified-since": "DATE"}, 200),
        ("both", {"if-modified-since": "DATE"}, 304),
        ("both", {"if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT"}, 200),
        ("both", {"if-modified-since": "yesterday"}, 200),
        ("modified", {"if-none-match": "ETAG"}, 200),
        ("modified", {"if-modified-since": "DATE"}, 304),
        ("etag", {"if-modified-since": "DATE"}, 200),
        ("etag", {"if-none-match": "ETAG"}, 304),
        ("none", {"if-none-match": "*", "if-modified-since": "DATE"}, 200),
    ],
)
async def test_validators(
    web: FeedWorld, browser: httpx.AsyncClient, validators: str, sent: dict[str, str], status: int
) -> None:
    feed = web.add(Feed(name="news"))
    first = await browser.get(feed.url)
    known = {"ETAG": first.headers["etag"], "DATE": first.headers["last-modified"]}
    headers = dict(sent)
    for word, value in known.items():
        headers = {name: text.replace(word, value) for name, text in headers.items()}
    feed.validators = validators  # type: ignore[assignment]
    answer = await browser.get(feed.url, headers=headers)
    assert answer.status_code == status
    assert ("etag" in answer.headers) == (validators in ("both", "etag"))
    assert ("last-modified" in answer.headers) == (validators in ("both", "modified"))


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, br", "gzip"),
        ("br;q=1, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_gzip_when_asked(
    web: FeedWorld, browser: httpx.AsyncClient, accept: str, encoding: str | None
) -> None:
    feed = web.add(Feed(name="news"))
    answer = await browser.get(feed.url, headers={"accept-encoding": accept})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.content == feed.document()
    assert answer.headers["vary"] == "accept-encoding"
    other = await browser.get(feed.url, headers={"accept-encoding": "identity" if encoding else "gzip"})
    assert other.headers["etag"] != answer.headers["etag"]


async def test_pages(web: FeedWorld, browser: httpx.AsyncClient) -> None:
    feed = web.add(Feed(name="news", form="atom"))
    home = await browser.get("https://news.example/")
    assert '<link rel="alternate" type="application/atom+xml"' in home.text
    assert 'href="atom.xml"' in home.text
    entry = feed.entries[-1]
    page = await browser.get(entry.link)
    assert f'<link rel="canonical" href="{entry.link}">' in page.text
    assert (await browser.get("https://news.example/nothing")).status_code == 404
    assert (await browser.get("https://nobody.example/")).status_code == 404
    assert (await browser.post(feed.url)).status_code == 405
    assert (await browser.head(feed.url)).headers["etag"]
    assert web.page_requests == ["https://news.example/", entry.link, "https://news.example/nothing"]


async def test_appeared_is_what_somebody_could_see(
    web: FeedWorld, browser: httpx.AsyncClient, autojump_clock: MockClock
) -> None:
    feed = web.add(Feed(name="news", gap_s=None, window=2, first=0))
    web.publish("news", 3)
    await browser.head(feed.url)
    assert web.appeared("news") == []
    first = await browser.get(feed.url)
    web.publish("news")
    await browser.get(feed.url, headers={"if-none-match": first.headers["etag"]})
    assert web.appeared("news") == web.published("news")[1:]
    await trio.sleep(5)
    assert web.requests[-1].at == web.requests[0].at


async def test_over_loopback_by_path(web: FeedWorld) -> None:
    feed = web.add(Feed(name="news"))
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, web.handle)
        base = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=base, timeout=30) as client:
            answer = await client.get("/news/feed.xml")
            assert (answer.status_code, answer.content) == (200, feed.document())
            assert (await client.get("/news/")).status_code == 200
            assert (await client.get("/other/feed.xml")).status_code == 404
            by_name = await client.get("/feed.xml", headers={"host": "news.example:80"})
            assert by_name.content == answer.content
        nursery.cancel_scope.cancel()


async def test_links_of_a_local_world_lead_to_it(now: Callable[[], float]) -> None:
    local = FeedWorld(rng=random.Random(1), now=now, base="http://127.0.0.1:8000/")
    feed = local.add(Feed(name="local"))
    assert feed.url == "http://127.0.0.1:8000/local/feed.xml"
    async with httpx.AsyncClient(transport=InMemoryTransport(local.handle)) as client:
        assert [(await client.get(link)).status_code for link in local.published("local")] == [200] * 5

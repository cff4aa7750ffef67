"""One story, one post: whatever addresses it comes under, and whatever its page does."""

from collections import Counter
from collections.abc import Callable

import pytest
import trio
from trio.testing import MockClock

from simulation.feeds import Trouble
from simulation.http import Reply
from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Life, Start

STORIES = 24
Decorate = Callable[[World, str], str]
DISGUISES: dict[str, Decorate] = {
    "tracked": lambda _world, url: f"{url}?utm_source=tracked&utm_medium=rss",
    "clicked": lambda _world, url: f"{url}?fbclid=IwAR0&yclid=7",
    "short": lambda world, url: world.web.shorten(url),
    "shared": lambda world, url: world.web.shorten(f"{url}?utm_campaign=share"),
}


async def watching(life: Life, *urls: str, every: str = "20s") -> None:
    await life.says(f"/add {CHANNEL_ID} {' '.join(urls)} every={every} as=feed")
    read = "SELECT 1 FROM subscriptions WHERE primed_ms > 0"
    await life.until(lambda: len(life.rows(read)) >= len(urls))


async def test_stories_of_five_feeds_are_posted_once_each(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    original = world.feed("original", window=100)
    feeds = {name: world.feed(name, window=100) for name in DISGUISES}
    stories: list[str] = []
    story_of: dict[str, str] = {}

    def publish(count: int) -> None:
        for _ in range(count):
            title = f"Story {len(stories)}"
            [link] = world.web.publish("original", title=title)
            stories.append(link)
            story_of[link] = link
            for name in world.rng.sample(sorted(feeds), len(feeds)):
                disguised = DISGUISES[name](world, link)
                story_of[disguised] = link
                world.web.publish(name, link=disguised, title=title)

    for life_number in range(3):
        async with start(world, flood_brake=0, http_host_gap=0.2) as life:
            if not life_number:
                await watching(life, original.url, *(feed.url for feed in feeds.values()))
            publish(STORIES // 3)
            await trio.sleep(world.rng.uniform(1, 30))
    async with start(world, flood_brake=0, http_host_gap=0.2) as life:
        await life.until(lambda: {story_of[link] for link in world.links(CHANNEL_ID)} == set(stories), 3000)
        await trio.sleep(300)
        counts = Counter(story_of[link] for link in world.links(CHANNEL_ID))
        assert counts == Counter(stories), "each once"
        assert life.rows("SELECT COUNT(*) FROM queue WHERE state = 'pending'") == [(0,)]
    check(world)


WALL = b"<html><head><title>Just a moment...</title></head><body>Verify you are human</body></html>"
HTML = (("content-type", "text/html"),)
PAGES: dict[str, Reply] = {
    "hangs": Reply(cut="hang"),
    "lies about its charset": Reply(
        headers=(("content-type", "text/html; charset=utf-16"),), body=b"<title>\xff\xfe</title>"
    ),
    "leads to a private address": Reply(status=302, headers=(("location", "http://127.0.0.1/"),)),
    "asks for a captcha": Reply(headers=HTML, body=WALL),
    "weighs too much": Reply(headers=HTML, body=b"<html><head>" + b"<meta name=a>" * 800_000),
    "is forbidden": Reply(status=403, headers=HTML, body=WALL),
    "drips": Reply(headers=HTML, body=b"x" * 100, drip_s=5.0),
}


@pytest.mark.parametrize("trouble", PAGES)
async def test_a_link_is_posted_with_what_its_feed_said_where_its_page(
    autojump_clock: MockClock, world: World, start: Start, check: Check, trouble: str
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.web.page_replies["news"] = PAGES[trouble]
        links = world.web.publish("news", 2)
        await life.posted(links, timeout_s=200)
        titles = [entry.title for entry in feed.entries[-2:]]
        texts = [m.text for m in world.api.messages(CHANNEL_ID)]
        assert [title in text for title, text in zip(titles, texts, strict=True)] == [True, True]
    check(world)


async def test_a_link_without_words_is_posted_with_those_of_its_page(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        [link] = world.web.publish("news", title="Only here")
        await life.posted([link])
        assert life.rows("SELECT json_extract(page, '$.site') FROM history WHERE url = ?", link) == [
            (feed.title,)
        ]
    check(world)


async def test_a_short_link_that_cannot_be_resolved_goes_out_in_the_end(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.web.trouble("news")
        [link] = world.web.publish("news", link="https://t.co/nowhere", title="Hidden")
        await life.posted([link], timeout_s=1200)
    check(world)


async def test_pages_need_not_be_read(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    world.web.trouble("news", Trouble(kind="slow", delay_s=0.1))
    async with start(world, fetch_pages=False) as life:
        await watching(life, feed.url)
        await life.posted(world.web.publish("news", 2))
        assert world.web.page_requests == []
    check(world)

"""Feeds grow by a seeded schedule, in virtual time."""

import random
from collections.abc import Callable

import pytest
import trio
from trio.testing import MockClock

from simulation.feeds import Feed, FeedWorld


async def test_entries_appear_at_their_mean_pace(web: FeedWorld, autojump_clock: MockClock) -> None:
    web.add(Feed(name="news", gap_s=60, first=3))
    assert len(web.published("news")) == 3
    await trio.sleep(60 * 1000)
    assert 850 < len(web.published("news")) < 1150


async def test_links_are_unique_stable_and_of_their_host(web: FeedWorld, autojump_clock: MockClock) -> None:
    for name in ("a-1", "b"):
        web.add(Feed(name=name, gap_s=10))
    before = web.published("a-1")
    await trio.sleep(1000)
    links = web.published("a-1") + web.published("b")
    assert len(set(links)) == len(links)
    assert web.published("a-1")[: len(before)] == before
    assert all(link.startswith("https://a-1.example/") for link in before)
    entries = web["a-1"].entries
    assert len({one.guid for one in entries}) == len(entries)
    assert [one.published for one in entries] == sorted(one.published for one in entries)


async def test_one_seed_is_one_world(now: Callable[[], float], autojump_clock: MockClock) -> None:
    worlds = [FeedWorld(rng=random.Random(seed), now=now) for seed in (1, 1, 2)]
    for world in worlds:
        world.add(Feed(name="news", gap_s=10))
    await trio.sleep(500)
    first, same, other = [(world.published("news"), world["news"].document()) for world in worlds]
    assert first == same
    assert first != other


async def test_window_shows_the_newest_first(web: FeedWorld) -> None:
    feed = web.add(Feed(name="news", gap_s=None, window=4, first=2))
    assert [one.number for one in feed.shown] == [2, 1]
    web.publish("news", 5)
    assert [one.number for one in feed.shown] == [7, 6, 5, 4]


async def test_only_by_hand(web: FeedWorld, autojump_clock: MockClock) -> None:
    web.add(Feed(name="news", gap_s=None, first=0))
    await trio.sleep(10**6)
    assert web.published("news") == []
    [link] = web.publish("news", link="https://elsewhere.example/x?utm_source=rss", title="Shared")
    assert web.published("news") == [link] == ["https://elsewhere.example/x?utm_source=rss"]
    [second] = web.publish("news")
    assert second.endswith("-2")
    assert web["news"].entries[0].title == "Shared"


async def test_rewritten_titles_keep_their_link(web: FeedWorld) -> None:
    feed = web.add(Feed(name="news", first=1))
    link = feed.entries[0].link
    feed.rewrite(1, feed.changed_at + 5, title="Corrected")
    assert (feed.entries[0].title, feed.entries[0].link) == ("Corrected", link)


def test_addresses() -> None:
    assert Feed(name="news").url == "https://news.example/feed.xml"
    assert (
        Feed(name="news", form="json", base="http://127.0.0.1:8000/news/").url
        == "http://127.0.0.1:8000/news/feed.json"
    )
    assert Feed(name="big-news").title == "Big news & friends"


@pytest.mark.parametrize("name", ["", "News", "a.b", "-a", "a/b"])
def test_names_are_hosts(name: str) -> None:
    with pytest.raises(ValueError, match="not a host name"):
        Feed(name=name)


def test_feeds_can_be_listed() -> None:
    world = FeedWorld(rng=random.Random(1), now=lambda: 0.0)
    feeds = [world.add(Feed(name=name)) for name in ("a", "b")]
    assert list(world) == feeds

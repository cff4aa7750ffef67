"""What becomes of sources over time: hosts asked in turn, moves, ends, floods, and cards about trouble."""

from itertools import pairwise

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted
from simulation.feeds import Trouble
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

HOUR_S = 3600.0


def cards(world: World, sign: str) -> list[Accepted]:
    return [message for message in world.api.messages(OWNER_ID) if message.text.startswith(sign)]


async def watching(life: Life, *urls: str, every: str = "10m") -> None:
    await life.says(f"/add {CHANNEL_ID} {' '.join(urls)} every={every}")
    unread = "SELECT 1 FROM subscriptions WHERE primed_ms IS NULL"
    await life.until(lambda: not life.rows(unread))


async def test_sources_of_one_host_are_asked_one_after_the_other(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    for number in range(6):
        world.feed(f"sub{number}")
    urls = [f"https://all.example/sub{number}/feed.xml" for number in range(6)]
    alone = world.feed("alone")
    async with start(world, http_host_gap=5.0) as life:
        await watching(life, *urls, alone.url)
        asked = sorted(request.at for request in world.web.requests if request.feed != "alone")
        assert len(asked) == 6
        assert min(later - earlier for earlier, later in pairwise(asked)) >= 4.99
        [first_alone] = [request.at for request in world.web.requests if request.feed == "alone"]
        assert first_alone - asked[0] < 1, "another host does not wait"


async def test_sources_that_hang_hold_up_nobody(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    hanging = [world.feed(f"hang{number}") for number in range(12)]
    well = world.feed("well")
    for feed in hanging:
        world.web.trouble(feed.name, Trouble(kind="hang", count=None))
    async with start(world, http_concurrency=8, backoff_max=60.0) as life:
        await life.says(f"/add {CHANNEL_ID} {' '.join(feed.url for feed in hanging)} every=20s")
        await trio.sleep(300)
        await life.says(f"/add {CHANNEL_ID} {well.url} every=20s")
        await trio.sleep(600)
        asked = [request.at for request in world.web.requests if request.feed == "well"]
        assert max(later - earlier for earlier, later in pairwise(asked)) < 25
    check(world)


async def test_a_moved_source_is_followed_to_its_new_address(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        new_url = world.web.move("news", "paper", status=308)
        links = world.web.publish("news", 2)
        await trio.sleep(1500)
        assert life.rows("SELECT url FROM sources") == [(feed.url,)], "not believed yet"
        await life.until(lambda: life.rows("SELECT url, moved_to FROM sources") == [(new_url, None)], HOUR_S)
        links += world.web.publish("news", 1)
        await life.posted(links, timeout_s=HOUR_S)
    check(world)


async def test_a_move_onto_a_watched_source_joins_the_two_and_repeats_nothing(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        new_url = world.web.move("news", "paper")
        await watching(life, new_url)
        links = world.web.publish("news", 2)
        await life.until(
            lambda: life.rows("SELECT state FROM sources WHERE merged_into IS NOT NULL") == [("gone",)],
            HOUR_S,
        )
    async with start(world) as life:
        links += world.web.publish("news", 3)
        await life.posted(links, timeout_s=HOUR_S)
        assert len(life.rows("SELECT 1 FROM subscriptions WHERE state = 'active'")) == 1
    check(world)


async def test_a_source_that_is_gone_is_left_alone_and_told(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.web.trouble("news", Trouble(kind="status", status=410))
        await life.until(lambda: bool(cards(world, "🪦")), timeout_s=1000)
        before = len(world.web.requests)
        links = world.web.publish("news", 1)
        await trio.sleep(5 * HOUR_S)
        assert len(world.web.requests) == before
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await life.posted(links)
        await life.until(lambda: len(cards(world, "✅ “News")) == 1)
        assert cards(world, "🪦") == [], "the card is edited"
    check(world)


async def test_a_failing_source_has_one_card_that_is_edited(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed, well = world.feed("news"), world.feed("well")
    async with start(world, backoff_max=1800.0) as life:
        await watching(life, feed.url, well.url)
        world.web.trouble("news", Trouble(kind="status", status=500, count=None))
        await trio.sleep(6 * HOUR_S)
        assert cards(world, "⚠️") == []
        await life.until(lambda: len(cards(world, "⚠️")) == 1, HOUR_S)
        [card] = cards(world, "⚠️")
    async with start(world, backoff_max=1800.0) as life:
        world.web.mend("news")
        world.web.trouble("news", Trouble(kind="html", count=None))
        await life.until(lambda: "not a feed" in cards(world, "⚠️")[0].text, HOUR_S)
        assert [each.message_id for each in cards(world, "⚠️")] == [card.message_id]
        world.web.mend("news")
        await life.until(lambda: bool(cards(world, "✔️")), HOUR_S)
        assert [each.message_id for each in cards(world, "✔️")] == [card.message_id]
        await life.until(lambda: bool(cards(world, "✅ “News & friends” works again")))
    check(world)


async def test_a_broken_network_is_one_card(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feeds = [world.feed(f"feed{number}") for number in range(5)]
    async with start(world, backoff_max=1800.0) as life:
        await watching(life, *(feed.url for feed in feeds))
        for feed in feeds:
            world.web.trouble(feed.name, Trouble(kind="refuse", count=None))
        await life.until(lambda: bool(cards(world, "🌐")), timeout_s=2 * HOUR_S)
        await trio.sleep(7 * HOUR_S)
        assert (len(cards(world, "🌐")), cards(world, "⚠️")) == (1, [])
        for feed in feeds:
            world.web.mend(feed.name)
        await life.until(lambda: "works again" in cards(world, "🌐")[0].text, timeout_s=HOUR_S)
        assert len(cards(world, "🌐")) == 1
    check(world)


async def test_a_flood_is_held_until_somebody_says_what_to_do(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    one, two = world.feed("one", window=100), world.feed("two", window=100)
    async with start(world, flood_brake=5) as life:
        await watching(life, one.url, two.url)
        flood = world.web.publish("one", 6)
        world.web.publish("two", 7)
        calm = world.feed("calm")
        await watching(life, calm.url)
        few = world.web.publish("calm", 2)
        await life.until(lambda: "13 new links" in "".join(each.text for each in cards(world, "🌊")), HOUR_S)
        await life.posted(few, timeout_s=HOUR_S)
        [card] = cards(world, "🌊")
        world.api.press(OWNER_ID, OWNER_ID, card.message_id, card.buttons[0][1])
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 15, HOUR_S)
        assert [link for link in world.links(CHANNEL_ID) if link in flood] == flood
        await life.until(lambda: "will be posted" in cards(world, "🌊")[0].text)
        await trio.sleep(6 * HOUR_S)
        more = world.web.publish("one", 8)
        await life.until(lambda: len(cards(world, "🌊")) == 2, HOUR_S)
    async with start(world, flood_brake=5) as life:
        world.api.press(
            OWNER_ID, OWNER_ID, cards(world, "🌊")[1].message_id, cards(world, "🌊")[1].buttons[1][1]
        )
        await life.until(lambda: not life.rows("SELECT 1 FROM queue WHERE state = 'held'"), HOUR_S)
        assert not set(more) & set(world.links(CHANNEL_ID))
    check(world)

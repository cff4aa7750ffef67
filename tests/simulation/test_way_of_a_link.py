"""From a feed to the chats: each new link once, in order, through restarts."""

import trio
from trio.testing import MockClock

from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Start


async def test_each_new_entry_arrives_once_in_order(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await life.until(lambda: any("No. 1" in m.text for m in world.api.messages(OWNER_ID)))
        assert world.links(CHANNEL_ID) == [], "what was there before is not posted"
        new = world.web.publish("news", 5)
        await life.posted(new)
    check(world)
    assert life.error is None


async def test_answer_to_add_shows_life_at_once(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        first = await life.says(f"/add {CHANNEL_ID} {feed.url} every=5m")
        assert feed.url in first.text
        await world.api.until(lambda: "No. 1" in first.text)
        assert feed.title in first.text
        assert "checked every 5m" in first.text
        assert "next check in" in first.text
        assert "3 entries" in first.text
        assert [text for text, _ in first.buttons] == ["Send the newest now"]
        world.api.press(OWNER_ID, OWNER_ID, first.message_id, first.buttons[0][1])
        await life.posted([feed.entries[-1].link])
        world.api.press(OWNER_ID, OWNER_ID, first.message_id, first.buttons[0][1])
        await life.until(lambda: len(world.api.callback_answers) == 2)
        await life.posted([feed.entries[-1].link])


async def test_private_chat_gets_the_newest_entry_by_default(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {feed.url}")
        await life.until(lambda: feed.entries[-1].link in world.links(OWNER_ID))
        await trio.sleep(30)
        assert [link for link in world.links(OWNER_ID) if link != feed.url] == [feed.entries[-1].link]


async def test_backlog_all_posts_what_is_there_oldest_first(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news", first=4)
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} backlog=all")
        await life.posted([entry.link for entry in feed.entries])
    check(world)


async def test_restarts_neither_lose_nor_repeat(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news", gap_s=45.0)
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=20s")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        before = len(feed.entries)
    for _ in range(5):
        async with start(world) as life:
            await trio.sleep(100)
        await trio.sleep(50)
    async with start(world) as life:
        await trio.sleep(60)
        world.web["news"].gap_s = None
        feed._next_at = float("inf")
        await life.posted([entry.link for entry in feed.entries[before:]])
    assert len(feed.entries) - before > 10
    check(world)


async def test_same_link_from_two_feeds_is_posted_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    one, two = world.feed("one"), world.feed("two")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {one.url} {two.url}")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        shared = "https://shop.example/thing?utm_source=one"
        world.web.publish("one", link=shared)
        await trio.sleep(90)
        world.web.publish("two", link="https://shop.example/thing?utm_source=two")
        world.web.publish("two", link="https://shop.example/other")
        await life.posted([shared, "https://shop.example/other"])
        assert life.rows("SELECT COUNT(*) FROM verdicts WHERE verdict = 'repeat'") == [(1,)]
    check(world)


async def test_second_subscriber_of_a_known_source_gets_its_backlog(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        await trio.sleep(200)
        await life.says(f"/add {feed.url} backlog=2")
        await life.until(lambda: feed.entries[-1].link in world.links(OWNER_ID))
        posted = [link for link in world.links(OWNER_ID) if link != feed.url]
        assert posted == [entry.link for entry in feed.entries[-2:]]
        assert world.links(CHANNEL_ID) == []
    check(world)


async def test_polls_are_conditional_and_validators_survive_a_restart(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await trio.sleep(200)
    async with start(world):
        await trio.sleep(200)
    statuses = [request.status for request in world.web.requests]
    assert statuses[0] == 200
    assert set(statuses[1:]) == {304}
    assert len(statuses) > 4


async def test_parts_of_one_page_are_links_of_their_own(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("changes", first=0)
    page = f"{feed.base}/changes"
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        posted = world.web.publish("changes", link=f"{page}#v1")
        await life.posted(posted)
        for version in ("v2", "v3"):
            posted += world.web.publish("changes", link=f"{page}#{version}")
            await life.posted(posted)
        assert life.rows("SELECT fragments_differ FROM sources") == [(1,)]
    check(world)

"""Rules for what is posted, through the whole program: by source, by page, and whatever crashes meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from simulation.http import Reply
from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Life, Start

HTML = (("content-type", "text/html"),)
NEVER = Reply(headers=HTML, cut="hang")
KEYS = ("apple", "birch", "cedar", "daisy", "elder", "fern")


def shop_page(price: int) -> Reply:
    product = (
        f'{{"@type": "Product", "name": "Lamp", "offers": {{"price": "{price}", "priceCurrency": "EUR"}}}}'
    )
    text = f'<!doctype html><title>A lamp</title><script type="application/ld+json">{product}</script>'
    return Reply(headers=HTML, body=text.encode())


async def watching(life: Life, **filters: str) -> None:
    """Watch feeds by name, each by its rules."""
    urls = " ".join(life.world.web[name].url for name in filters)
    await life.says(f"/add {CHANNEL_ID} {urls} every=20s as=feed")
    read = "SELECT 1 FROM subscriptions WHERE primed_ms > 0"
    await life.until(lambda: len(life.rows(read)) >= len(filters))
    for number, rules in enumerate(filters.values(), 1):
        if rules:
            answer = await life.says(f"/filter {CHANNEL_ID} {number} {rules}")
            assert answer.text.startswith(f"Rules for No. {number}")


async def test_five_feeds_with_rules_of_their_own_post_each_story_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    names = [f"feed{number}" for number in range(5)]
    for name in names:
        world.feed(name, window=100)
    titles: dict[str, str] = {}
    async with start(world, flood_brake=0, http_host_gap=0.2) as life:
        await watching(life, **{name: f"keep title ~ {key}" for name, key in zip(names, KEYS, strict=False)})
        for number in range(6):
            title = f"Story {number} of {KEYS[number % len(KEYS)]}"
            link = f"https://feed0.example/story-{number}"
            titles[link] = title
            for name in world.rng.sample(names, len(names)):
                address = world.web.shorten(link) if name == "feed3" else f"{link}?utm_source={name}"
                world.web.publish(name, link=address, title=title)
        wanted = {title for title in titles.values() if "fern" not in title}
        await life.until(lambda: len(world.links(CHANNEL_ID)) >= len(wanted), 3000)
        await trio.sleep(300)
        posted = [title for title in titles.values() for m in world.posts(CHANNEL_ID) if title in m.text]
        assert sorted(posted) == sorted(wanted), "each once, and what nobody keeps never"
        owners = life.rows(
            """SELECT DISTINCT number, substr(history.title, -5) FROM queue
            JOIN history ON history.id = history_id
            JOIN subscriptions ON subscriptions.id = subscription_id WHERE queue.state = 'sent'"""
        )
        assert sorted(owners) == list(enumerate(KEYS[:5], 1))
    check(world)


async def test_a_price_is_waited_for_and_the_dear_one_is_dropped_with_its_rule(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    world.feed("shop")
    async with start(world) as life:
        await watching(life, shop="keep price < 50; silent price < 20")
        world.web.page_replies["shop"] = shop_page(99)
        [dear] = world.web.publish("shop")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE state = 'dropped'")))
        world.web.page_replies["shop"] = shop_page(19)
        [cheap] = world.web.publish("shop")
        await life.posted([cheap])
        assert world.posts(CHANNEL_ID)[0].silent
        assert life.rows(
            "SELECT reason FROM queue JOIN history ON history.id = history_id WHERE url = ?", dear
        ) == [("filtered: keep price < 50",)]
    check(world)


async def test_a_page_that_never_comes_hands_its_link_to_who_wants_it_as_it_is(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    for name in ("shop", "other"):
        world.feed(name)
    world.web.page_replies["shop"] = NEVER
    async with start(world, http_timeout=300.0) as life:
        await watching(life, shop="keep price < 50", other="block title ~ secret")
        [first] = world.web.publish("shop", title="Lamp")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE undecided = 1")))
        world.web.publish("other", link=first, title="Lamp")
        [second] = world.web.publish("shop", title="A secret lamp")
        world.web.publish("other", link=second, title="A secret lamp")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE state = 'dropped'")))
        assert world.links(CHANNEL_ID) == [first]
        verdicts = life.rows(
            "SELECT subscription_id, verdict FROM verdicts ORDER BY history_id, subscription_id"
        )
        assert verdicts[-4:] == [(1, "filtered"), (2, "wanted"), (1, "filtered"), (2, "filtered")]
    check(world)


@pytest.mark.parametrize("step", [4, 5, 6, 8])
async def test_a_crash_at_any_commit_changes_no_verdict(
    autojump_clock: MockClock, world: World, start: Start, check: Check, step: int
) -> None:
    for name in ("shop", "other"):
        world.feed(name)
    async with start(world) as life:
        await watching(life, shop="keep price < 50", other="tag #late title ~ a")
    world.web.page_replies["shop"] = shop_page(99)
    [link] = world.web.publish("shop", title="A lamp")
    [only] = world.web.publish("shop", title="A lamp of the shop")
    world.web.publish("other", link=link, title="A lamp")
    commits = 0

    async def counted(work: Callable[[], Any]) -> Any:
        nonlocal commits
        await trio.lowlevel.checkpoint()
        result = work()
        commits += 1
        if commits == step:
            world.pull_the_plug()
        return result

    async with start(world, run_write=counted):
        with trio.move_on_after(120):
            await world.crashed.wait()
    assert world.crashed.is_set(), "fewer commits than steps"
    world.next_life()
    async with start(world) as life:
        await trio.sleep(300)
        rows = dict(life.rows("SELECT url, queue.state FROM queue JOIN history ON history.id = history_id"))
        assert rows[only] == "dropped"
        assert (rows[link], world.links(CHANNEL_ID)) in (("sent", [link]), ("held", [link]), ("held", []))
    check(world)


async def test_the_command_shows_changes_and_tries_rules(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.feed("news", first=4)
    async with start(world) as life:
        await watching(life, news="")
        titles = [entry.title for entry in world.web["news"].entries]

        async def says(text: str) -> str:
            return (await life.says(f"/filter {text}".strip())).text

        here = str(CHANNEL_ID)
        assert "No rules for the whole chat" in await says("")
        assert (await says(f"{here} 1 block title ~ «zzz»; tag #a title ~ The")).splitlines()[1:] == [
            "1. block title ~ zzz",
            "2. tag #a title ~ The",
        ]
        tried = await says(f"{here} test 1 block title ~ the")
        assert tried.startswith("This would have stopped 4 of the last 4 links.")
        assert titles[-1] in tried
        assert "fits 0" in await says(f"{here} test 1")
        assert "fits 4" in await says(f"{here} test keep title ~ the")
        assert "1. silent price < 5" in await says(f"{here} silent price<5")
        assert "of 4 it cannot be said" in await says(f"{here} test")
        assert "1. block title ~ zzz" in await says(here)
        assert "1. tag #a" in await says(f"{here} 1 remove 1")
        assert "no rule 7" in await says(f"{here} 1 remove 7")
        assert "by its number" in await says(f"{here} 1 remove")
        assert "everything is posted" in await says(f"{here} 1 off")
        assert "block price < cheap\n              ^" in await says(f"{here} 1 block price < cheap")
        assert "number 9" in await says(f"{here} 9 block title ~ x")
        assert "number 9" in await says(f"{here} test 9")
        assert "filter: block title ~ x" in (await life.says(f'/set {here} 1 filter="block title ~ x"')).text
        assert "filter: none" in (await life.says(f"/set {here} 1 filter=off")).text
        assert "no rules to try" in await says("test")

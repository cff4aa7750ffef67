"""Feeds that misbehave: each costs itself only, and loses nothing."""

import pytest
import trio
from trio.testing import MockClock

from core.entries import Document, ParsedDocument
from core.kinds import parse_as
from simulation.feeds import Trouble
from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Start

TROUBLES = [
    Trouble(kind="status", status=404, count=3),
    Trouble(kind="status", status=429, retry_after="120", count=2),
    Trouble(kind="status", status=503, retry_after="Thu, 01 Jan 1970 00:00:00 GMT", count=2),
    Trouble(kind="status", status=500, count=3),
    Trouble(kind="slow", delay_s=30, count=2),
    Trouble(kind="drip", count=2),
    Trouble(kind="hang", count=2),
    Trouble(kind="refuse", count=3),
    Trouble(kind="reset", count=3),
    Trouble(kind="no_answer", count=3),
    Trouble(kind="half", count=2),
    Trouble(kind="garbage", count=2),
    Trouble(kind="truncated", count=2),
    Trouble(kind="empty", count=2),
    Trouble(kind="html", count=2),
    Trouble(kind="redirect", location="ftp://elsewhere.example/", count=2),
    Trouble(kind="redirect", location="https://bad.example/feed.xml", count=2),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: f"{trouble.kind}-{trouble.status}")
async def test_trouble_costs_its_feed_only_and_loses_nothing(
    autojump_clock: MockClock, world: World, start: Start, check: Check, trouble: Trouble
) -> None:
    bad, good = world.feed("bad"), world.feed("good")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {bad.url} {good.url} every=10s")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        world.web.trouble("bad", trouble)
        late = world.web.publish("bad", 2)
        early = world.web.publish("good", 2)
        await life.until(lambda: set(early) <= set(world.links(CHANNEL_ID)), timeout_s=60)
        late += world.web.publish("bad", 1)
        await life.until(lambda: set(world.links(CHANNEL_ID)) == {*early, *late}, timeout_s=4000)
        if trouble.kind != "truncated":  # a document cut in two may show a newer entry without an older one
            assert [link for link in world.links(CHANNEL_ID) if link in late] == late
        assert life.rows("SELECT errors, error FROM sources") == [(0, None), (0, None)]
    check(world)


async def test_failures_back_off_and_say_why(autojump_clock: MockClock, world: World, start: Start) -> None:
    feed = world.feed("bad")
    world.web.trouble("bad", Trouble(kind="status", status=500, count=None))
    async with start(world, backoff_max=600.0) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(4000)
        assert 8 <= len(world.web.requests) <= 20
        ((state, reason, error),) = life.rows("SELECT state, next_check_reason, error FROM sources")
        assert (state, reason, error) == ("probing", "backoff", "http_status")


async def test_retry_after_is_kept(autojump_clock: MockClock, world: World, start: Start) -> None:
    feed = world.feed("bad")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(15)
        world.web.trouble("bad", Trouble(kind="status", status=429, retry_after="900", count=1))
        await trio.sleep(15)
        asked = len(world.web.requests)
        await trio.sleep(850)
        assert len(world.web.requests) == asked
        await trio.sleep(100)
        assert len(world.web.requests) > asked


async def test_reader_that_crashes_on_a_document_marks_that_feed_only(
    autojump_clock: MockClock, world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(kind: str, document: Document, rules: str) -> ParsedDocument:
        if "bad" in document.url:
            raise RecursionError("a bug in a reader")
        return real(kind, document, rules)

    real = parse_as
    monkeypatch.setattr("actors.reader.reading.parse_as", crash)
    bad, good = world.feed("bad"), world.feed("good")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {bad.url} {good.url} every=10s as=feed")
        await trio.sleep(30)
        new = world.web.publish("good", 1)
        await life.posted(new)
        assert life.rows("SELECT error FROM sources ORDER BY id") == [("crashed",), (None,)]


async def test_many_slow_feeds_do_not_delay_the_others(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    slow = [world.feed(f"slow-{n}") for n in range(10)]
    good = world.feed("good")
    for feed in slow:
        world.web.trouble(feed.name, Trouble(kind="hang", count=None))
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} " + " ".join(f.url for f in [*slow, good]) + " every=10s")
        await trio.sleep(20)
        asked = [r for r in world.web.requests if r.feed == "good"]
        await trio.sleep(200)
        assert len([r for r in world.web.requests if r.feed == "good"]) - len(asked) >= 15


async def test_document_that_breaks_off_is_not_trusted_to_be_unchanged(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    """Its validators would hide what was cut off behind a 304 for as long as the feed does not change."""
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(15)
        new = world.web.publish("news", 3)
        world.web.trouble("news", Trouble(kind="truncated", count=1))
        await life.until(lambda: set(world.links(CHANNEL_ID)) == set(new))
    check(world)


async def test_clock_that_jumped_back_delays_nobody(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(30)
        first = world.web.publish("news", 1)
        await life.posted(first)
    world.clock_error_s = -86_400 * 300.0
    new = world.web.publish("news", 2)
    async with start(world) as life:
        await life.posted(first + new)
    check(world)

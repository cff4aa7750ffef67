"""How often sources are asked: their rhythm, their advice, and servers that want time."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import trio
from trio.testing import MockClock

from simulation.feeds import Trouble
from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Start


def _asked(world: World, name: str) -> list[float]:
    return [request.at for request in world.web.requests if request.feed == name]


async def test_lively_source_is_asked_more_often_than_a_quiet_one(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    lively = world.feed("lively", gap_s=300.0)
    quiet = world.feed("quiet")
    async with start(world, interval_default=600.0, interval_min=60.0) as life:
        await life.says(f"/add {CHANNEL_ID} {lively.url} {quiet.url} as=feed")
        await trio.sleep(2 * 3600)
        world.web.publish("quiet", 1)
        await trio.sleep(1200)
        world.web.publish("quiet", 1)
        await trio.sleep(6 * 3600)
        assert len(_asked(world, "lively")) > 1.5 * len(_asked(world, "quiet"))
        pauses = [b - a for a, b in pairwise(_asked(world, "lively"))]
        assert min(pauses) >= 55
        last = _asked(world, "quiet")[-3:]
        assert last[2] - last[1] > 3000, "a silent source falls to INTERVAL_MAX"
        lively._next_at = float("inf")
        await trio.sleep(3700)
    check(world)


async def test_every_means_exactly_that(autojump_clock: MockClock, world: World, start: Start) -> None:
    feed = world.feed("news", gap_s=30.0)
    async with start(world, interval_default=600.0, interval_min=60.0) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=30m as=feed")
        await trio.sleep(4 * 3600)
        assert 7 <= len(_asked(world, "news")) <= 10


async def test_too_often_is_no_error_and_is_heeded_by_neighbours(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feeds = [world.feed(f"sub-{n}") for n in range(2)]
    for feed in feeds:
        feed.base = f"https://{feed.name}.example"
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feeds[0].url} {feeds[1].url} every=1m as=feed")
        await trio.sleep(100)
        assert life.rows("SELECT DISTINCT domain FROM sources ORDER BY 1") == [
            ("sub-0.example",),
            ("sub-1.example",),
        ]
        world.web.trouble("sub-0", Trouble(kind="status", status=429, retry_after="1800", count=1))
        await trio.sleep(100)
        before = len(_asked(world, "sub-0"))
        await trio.sleep(1600)
        assert len(_asked(world, "sub-0")) == before
        assert life.rows("SELECT errors, error, next_check_reason FROM sources WHERE id = 1") == [
            (0, None, "retry_after")
        ]
        assert len(_asked(world, "sub-1")) > 20, "another domain is not concerned"
        await trio.sleep(400)
        assert len(_asked(world, "sub-0")) > before


async def test_throttling_without_a_time_backs_off_and_forgives(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=1m as=feed")
        await trio.sleep(100)
        world.web.trouble("news", Trouble(kind="status", status=403, count=5))
        new = world.web.publish("news", 1)
        await life.posted(new, timeout_s=9000)
        asked = _asked(world, "news")
        assert max(b - a for a, b in pairwise(asked)) > 900
        assert life.rows("SELECT errors, throttles FROM sources") == [(0, 0)]
    check(world)


async def test_each_source_is_read_in_full_once_a_day(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=2h as=feed")
        await trio.sleep(26 * 3600)
        whole = [request for request in world.web.requests if not request.conditional]
        assert len(whole) == 2
        assert {request.status for request in whole} == {200}


async def test_a_gap_that_ends_while_a_slow_disk_writes_is_not_overslept(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    """A host was busy when the claim began, and is free when it ends: nothing says when to look again."""

    async def slowly(work: Callable[[], Any], /) -> Any:
        await trio.sleep(1.5)
        return work()

    feed = world.feed("news", gap_s=15.0)
    async with start(world, run_write=slowly, flood_brake=0) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await trio.sleep(600)
        pauses = [later - earlier for earlier, later in pairwise(_asked(world, "news"))]
    assert len(pauses) > 20
    assert max(pauses) < 40, "its pages are of the same host"

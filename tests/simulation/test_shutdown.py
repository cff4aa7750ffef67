"""Ending in order: in the middle of everything, in under five seconds, without losing a receipt."""

import httpx
import pytest
import trio
from trio.testing import MockClock

from core.errors import ActorKeepsCrashing, DatabaseInUse
from simulation.botapi import Fault
from simulation.feeds import Feed, Trouble
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, LeafOf, Life, Start, Watch

LONGEST_S = 5.0


async def _stop(life: Life) -> float:
    """Stop the program and return how many seconds that took."""
    started_s = trio.current_time()
    life.stop.set()
    await life.ended.wait()
    assert life.error is None
    return trio.current_time() - started_s


@pytest.fixture
def watching(start: Start) -> Watch:
    async def prepare(world: World) -> Feed:
        feed = world.feed("news")
        async with start(world) as life:
            await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
            await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        return feed

    return prepare


async def test_idle_in_a_long_poll(autojump_clock: MockClock, world: World, start: Start) -> None:
    async with start(world) as life:
        await trio.sleep(30)
        assert await _stop(life) < LONGEST_S


async def test_in_the_middle_of_a_send_that_is_answered_in_time(
    autojump_clock: MockClock, world: World, start: Start, watching: Watch, check: Check
) -> None:
    await watching(world)
    world.api.faults.add(
        Fault(what="delay", when="after", delay_s=2.5, method="sendmessage", chat_id=CHANNEL_ID)
    )
    (link,) = world.web.publish("news")
    async with start(world) as life:
        await life.until(lambda: link in world.links(CHANNEL_ID))
        assert await _stop(life) < LONGEST_S
    assert life.rows("SELECT state FROM queue") == [("sent",)]
    check(world)


async def test_in_the_middle_of_a_send_that_is_not_answered(
    autojump_clock: MockClock, world: World, start: Start, watching: Watch, check: Check
) -> None:
    await watching(world)
    world.api.faults.add(Fault(what="hang", when="after", method="sendmessage", chat_id=CHANNEL_ID))
    (link,) = world.web.publish("news")
    async with start(world) as life:
        await life.until(lambda: link in world.links(CHANNEL_ID))
        assert await _stop(life) < LONGEST_S
    assert life.rows("SELECT state FROM queue") == [("uncertain",)]
    async with start(world) as life:
        await trio.sleep(75)
    assert life.rows("SELECT state, reason FROM queue") == [("sent", None)]
    assert world.links(CHANNEL_ID) == [link]
    check(world)


async def test_in_the_middle_of_a_slow_fetch(
    autojump_clock: MockClock, world: World, start: Start, watching: Watch, check: Check
) -> None:
    await watching(world)
    world.web.trouble("news", Trouble(kind="hang", count=None))
    async with start(world) as life:
        await trio.sleep(12)
        assert await _stop(life) < LONGEST_S
    world.web.mend("news")
    new = world.web.publish("news", 2)
    async with start(world) as life:
        await life.posted(new)
    check(world)


async def test_in_the_middle_of_a_command(autojump_clock: MockClock, world: World, start: Start) -> None:
    async with start(world) as life:
        await life.says("/start")
        world.api.faults.add(Fault(what="hang", when="before", method="sendmessage", chat_id=OWNER_ID))
        world.api.user_says(OWNER_ID, OWNER_ID, "/version")
        await trio.sleep(5)
        assert await _stop(life) < LONGEST_S
    world.api.faults.clear()
    async with start(world) as life:
        await world.api.wait_for(lambda m: m.text.startswith("Vestnik "))


async def test_while_everything_is_slow_at_once(
    autojump_clock: MockClock, world: World, start: Start, watching: Watch, check: Check
) -> None:
    await watching(world)
    world.web.trouble("news", Trouble(kind="slow", delay_s=15, count=None))
    async with start(world) as life:
        await life.says("/start")
        world.api.faults.add(
            Fault(what="hang", when="after", method="sendmessage", chat_id=CHANNEL_ID),
            Fault(what="hang", when="before", method="sendmessage", chat_id=OWNER_ID),
        )
        world.web.publish("news")
        world.api.user_says(OWNER_ID, OWNER_ID, "/version")
        await trio.sleep(40)
        assert await _stop(life) < LONGEST_S
    check(world, quiet=False)


async def test_stopped_before_it_was_ready(autojump_clock: MockClock, world: World, start: Start) -> None:
    world.api.faults.add(Fault(what="hang", when="before", method="getme"))
    async with start(world) as life:
        await trio.sleep(1)
        assert await _stop(life) < LONGEST_S


async def test_second_program_on_the_database_is_refused(
    autojump_clock: MockClock, world: World, start: Start, leaf_of: LeafOf
) -> None:
    async with start(world):
        await trio.sleep(5)
        async with start(world) as second:
            with trio.fail_after(60):
                await second.ended.wait()
            error = leaf_of(second.error)
            assert isinstance(error, DatabaseInUse)
            assert error.exit_code == 3
            assert "pid" in str(error)


async def test_crashed_actor_is_restarted_and_goes_on(
    autojump_clock: MockClock, world: World, start: Start, watching: Watch, check: Check
) -> None:
    await watching(world)
    broken = _BrokenOnce(world.web_transport)
    world.web_transport = broken
    new = world.web.publish("news", 1)
    async with start(world) as life:
        await life.posted(new)
    assert broken.broke
    check(world)


class _Broken(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        raise ZeroDivisionError("a bug in a library")


class _BrokenOnce(httpx.AsyncBaseTransport):
    def __init__(self, good: httpx.AsyncBaseTransport) -> None:
        self._good = good
        self.broke = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.broke:
            self.broke = True
            raise ZeroDivisionError("a bug in a library")
        return await self._good.handle_async_request(request)


async def test_actor_that_keeps_crashing_ends_the_program(
    autojump_clock: MockClock, world: World, start: Start, leaf_of: LeafOf
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(20)
    world.web_transport = _Broken()
    async with start(world) as life:
        await life.ended.wait()
    error = leaf_of(life.error)
    assert isinstance(error, ActorKeepsCrashing)
    assert error.exit_code == 1
    assert "poller" in str(error)

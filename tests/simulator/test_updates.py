"""Updates and the ways to ask for them, in virtual time."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from simulation.botapi import BotApi
from simulation.botapi.updates import OTHER_POLL, WEBHOOK


async def ids(call: Any, **values: Any) -> list[int]:
    return [update["update_id"] for update in await call("getUpdates", **values)]


async def test_confirmed_by_a_higher_offset_only(api: BotApi, call: Any) -> None:
    said = [api.user_says(5, 5, f"/{number}") for number in range(5)]
    assert said == list(range(said[0], said[0] + 5))
    assert await ids(call, limit=2) == said[:2]
    assert await ids(call) == await ids(call, offset=said[0]) == said
    assert await ids(call, offset=said[3]) == said[3:]
    assert await ids(call) == said[3:]
    assert api.updates.pending == 2
    assert await ids(call, offset=said[4] + 1) == []


async def test_negative_offset_keeps_the_last(api: BotApi, call: Any) -> None:
    said = [api.user_says(5, 5, "x") for _ in range(5)]
    assert await ids(call, offset=-2) == said[3:]
    assert await ids(call) == said[3:]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (7, 7), (500, 100)])
async def test_limits(api: BotApi, call: Any, asked: int, given: int) -> None:
    for _ in range(120):
        api.user_says(5, 5, "x")
    assert len(await ids(call, limit=asked)) == given


async def test_long_poll_ends_empty(call: Any, autojump_clock: MockClock) -> None:
    assert await ids(call, timeout=30) == []
    assert trio.current_time() == 30
    assert await ids(call, timeout=500) == []
    assert trio.current_time() == 80
    assert await ids(call) == []
    assert trio.current_time() == 80


async def test_long_poll_ends_with_news(api: BotApi, call: Any, autojump_clock: MockClock) -> None:
    async def later() -> None:
        await trio.sleep(7)
        api.user_says(5, 5, "x")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(later)
        assert len(await ids(call, timeout=30)) == 1
    assert trio.current_time() == 7


async def test_allowed_updates_stick(api: BotApi, call: Any) -> None:
    await call("getUpdates", allowed_updates=["my_chat_member"])
    api.user_says(5, 5, "nobody listens")
    await call("getUpdates")
    wanted = api.people.set_bot_status(-10, 5, "administrator")
    assert await ids(call) == [wanted]
    assert len(api.updates.unwanted) == 1
    await call("getUpdates", allowed_updates=[])
    heard = api.user_says(5, 5, "heard")
    assert await ids(call, offset=wanted + 1) == [heard]


async def test_some_kinds_come_only_when_asked_for(api: BotApi, call: Any) -> None:
    api.updates.add("chat_member", {})
    assert await ids(call) == []
    await call("getUpdates", allowed_updates=["chat_member"])
    api.updates.add("chat_member", {})
    assert len(await ids(call)) == 1


async def test_older_of_two_long_polls_is_told(call: Any, autojump_clock: MockClock) -> None:
    told: list[tuple[float, str]] = []

    async def poll() -> None:
        told.append((trio.current_time(), await call.error("getUpdates", timeout=50)))
        told.append((trio.current_time(), "ended"))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(poll)
        await trio.sleep(10)
        assert await ids(call, timeout=20) == []
    assert [text for _, text in told] == [f"409 {OTHER_POLL}", "ended"]
    assert told[-1][0] == 10
    assert trio.current_time() == 30


async def test_conflicts_are_slowed_down(call: Any, autojump_clock: MockClock) -> None:
    ended: list[float] = []

    async def poll() -> None:
        assert (await call.error("getUpdates", timeout=50)).startswith("409 ")
        ended.append(trio.current_time())

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(poll)
            await trio.sleep(1)
        assert await ids(call, timeout=10) == []
    assert ended == [1, 5, 6]


async def test_short_polls_and_polls_that_find_something_never_conflict(
    api: BotApi, call: Any, autojump_clock: MockClock
) -> None:
    found: list[int] = []

    async def poll() -> None:
        found.extend(await ids(call, timeout=50))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(poll)
        await wait_all_tasks_blocked()
        assert await ids(call) == []
        said = api.user_says(5, 5, "x")
        assert await ids(call, timeout=50) == [said]
    assert found == [said]


async def test_cancelled_poll_leaves_no_trace(call: Any, autojump_clock: MockClock) -> None:
    with trio.move_on_after(5):
        await call("getUpdates", timeout=50)
    assert await ids(call, timeout=10) == []


async def test_webhook_is_a_conflict_too(api: BotApi, call: Any, autojump_clock: MockClock) -> None:
    api.updates.webhook_url = "https://hook.example/"
    api.user_says(5, 5, "x")
    assert await call.error("getUpdates") == f"409 {WEBHOOK}"
    assert await call("deleteWebhook")
    assert len(await ids(call)) == 1
    assert await call("deleteWebhook", drop_pending_updates=True)
    assert await ids(call) == []

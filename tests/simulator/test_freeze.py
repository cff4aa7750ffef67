"""What a crash leaves of the world, and waiting for the world to change."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from simulation.botapi import Accepted, BotApi, Fault


async def hangs(call: Any, method: str, **values: Any) -> bool:
    with trio.move_on_after(1000) as scope:
        await call.raw(method, **values)
    return scope.cancelled_caught


async def test_frozen_world_records_and_answers_nothing(
    api: BotApi, call: Any, autojump_clock: MockClock
) -> None:
    await call("sendMessage", chat_id=5, text="before")
    api.freeze()
    assert api.frozen
    assert await hangs(call, "sendMessage", chat_id=5, text="after")
    assert await hangs(call, "getMe")
    assert [one.text for one in api.journal] == ["before"]
    api.thaw()
    await call("sendMessage", chat_id=5, text="again")
    assert [one.text for one in api.journal] == ["before", "again"]


async def test_crash_at_the_commit_loses_the_answer(
    api: BotApi, call: Any, autojump_clock: MockClock
) -> None:
    def crash(_message: Accepted) -> None:
        api.freeze()

    api.on_accepted.append(crash)
    assert await hangs(call, "sendMessage", chat_id=5, text="x")
    assert len(api.journal) == 1


@pytest.mark.parametrize("outlives", [True, False])
async def test_requests_under_way_stay_unanswered(
    api: BotApi, call: Any, outlives: bool, autojump_clock: MockClock
) -> None:
    ended: list[str] = []

    async def old(method: str, **values: Any) -> None:
        await call.raw(method, **values)
        ended.append(method)

    api.faults.add(Fault(what="delay", method="sendMessage", delay_s=60, outlives_freeze=outlives))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: old("sendMessage", chat_id=5, text="late"))
        nursery.start_soon(lambda: old("getUpdates", timeout=30))
        await wait_all_tasks_blocked()
        api.freeze()
        api.thaw()
        await trio.sleep(100)
        assert [one.text for one in api.journal] == (["late"] if outlives else [])
        assert ended == []
        nursery.cancel_scope.cancel()


async def test_wait_for_a_message(api: BotApi, call: Any, autojump_clock: MockClock) -> None:
    async def talk() -> None:
        for number in range(3):
            await trio.sleep(10)
            await call("sendMessage", chat_id=5, text=str(number))
        await call("editMessageText", chat_id=5, message_id=api.journal[0].message_id, text="done")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(talk)
        assert (await api.wait_for(lambda one: one.text == "1")).text == "1"
        assert trio.current_time() == 20
        assert (await api.wait_for(lambda one: one.text == "0")).message_id == api.journal[0].message_id
        assert (await api.wait_for(lambda one: one.chat_id == 5, since=2)).text == "2"
        assert (await api.wait_for(lambda one: one.text == "done")) is api.journal[0]
        await api.until(lambda: len(api.calls) == 4)


async def test_wait_ends(api: BotApi, autojump_clock: MockClock) -> None:
    with pytest.raises(trio.TooSlowError):
        await api.wait_for(lambda _one: True, timeout_s=7)
    assert trio.current_time() == 7

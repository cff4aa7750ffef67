"""Work that may finish when the program ends."""

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from actors.graceful import Grace, finishing


async def test_without_an_end_nothing_is_bounded(autojump_clock: MockClock) -> None:
    async with finishing() as grace:
        with grace.step(1) as step:
            await trio.sleep(100)
        assert not step.cancelled_caught
        assert not grace.stopping
    assert trio.current_time() == 100


@pytest.mark.parametrize(("needs_s", "ends_s"), [(2, 12), (3.5, 13)])
async def test_a_step_under_way_gets_its_seconds_from_the_end(
    needs_s: float, ends_s: float, autojump_clock: MockClock
) -> None:
    done: list[bool] = []
    with trio.move_on_after(10) as program:
        async with finishing() as grace:
            with grace.step(3) as step:
                await trio.sleep(10 + needs_s)
            done.append(not step.cancelled_caught)
            assert grace.stopping
    assert trio.current_time() == ends_s
    assert done == [needs_s < 3]
    assert program.cancelled_caught == program.cancel_called


async def test_a_step_begun_after_the_end_gets_its_own_seconds(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:

        async def work() -> None:
            async with finishing() as grace:
                with grace.step(3):
                    await trio.sleep(100)
                assert trio.current_time() == 13
                with grace.step(1) as receipt:
                    await trio.sleep(0.5)
                assert not receipt.cancelled_caught
                with grace.step(1) as receipt:
                    await trio.sleep(100)
                assert receipt.cancelled_caught
            pytest.fail("the cancelled task went on behind its block")

        nursery.start_soon(work)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    assert trio.current_time() == 14.5


async def test_a_second_end_does_not_lengthen_a_step(autojump_clock: MockClock) -> None:
    grace = Grace()
    with grace.step(3) as step:
        grace.stop()
        await trio.sleep(2)
        grace.stop()
        assert step.deadline == 3


async def test_an_end_that_came_before_is_known_at_the_first_wait(autojump_clock: MockClock) -> None:
    with trio.CancelScope() as program:
        program.cancel()
        async with finishing() as grace:
            with grace.step(2):
                await trio.sleep(100)
            assert grace.stopping
    assert trio.current_time() == 2


async def test_errors_get_out(autojump_clock: MockClock) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(KeyError, match="lost")):
        async with finishing():
            raise KeyError("lost")


async def test_many_works_end_side_by_side(autojump_clock: MockClock) -> None:
    ended: list[float] = []

    async def work(seconds: float) -> None:
        async with finishing() as grace:
            with grace.step(seconds):
                await trio.sleep(100)
            ended.append(trio.current_time())

    async with trio.open_nursery() as nursery:
        for seconds in (3, 1, 2):
            nursery.start_soon(work, seconds)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert ended == [1, 2, 3]


async def test_one_grace_serves_works_that_come_and_go(autojump_clock: MockClock) -> None:
    grace = Grace()
    ended: dict[str, float] = {}

    async def work(name: str, begins_s: float, steps: int) -> None:
        await trio.sleep(begins_s)
        for _ in range(steps):
            with grace.step(3):
                await trio.sleep(4)
        ended[name] = trio.current_time()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(grace.watch)
        nursery.start_soon(work, "over before", 0, 1)
        nursery.start_soon(work, "in its first step", 9, 1)
        nursery.start_soon(work, "with a step to come", 9, 2)
        nursery.start_soon(work, "not begun", 11, 1)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    assert ended == {"over before": 4, "in its first step": 13, "with a step to come": 16}

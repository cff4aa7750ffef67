"""Runners of blocking work."""

import threading
from collections.abc import Callable

import pytest
import trio

from actors.running import in_threads, inline


async def test_inline_runs_here() -> None:
    assert await inline(threading.get_ident) == threading.get_ident()


async def test_inline_is_a_checkpoint_before_the_work() -> None:
    done: list[int] = []
    with trio.move_on_after(0) as scope:
        await inline(lambda: done.append(1))
    assert scope.cancelled_caught
    assert done == []


async def test_threads_run_elsewhere() -> None:
    assert await in_threads(1)(threading.get_ident) != threading.get_ident()


@pytest.mark.parametrize("count", [1, 3])
async def test_no_more_threads_than_allowed(count: int) -> None:
    run = in_threads(count)
    inside, most = 0, 0
    lock = threading.Lock()
    everybody = threading.Barrier(count)

    def work() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        # All that may run together meet here; one more would be seen, one less would wait in vain.
        everybody.wait(timeout=30)
        with lock:
            inside -= 1

    async with trio.open_nursery() as nursery:
        for _ in range(count * 4):
            nursery.start_soon(run, work)
    assert most == count


@pytest.mark.parametrize("runner", [inline, in_threads(1)], ids=["inline", "thread"])
async def test_errors_come_back(runner: Callable[[Callable[[], None]], object]) -> None:
    def work() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        await runner(work)  # type: ignore[misc] # a runner of either kind


async def test_cancellation_waits_for_the_work_to_end() -> None:
    run = in_threads(1)
    started, go_on = trio.Event(), threading.Event()
    done: list[str] = []

    def work() -> None:
        trio.from_thread.run_sync(started.set)
        go_on.wait(timeout=30)
        done.append("work")

    async def call() -> None:
        try:
            await run(work)
        finally:
            done.append("caller")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(call)
        await started.wait()
        nursery.cancel_scope.cancel()
        go_on.set()
    assert done == ["work", "caller"]

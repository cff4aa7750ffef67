"""Trying again for as long as it takes."""

import pytest
import trio
from trio.testing import MockClock

from actors.insisting import insist
from core.errors import StorageBroken, StorageFull, TransientError


async def test_it_is_done_when_it_works(autojump_clock: MockClock) -> None:
    failures: list[Exception] = [
        StorageFull("full", retry_after_s=10),
        TransientError("busy", retry_after_s=5),
    ]
    tried_at: list[float] = []

    async def action() -> str:
        tried_at.append(trio.current_time())
        await trio.lowlevel.checkpoint()
        if failures:
            raise failures.pop(0)
        return "done"

    assert await insist(action) == "done"
    assert tried_at == [0, 10, 15]


@pytest.mark.parametrize("error", [ValueError("no"), StorageBroken("no")])
async def test_what_does_not_pass_by_itself_is_not_insisted_on(
    error: Exception, autojump_clock: MockClock
) -> None:
    async def action() -> None:
        await trio.lowlevel.checkpoint()
        raise error

    with pytest.raises(type(error), match="no"):
        await insist(action)
    assert trio.current_time() == 0


async def test_the_end_of_the_program_ends_it(autojump_clock: MockClock) -> None:
    async def action() -> None:
        await trio.lowlevel.checkpoint()
        raise TransientError("for ever", retry_after_s=10)

    with trio.move_on_after(35) as program:
        await insist(action)
    assert program.cancelled_caught
    assert trio.current_time() == 35

"""Wake-up calls."""

import trio
from trio.testing import MockClock

from actors.doorbell import Doorbell


async def test_nobody_rings(autojump_clock: MockClock) -> None:
    assert await Doorbell().wait(30) is False
    assert trio.current_time() == 30


async def test_ringing_wakes_whoever_waits(autojump_clock: MockClock) -> None:
    bell = Doorbell()

    async def ring() -> None:
        await trio.sleep(5)
        bell.ring()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ring)
        assert await bell.wait(30) is True
    assert trio.current_time() == 5


async def test_many_rings_are_one_and_are_kept(autojump_clock: MockClock) -> None:
    bell = Doorbell()
    for _ in range(3):
        bell.ring()
    assert await bell.wait(30) is True
    assert trio.current_time() == 0
    assert await bell.wait(30) is False


async def test_a_time_that_has_passed_is_no_wait(autojump_clock: MockClock) -> None:
    assert await Doorbell().wait(-5) is False
    assert trio.current_time() == 0

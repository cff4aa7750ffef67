"""How many fetches may be under way."""

import trio
from trio.testing import MockClock

from actors.traffic import Traffic


async def test_those_that_hung_have_a_quarter_of_the_room(autojump_clock: MockClock) -> None:
    traffic = Traffic(concurrency=8)
    assert traffic.free_for_hung() == 2
    for key in range(2):
        traffic.begin(key, hung=True)
    assert (traffic.free(), traffic.free_for_hung()) == (6, 0)
    traffic.end(0)
    assert (traffic.free(), traffic.free_for_hung()) == (7, 1)


async def test_room_is_waited_for(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    traffic = Traffic(concurrency=1)
    await traffic.wait_for_room()
    traffic.begin(1)

    async def end_later() -> None:
        await trio.sleep(1.5)
        traffic.end(1)

    nursery.start_soon(end_later)
    start_s = trio.current_time()
    await traffic.wait_for_room()
    assert trio.current_time() - start_s == 1.5


async def test_slow_fetches_make_room_for_others_up_to_a_limit(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    traffic = Traffic(concurrency=2)
    start_s = trio.current_time()
    for key in range(6):
        await traffic.wait_for_room()
        traffic.begin(key)
    assert trio.current_time() - start_s == 4, "two at a time, and two seconds for each"

    async def end_later() -> None:
        await trio.sleep(100)
        traffic.end(3)

    nursery.start_soon(end_later)
    await traffic.wait_for_room()
    assert trio.current_time() - start_s == 104, "four are slow, and no more may be"
    assert traffic.free() == 1


async def test_rounding_does_not_make_it_turn_on_the_spot() -> None:
    """A time at which `start + 2` and `now - 2` disagree by the last bit."""
    clock = iter([10_000.1, *[10_002.099_999_999_999] * 3, *[10_002.1] * 100])
    traffic = Traffic(concurrency=1, clock=lambda: next(clock))
    traffic.begin(1)
    with trio.fail_after(5):
        await traffic.wait_for_room()

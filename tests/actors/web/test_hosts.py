"""Which hosts may be asked when."""

import trio
from trio.testing import MockClock

from actors.web import Hosts


async def test_a_host_is_left_alone_for_its_gap(autojump_clock: MockClock) -> None:
    hosts = Hosts(per_host=2, gap_s=1.0)
    assert hosts.next_start_in_s() is None
    hosts.begin("a")
    await trio.sleep(0.5)
    hosts.begin("b")
    assert hosts.busy() == {"a", "b"}
    assert hosts.next_start_in_s() == 0.5
    await trio.sleep(0.5)
    assert hosts.busy() == {"b"}
    await trio.sleep(0.5)
    assert hosts.busy() == set()


async def test_a_host_has_so_many_fetches_at_once(autojump_clock: MockClock) -> None:
    hosts = Hosts(per_host=2, gap_s=0.0)
    hosts.begin("a")
    assert hosts.busy() == set()
    hosts.begin("a")
    assert hosts.busy() == {"a"}
    hosts.end("a")
    assert hosts.busy() == set()


async def test_further_requests_to_a_host_keep_its_gap_too(autojump_clock: MockClock) -> None:
    hosts = Hosts(gap_s=1.0)
    starts: list[float] = []

    async def two() -> None:
        for _ in range(2):
            await hosts.wait_for_turn("a")
            starts.append(trio.current_time())

    async with trio.open_nursery() as both:
        both.start_soon(two)
        both.start_soon(two)
    assert [round(later - starts[0], 6) for later in starts] == [0, 1, 2, 3]
    assert hosts.busy() == {"a"}


async def test_a_host_whose_gap_ended_since_it_was_found_busy_is_looked_at_again(
    autojump_clock: MockClock,
) -> None:
    hosts = Hosts(gap_s=1.0)
    hosts.begin("a")
    assert hosts.busy() == {"a"}
    assert hosts.look_again_in_s() == 1
    await trio.sleep(1.5)
    assert hosts.next_start_in_s() is None
    assert hosts.look_again_in_s() <= 1, "nothing else says that it is free"

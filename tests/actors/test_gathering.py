"""Reports that wait for each other."""

from functools import partial

import trio
from trio.testing import MockClock

from actors.gathering import Gathering


class Poller:
    """Fetches that take their time, and when each report went on."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.went_on: dict[str, float] = {}

    async def poll(self, name: str, takes_s: float, *, quiet: bool = True) -> None:
        with self.gathering.fetching():
            await trio.sleep(takes_s)
        if quiet:
            await self.gathering.wait()
        self.went_on[name] = trio.current_time()


async def test_reports_go_on_with_the_last_one_whatever_it_brings(autojump_clock: MockClock) -> None:
    for last_is_quiet in (True, False):
        poller = Poller()
        began_s = trio.current_time()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(poller.poll, "a", 0.25)
            nursery.start_soon(poller.poll, "b", 0.5)
            nursery.start_soon(partial(poller.poll, "c", 1.0, quiet=last_is_quiet))
        assert set(poller.went_on.values()) == {began_s + 1.0}


async def test_one_alone_does_not_wait(autojump_clock: MockClock) -> None:
    poller = Poller()
    await poller.poll("a", 1.0)
    assert poller.went_on == {"a": 1.0}


async def test_nobody_waits_longer_than_two_seconds(autojump_clock: MockClock) -> None:
    poller = Poller()
    async with trio.open_nursery() as nursery:
        for name, takes_s in (("slow", 20.0), ("a", 1.0), ("b", 2.0), ("c", 4.0)):
            nursery.start_soon(poller.poll, name, takes_s)
    assert poller.went_on == {"a": 3.0, "b": 3.0, "c": 6.0, "slow": 20.0}


async def test_many_do_not_wait_for_more(autojump_clock: MockClock) -> None:
    poller = Poller()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(poller.poll, "slow", 20.0)
        for number in range(16):
            nursery.start_soon(poller.poll, str(number), 1.0)
    assert sum(at_s == 1.0 for at_s in poller.went_on.values()) == 16


async def test_who_is_cancelled_holds_up_nobody(autojump_clock: MockClock) -> None:
    poller = Poller()
    with trio.move_on_after(0.5):
        await poller.poll("gone", 1.0)
    await poller.poll("a", 1.0)
    assert poller.went_on == {"a": 1.5}

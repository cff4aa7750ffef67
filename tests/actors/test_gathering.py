"""Reports that wait for each other."""

from collections.abc import Sequence
from functools import partial

import pytest
import trio
from trio.testing import MockClock

from actors.gathering import Gathering, Together
from core.protocol import PollOutcome, PollReport, SourceId


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


class Book:
    """What was written in which batch; each takes a second."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.told: dict[int, int] = {}
        self.together = Together(self._write)

    async def _write(self, reports: Sequence[PollReport]) -> list[PollOutcome]:
        taken = [int(report.source_id) for report in reports]
        await trio.sleep(1)
        self.batches.append(taken)
        return [PollOutcome(next_check_ms=number) for number in taken]

    async def poll(self, number: int, after_s: float) -> None:
        await trio.sleep(after_s)
        report = PollReport(source_id=SourceId(number), status="not_modified")
        outcome = await self.together.record(report)
        self.told[number] = outcome.next_check_ms


async def test_what_comes_during_a_write_makes_up_the_next(autojump_clock: MockClock) -> None:
    book = Book()
    async with trio.open_nursery() as nursery:
        for number, after_s in enumerate((0.0, 0.2, 0.4, 0.6, 1.2, 5.0)):
            nursery.start_soon(book.poll, number, after_s)
    assert book.batches == [[0], [1, 2, 3], [4], [5]]
    assert book.told == {number: number for number in range(6)}


async def test_a_write_that_fails_ends_all_that_wait_for_it(autojump_clock: MockClock) -> None:
    async def fail(_: Sequence[PollReport]) -> Sequence[PollOutcome]:
        await trio.sleep(1)
        raise OSError("no disk")

    book = Book()
    book.together = Together(fail)

    async def poll_three() -> None:
        async with trio.open_nursery() as nursery:
            for number in range(3):
                nursery.start_soon(book.poll, number, number / 10)

    with pytest.raises(ExceptionGroup) as caught:
        await poll_three()
    assert caught.group_contains(OSError, match="no disk")
    assert book.told == {}

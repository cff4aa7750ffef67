"""The store as its callers see it."""

import pytest
import trio
from sqlite_utils import Database
from trio.testing import MockClock

from actors.running import inline
from core.errors import TransientError
from store.client import Reply, Store, WriteRequest


def double(_db: Database, number: int, *, plus: int = 0) -> int:
    return number * 2 + plus


@pytest.fixture
def ends() -> tuple[Store, trio.MemoryReceiveChannel[WriteRequest]]:
    """A store, and the end of its channel where the writer would be."""
    send, receive = trio.open_memory_channel[WriteRequest](0)
    return Store(send, Database(memory=True), inline), receive


Ends = tuple[Store, trio.MemoryReceiveChannel[WriteRequest]]


async def test_a_write_is_a_function_that_travels(ends: Ends, autojump_clock: MockClock) -> None:
    store, requests = ends
    results: list[int] = []

    async def call() -> None:
        results.append(await store.write(double, 4, plus=1))
        results.append(await store.write_first(double, 5))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(call)
        for urgent in (False, True):
            request = await requests.receive()
            assert (request.name, request.urgent) == ("test_client.double", urgent)
            request.reply.put(Reply(value=request.work(Database(memory=True))))
    assert results == [9, 10]


async def test_errors_come_back_as_they_are(ends: Ends, autojump_clock: MockClock) -> None:
    store, requests = ends
    error = ValueError("no")

    async def answer() -> None:
        (await requests.receive()).reply.put(Reply(error=error))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(answer)
        with pytest.raises(ValueError, match="no") as raised:
            await store.write(double, 1)
    assert raised.value is error


async def test_a_writer_that_ended_before_it_took_the_request(ends: Ends, autojump_clock: MockClock) -> None:
    store, requests = ends
    requests.close()
    with pytest.raises(TransientError, match="the writer has ended") as ended:
        await store.write(double, 1)
    assert ended.value.retry_after_s == 1


async def test_a_writer_that_ends_without_an_answer(ends: Ends, autojump_clock: MockClock) -> None:
    store, requests = ends

    async def drop() -> None:
        (await requests.receive()).reply.close()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(drop)
        with pytest.raises(TransientError, match="the writer has ended"):
            await store.write(double, 1)


async def test_each_clone_keeps_the_channel_open(ends: Ends, autojump_clock: MockClock) -> None:
    store, requests = ends
    with store.clone() as clone:
        store.close()
        with pytest.raises(TransientError):
            await store.write(double, 1)
        with pytest.raises(trio.WouldBlock):
            requests.receive_nowait()
        assert await clone.read(double, 3) == 6
    with pytest.raises(trio.EndOfChannel):
        requests.receive_nowait()


async def test_reading_goes_past_the_writer(ends: Ends, autojump_clock: MockClock) -> None:
    store, requests = ends
    requests.close()
    assert await store.read(double, 3, plus=1) == 7

"""Faults that take time, in virtual time."""

import httpx
import pytest
import trio
from trio.testing import MockClock

from simulation.http import InMemoryTransport, Reply, Request


def client_of(reply: Reply, *, timeout_s: float | None = None) -> httpx.AsyncClient:
    async def handler(_request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        return reply

    return httpx.AsyncClient(
        transport=InMemoryTransport(handler), base_url="http://site.example", timeout=timeout_s
    )


async def test_delay(autojump_clock: MockClock) -> None:
    async with client_of(Reply(body=b"late", delay_s=30)) as client:
        assert (await client.get("/")).text == "late"
    assert trio.current_time() == 30


async def test_drip(autojump_clock: MockClock) -> None:
    async with client_of(Reply(body=b"0123456789", drip_s=2)) as client:
        assert (await client.get("/")).text == "0123456789"
    assert trio.current_time() == 20


async def test_hang_lasts_for_ever(autojump_clock: MockClock) -> None:
    async with client_of(Reply(cut="hang")) as client:
        with trio.move_on_after(10**6) as scope:
            await client.get("/")
    assert scope.cancelled_caught


@pytest.mark.parametrize("reply", [Reply(cut="hang"), Reply(delay_s=6), Reply(body=b"0123", drip_s=6)])
async def test_time_out_of_the_client_holds(reply: Reply, autojump_clock: MockClock) -> None:
    async with client_of(reply, timeout_s=5) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/")
    assert trio.current_time() == 5


async def test_slow_drips_within_the_time_out(autojump_clock: MockClock) -> None:
    async with client_of(Reply(body=b"0123", drip_s=4), timeout_s=5) as client:
        assert (await client.get("/")).text == "0123"


@pytest.mark.parametrize("far", [True, False])
async def test_a_server_of_its_own_goes_on(far: bool, autojump_clock: MockClock) -> None:
    committed = False

    async def handler(_request: Request) -> Reply:
        nonlocal committed
        await trio.sleep(10)
        committed = True
        return Reply()

    async with trio.open_nursery() as machine:
        transport = InMemoryTransport(handler, nursery=machine if far else None)
        async with httpx.AsyncClient(transport=transport, base_url="http://a.example", timeout=5) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/")
            await trio.sleep(10)
            assert committed is far


async def test_a_server_of_its_own_answers(autojump_clock: MockClock) -> None:
    async def handler(_request: Request) -> Reply:
        await trio.sleep(1)
        return Reply(body=b"far")

    async with trio.open_nursery() as machine:
        transport = InMemoryTransport(handler, nursery=machine)
        async with httpx.AsyncClient(transport=transport, base_url="http://a.example") as client:
            assert (await client.get("/")).text == "far"

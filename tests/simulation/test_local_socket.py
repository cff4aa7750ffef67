"""Commands of the terminal beside a bot that runs: over a real socket, as the bot's own writes."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

import supervisor
from actors import local_socket
from actors.running import inline
from cli.adopt_command import adopt
from cli.import_command import take
from cli.starting import real_environment
from cli.writing import writing
from core.chat_export import ExportedChat
from core.errors import DatabaseInUse, TransientError
from core.incoming import Ways
from core.protocol import Place
from simulation.world import CHANNEL_ID, World
from store import adding, calls, chats, removing
from store.adding import Wish
from store.client import Storage
from store.lock import socket_path
from tests.simulation.running import Check, Start

pytestmark = pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="Linux tells who asks")
HERE = Place(chat_id=CHANNEL_ID)
PING = calls.write_request(chats.ensure, (CHANNEL_ID,), {})


async def _served(world: World) -> Path:
    path = socket_path(world.database)
    with trio.fail_after(60):
        while not path.exists():  # noqa: ASYNC110 - a file
            await trio.sleep(0.1)
    return path


async def _end_of(stream: trio.SocketStream) -> bytes:
    """Return all that is said until the other side closes."""
    said = b""
    try:
        while piece := await stream.receive_some():
            said += piece
    except trio.BrokenResourceError:
        pass
    return said


@asynccontextmanager
async def _socket_alone(world: World, users: frozenset[int] | None = None) -> AsyncIterator[str]:
    """Run the writer and the socket, and nothing else."""
    env = replace(real_environment(world.settings()), run_write=inline, run_read=inline)
    async with supervisor.storage(env) as (store, boot_id), trio.open_nursery() as nursery:
        ctx = supervisor.context_for(env, store, boot_id)
        await nursery.start(partial(local_socket.run, ctx, users=users))
        yield os.fspath(socket_path(world.database))
        nursery.cancel_scope.cancel()


async def _add(storage: Storage, url: str) -> int:
    wish = Wish(place=HERE, url=url, kind="feed", backlog="all")
    return (await storage.write(adding.add, wish, now_ms=0)).number


async def test_what_a_command_writes_goes_out_at_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        path = await _served(world)
        assert path.stat().st_mode & 0o777 == 0o600
        async with writing(real_environment(world.settings())) as storage:
            assert await _add(storage, feed.url) == 1
            assert await _add(storage, feed.url) == 1, "safe to repeat"
            await life.posted([entry.link for entry in feed.entries])
            ended = await storage.write(removing.remove, chat_id=CHANNEL_ID, which="1", now_ms=0)
            assert [each.url for each in ended.sources] == [feed.url]
    assert not path.exists()
    check(world)


async def test_lists_and_histories_are_taken_in_batches(
    autojump_clock: MockClock, world: World, start: Start, tmp_path: Path, check: Check
) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("".join(f"https://{n}.example/f\n" for n in range(250)) + "nonsense\n")
    messages = ",".join(
        f'{{"id":{n},"type":"message","date_unixtime":"1700000000","text":"",'
        f'"text_entities":[{{"type":"link","text":"https://a.example/{n}"}}]}}'
        for n in range(1500)
    )
    history = tmp_path / "result.json"
    history.write_text(f'{{"name":"C","type":"public_channel","id":1,"messages":[{messages}]}}')
    env = real_environment(world.settings())
    async with start(world) as life:
        await _served(world)
        async with writing(env) as storage:
            wish = Wish(place=HERE, url="", backlog="none")
            taking = await take(env, storage, listed, 9999, wish, Ways(interval_min_s=1.0, topics={}))
        assert (taking.new, taking.taken, len(taking.troubles)) == (250, 250, 1)
        await adopt(env, history, 9999, ExportedChat(chat_id=CHANNEL_ID, chat_type="channel", name="C"))
        assert life.rows("SELECT COUNT(*) FROM queue WHERE reason = 'adopted'") == [(1500,)]
    check(world)


async def test_clients_that_misbehave_end_only_themselves(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world):
        path = os.fspath(await _served(world))
        for bad in (b"\n", b"GET / HTTP/1.1\r\n", b"\xff\x00\n", PING[:20] + b"\n"):
            async with await trio.open_unix_socket(path) as client:
                await client.send_all(bad)
                assert b'"error"' in await client.receive_some()
        async with await trio.open_unix_socket(path) as client:
            await client.send_all(PING[:-5])  # and is gone
        async with await trio.open_unix_socket(path) as client:
            with pytest.raises(trio.BrokenResourceError):
                await client.send_all(b"x" * 4 * calls.LONGEST_LINE_BYTES)
        async with await trio.open_unix_socket(path) as client:
            odd = b'{"v":2,"do":"chats.ensure","with":{"chat_id":' + b"9" * 100 + b"}}\n"
            await client.send_all(odd)
            assert b"cannot be written down" in await client.receive_some()
            await client.send_all(PING)
            assert await client.receive_some() == b'{"value":null}\n', "the same connection goes on"


async def test_a_crowd_and_the_silent_are_sent_away(autojump_clock: MockClock, world: World) -> None:
    async with _socket_alone(world) as path:
        crowd = [await trio.open_unix_socket(path) for _ in range(4)]
        for client in crowd:
            await client.send_all(PING)
            await client.receive_some()
        async with writing(real_environment(world.settings())) as storage:
            with pytest.raises(TransientError, match="too many commands"):
                await _add(storage, "https://a.example/f")
        with trio.fail_after(1000):
            for client in crowd:
                async with client:
                    assert await _end_of(client) == b"", "silent for a quarter of an hour"
        async with writing(real_environment(world.settings())) as storage:
            assert await _add(storage, "https://a.example/f") == 1


async def test_a_bot_that_ends_meanwhile_says_so(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await _served(world)
        async with writing(real_environment(world.settings())) as storage:
            await _add(storage, "https://a.example/f")
            life.stop.set()
            await life.ended.wait()
            with pytest.raises(TransientError, match="do it again"):
                await _add(storage, "https://b.example/f")


async def test_the_socket_of_a_dead_process_is_replaced(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(os.fspath(socket_path(world.database)))
    async with start(world) as life:
        await life.says("/version")
        async with writing(real_environment(world.settings())) as storage:
            assert await _add(storage, "https://a.example/f") == 1


async def test_strangers_are_not_answered(autojump_clock: MockClock, world: World) -> None:
    """The only user that is answered is another one here, so that this process is the stranger."""
    async with (
        _socket_alone(world, users=frozenset({os.geteuid() + 1})) as path,
        await trio.open_unix_socket(path) as client,
    ):
        assert local_socket.user_of(client) == os.geteuid()
        assert await _end_of(client) == b""


async def test_what_lies_in_the_way_stays_and_the_bot_goes_on(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    path = socket_path(world.database)
    path.write_text("mine")
    async with start(world) as life:
        await life.says("/version")
        with pytest.raises(DatabaseInUse, match="stop it first"):
            async with writing(real_environment(world.settings())):
                pytest.fail("nobody answers there")
    assert path.read_text() == "mine"


def test_a_path_that_is_too_long_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long"), local_socket.listening(tmp_path / ("x" * 120)):
        pytest.fail("no address is that long")

"""Backups that the program makes itself, and the card about its disk."""

import gzip
from pathlib import Path

import httpx
import trio
from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import OWNER_ID, World
from tests.simulation.running import Check, Start

GIB = 2**30


def _backups(world: World) -> list[str]:
    return sorted(path.name for path in world.folder.iterdir() if ".backup-" in path.name)


def _said(world: World, words: str) -> int:
    return sum(words in message.text for message in world.api.messages(OWNER_ID))


def _out_of_the_way(path: Path) -> None:
    path.unlink()


async def test_they_are_made_by_themselves_and_the_oldest_go(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world, backup_every=300.0, backup_keep=2):
        await trio.sleep(200)
        first = _backups(world)
        assert len(first) == 1
        await trio.sleep(900)
        kept = _backups(world)
        assert len(kept) == 2
        assert first[0] not in kept
    body = gzip.decompress((world.folder / kept[-1]).read_bytes())
    assert body.startswith(b"SQLite format 3\0")
    check(world)


async def test_a_restart_makes_no_other_one(autojump_clock: MockClock, world: World, start: Start) -> None:
    for _ in range(2):
        async with start(world, backup_every=86_400.0):
            await trio.sleep(200)
    assert len(_backups(world)) == 1


async def test_owner_asks_and_hears_how_it_went(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await trio.sleep(5)
        assert _backups(world) == []
        world.api.user_says(OWNER_ID, OWNER_ID, "/backup")
        await life.until(lambda: bool(_backups(world)) and _said(world, _backups(world)[0]) == 1)
        assert _said(world, "1 of mine are kept") == 1


async def test_owner_gets_the_file_itself(autojump_clock: MockClock, world: World, start: Start) -> None:
    async with start(world) as life:
        await trio.sleep(5)
        world.api.user_says(OWNER_ID, OWNER_ID, "/backup file")
        await life.until(lambda: _said(world, "1 of mine are kept") == 1)
        assert _said(world, "cannot send") == 0
    sent = world.api.files["file:1"]
    assert sent == (world.folder / _backups(world)[0]).read_bytes()


async def test_only_in_private(autojump_clock: MockClock, world: World, start: Start) -> None:
    world.api.chats.add(Chat(chat_id=-5, kind="group", title="Group"))
    async with start(world) as life:
        await trio.sleep(5)
        answer = await life.says("/backup", chat_id=-5)
        assert "private chat" in answer.text
        await trio.sleep(100)
    assert _backups(world) == []


async def test_trouble_is_told_once_and_when_it_is_over(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    folder = world.folder / "safe"
    folder.write_text("in the way")
    async with start(world, backup_every=300.0, backup_dir=folder) as life:
        await life.until(lambda: _said(world, "The backup of the database fails") == 1)
        await trio.sleep(700)
        assert _said(world, "The backup of the database fails") == 1
        _out_of_the_way(folder)
        await life.until(lambda: _said(world, "is backed up again") == 1)
    assert len(list(folder.iterdir())) == 1


async def test_a_disk_that_fills_is_told_once(autojump_clock: MockClock, world: World, start: Start) -> None:
    world.free_bytes = 10 * GIB
    async with start(world) as life:
        await trio.sleep(300)
        assert _said(world, "nearly full") == 0
        world.free_bytes = GIB // 8
        await life.until(lambda: _said(world, "nearly full: 128.0 MiB") == 1)
        world.free_bytes = GIB // 9
        await trio.sleep(200)
        assert _said(world, "nearly full") == 1
        world.free_bytes = 10 * GIB
        await life.until(lambda: _said(world, "There is room") == 1)


class _CutOff(httpx.AsyncBaseTransport):
    """No way to Telegram until a moment."""

    def __init__(self, way: httpx.AsyncBaseTransport, until_s: float) -> None:
        self._way = way
        self._until_s = until_s

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if trio.current_time() < self._until_s:
            raise httpx.ConnectError("no way")
        return await self._way.handle_async_request(request)


async def test_a_telegram_out_of_reach_is_waited_for_and_said_once(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.telegram_transport = _CutOff(world.telegram_transport, trio.current_time() + 100)
    async with start(world) as life:
        await trio.sleep(90)
        (said,) = world.announced
        assert "cannot be reached" in said
        assert "PROXY_TELEGRAM=" in said
        await life.until(lambda: len(world.announced) == 2)
        assert "is at work" in world.announced[1]
        assert "Vestnik" in (await life.says("/version")).text

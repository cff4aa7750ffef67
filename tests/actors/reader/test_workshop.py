"""The worker process: its limits, its ends, and what it knows."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from actors.reader.reading import process_reader
from actors.reader.workshop import Workshop
from core.errors import UnreadableDocument, UserError
from tests.actors.reader.conftest import HONEST, OpenWorkshop, document

_ROOT = Path(__file__).resolve().parents[3]
# Each link is resolved by the bases of all elements around it: that takes many seconds.
_SLOW = b"<rss>" + b"<a xml:base='b/'>" * 150 + b"<item><link>c</link></item>" * 9_000
_LARGE = b"<rss>" + b"<a/>" * 1_000_000 + b"</rss>"


async def _titles(shop: Workshop, body: bytes = HONEST) -> list[str]:
    answer = await shop.ask("read", document(body), kind="feed", rules="{}")
    return [entry.title for entry in answer.entries]


async def _code(shop: Workshop, body: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        await shop.ask("read", document(body), kind="feed", rules="{}")
    return caught.value.code


def _pid(shop: Workshop) -> int:
    assert shop._worker is not None
    return shop._worker.process.pid


def _lives(pid: int) -> bool:
    """Tell whether a process is there; a zombie counts."""
    return Path(f"/proc/{pid}").exists()


async def test_worker_is_started_once_and_ends_with_its_workshop(workshop: OpenWorkshop) -> None:
    async with workshop() as shop:
        assert shop._worker is None
        assert await _titles(shop) == ["One"]
        pid = _pid(shop)
        assert await _titles(shop) == ["One"]
        assert _pid(shop) == pid
    assert not _lives(pid)


async def test_kernel_ends_a_document_that_takes_too_long(workshop: OpenWorkshop) -> None:
    async with workshop("--cpu-s=1") as shop:
        assert await _code(shop, _SLOW) == "too_slow"
        assert await _titles(shop) == ["One"]


async def test_clock_ends_a_document_that_takes_too_long(workshop: OpenWorkshop) -> None:
    async with workshop(wall_s=60) as shop:
        await _titles(shop)
        pid, shop._wall_s = _pid(shop), 0.05
        assert await _code(shop, _SLOW) == "too_slow"
        shop._wall_s = 60
        assert await _titles(shop) == ["One"]
        assert not _lives(pid)


async def test_document_that_takes_too_much_memory(workshop: OpenWorkshop) -> None:
    async with workshop(f"--memory-bytes={100 * 2**20}") as shop:
        assert await _code(shop, _LARGE) == "too_much_memory"
        assert await _titles(shop) == ["One"]


async def test_worker_that_holds_much_memory_is_replaced(workshop: OpenWorkshop) -> None:
    async with workshop("--worn-out-bytes=1000000") as shop:
        assert await _titles(shop) == ["One"]
        assert shop.worker_pid is None
        assert await _titles(shop) == ["One"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGKILL, "too_much_memory"), (signal.SIGSEGV, "crashed")]
)
async def test_worker_that_is_killed_at_work_costs_one_document(
    number: signal.Signals, code: str, workshop: OpenWorkshop
) -> None:
    async with workshop() as shop, trio.open_nursery() as nursery:
        await _titles(shop)
        pid = _pid(shop)

        async def kill() -> None:
            await trio.sleep(0.1)
            os.kill(pid, number)

        nursery.start_soon(kill)
        assert await _code(shop, _SLOW) == code
        assert await _titles(shop) == ["One"]


async def test_worker_that_died_while_it_waited_is_not_missed(workshop: OpenWorkshop) -> None:
    async with workshop() as shop:
        await _titles(shop)
        assert shop._worker is not None
        os.kill(_pid(shop), signal.SIGTERM)
        await shop._worker.ended.wait()
        assert not _lives(_pid(shop))
        assert await _titles(shop) == ["One"]


async def test_cancelled_in_the_middle_the_worker_is_killed(workshop: OpenWorkshop) -> None:
    async with workshop() as shop:
        await _titles(shop)
        worker = shop._worker
        with trio.move_on_after(0.05) as scope:
            await shop.ask("read", document(_SLOW), kind="feed", rules="{}")
        assert scope.cancelled_caught
        assert worker is not None
        await worker.ended.wait()
        assert worker.process.returncode == -signal.SIGKILL
        assert await _titles(shop) == ["One"]


async def test_cancelled_while_it_starts_nothing_is_left(workshop: OpenWorkshop) -> None:
    async with workshop() as shop:
        with trio.CancelScope() as scope:
            scope.cancel()
            await shop.ask("read", document(HONEST), kind="feed")
        assert shop._worker is None
        assert await _titles(shop) == ["One"]


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _opened(descriptors: Path) -> set[str]:
    return {str(each.readlink()).partition(":")[0] for each in descriptors.iterdir()}


async def test_worker_knows_nothing_of_ours(workshop: OpenWorkshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "7654321:secret")
    listener = trio.socket.socket()
    await listener.bind(("127.0.0.1", 0))
    with listener:
        async with workshop() as shop:
            await _titles(shop)
            pid = _pid(shop)
            process = Path(f"/proc/{pid}")
            assert b"BOT_TOKEN" not in _bytes(process / "environ")
            assert _opened(process / "fd") <= {"pipe", "/dev/null"}
            assert b"sqlite" not in _bytes(process / "maps")
            assert os.getsid(pid) == pid, "^C in the terminal must not reach it"


_PARENT = """
import sys, trio
from actors.reader.workshop import Workshop
from core.entries import Document

async def main():
    async with trio.open_nursery() as nursery:
        shop = Workshop(nursery)
        slow = Document(body=sys.stdin.buffer.read(), url="")
        await shop.ask("read", Document(body=b"<rss/>", url=""), kind="feed", rules="{}")
        nursery.start_soon(lambda: shop.ask("read", slow, kind="feed", rules="{}"))
        await trio.sleep(0.1)
        print(shop._worker.process.pid, flush=True)

trio.run(main)
"""


def test_worker_dies_with_its_parent() -> None:
    """While it is at work: it could not hear of it otherwise before it is done."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(_SLOW)
        parent.stdin.close()
        pid = int(parent.stdout.readline())
        worker = os.pidfd_open(pid)
        parent.kill()
    try:
        trio.run(_until_dead, worker)
    finally:
        os.close(worker)


async def _until_dead(pidfd: int) -> None:
    with trio.fail_after(30):
        await trio.lowlevel.wait_readable(pidfd)


async def test_what_the_worker_refuses_is_raised_here(workshop: OpenWorkshop) -> None:
    async with workshop() as shop:
        assert await _code(shop, b"words") == "not_a_feed"
        with pytest.raises(UserError, match="no kind"):
            await shop.ask("read", document(HONEST), kind="cat", rules="{}")
        with pytest.raises(UserError, match="say at least where"):
            await shop.ask("read", document(b"{}"), kind="json", rules="{}")


async def test_system_without_room_for_a_process(
    workshop: OpenWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workshop() as shop:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        assert await _code(shop, HONEST) == "crashed"
        monkeypatch.undo()
        assert await _titles(shop) == ["One"]


async def test_light_documents_do_not_wait_for_heavy_ones() -> None:
    async with process_reader() as reader, trio.open_nursery() as nursery:
        nursery.start_soon(reader.read, "feed", document(_SLOW), "{}")
        await trio.sleep(0.2)
        assert (await reader.read("feed", document(HONEST), "{}")).entries
        nursery.cancel_scope.cancel()

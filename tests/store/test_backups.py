"""Backups of a database that is written to meanwhile."""

import gzip
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from core.errors import BackupFailed, StorageBroken
from store import backups
from store.connection import open_for_writing

if TYPE_CHECKING:
    from tests.store.conftest import Bench


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def _quiet(_done: int, _total: int) -> None:
    return


def _opened(backup: Path, folder: Path) -> sqlite3.Connection:
    plain = folder / "restored.db"
    plain.write_bytes(gzip.decompress(backup.read_bytes()))
    return sqlite3.connect(plain)


@pytest.fixture
def large(bench: "Bench") -> "Bench":
    """A database of a few thousand pages, most of them still in its log."""
    bench.db.execute("CREATE TABLE load (number INTEGER PRIMARY KEY, text)")
    bench.db.execute("BEGIN")
    for number in range(4_000):
        bench.db.execute("INSERT INTO load VALUES (?, randomblob(3000))", (number,))
    bench.db.execute("COMMIT")
    return bench


def test_a_backup_is_the_database_of_one_moment(large: "Bench", tmp_path: Path) -> None:
    target = tmp_path / "folder" / "b.gz"
    steps: list[int] = []

    def write_meanwhile(done: int, total: int) -> None:
        steps.append(done)
        assert done <= total
        large.db.execute("INSERT INTO load SELECT max(number) + 1, 'later' FROM load")
        large.db.execute("UPDATE load SET text = 'changed' WHERE number = ?", (len(steps),))

    made = backups.make(large.path, target, progress=write_meanwhile)
    assert len(steps) > 5, "in steps"
    assert steps == sorted(steps), "it never begins anew"
    assert (made.path, made.size_bytes) == (target, target.stat().st_size)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["b.gz"]
    with _opened(target, tmp_path) as copy:
        counted = copy.execute("SELECT COUNT(*), SUM(text = 'later'), SUM(text = 'changed') FROM load")
        assert counted.fetchone() == (4_000, 0, 0)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("PRAGMA application_id").fetchone()[0] == 0x5653544E
    copy.close()
    assert large.db.execute("SELECT COUNT(*) FROM load").fetchone()[0] == 4_000 + len(steps)


def test_a_plain_one_is_a_database(bench: "Bench", tmp_path: Path) -> None:
    bench.watch("one")
    backups.make(bench.path, tmp_path / "copy.db", progress=_quiet)
    copy = open_for_writing(tmp_path / "copy.db")
    assert copy.execute("SELECT COUNT(*) FROM sources").fetchone()[0] == 1
    copy.close()


def test_one_that_is_stopped_leaves_nothing(large: "Bench", tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    for stop_after in (1, 7):
        calls: list[int] = []

        def stop(done: int, _total: int, calls: list[int] = calls, last: int = stop_after) -> None:
            calls.append(done)
            if len(calls) == last:
                raise Stopped

        with pytest.raises(Stopped):
            backups.make(large.path, tmp_path / "folder" / "b.gz", progress=stop)
        assert list((tmp_path / "folder").iterdir()) == []


def test_no_room(bench: "Bench", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 90, 10 * 2**20))
    with pytest.raises(BackupFailed, match=r"are needed in .* and 10 MiB are free") as caught:
        backups.make(bench.path, tmp_path / "b.gz", progress=_quiet)
    assert caught.value.code == "no_room"
    assert not (tmp_path / "b.gz").exists()


def test_a_folder_that_cannot_be_made(bench: "Bench", tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupFailed, match=r"exists|directory"):
        backups.make(bench.path, tmp_path / "file" / "b.gz", progress=_quiet)


def test_a_damaged_copy_is_no_backup(large: "Bench", tmp_path: Path) -> None:
    large.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with large.path.open("r+b") as file:
        file.seek(200 * 4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises((BackupFailed, StorageBroken)) as caught:
        backups.make(large.path, tmp_path / "b.gz", progress=_quiet)
    assert "damaged" in str(caught.value) or "malformed" in str(caught.value)
    assert not (tmp_path / "b.gz").exists()


def test_only_backups_are_pruned(tmp_path: Path) -> None:
    kept = ["bot.db.before-2", "notes.txt", "bot.db.backup-20260103T000000Z.gz"]
    for name in [*kept, "bot.db.backup-20260101T000000Z.gz", "bot.db.backup-20260102T000000Z.gz"]:
        (tmp_path / name).write_text("")
    assert backups.prune(tmp_path, "bot.db", keep=1) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    assert backups.names(tmp_path / "missing") == []

"""A backup is verified before anything is replaced, and what came after it is not repeated."""

import gzip
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import DatabaseRefused, StorageBroken
from store import brake, restoring
from store.connection import open_for_reading, open_for_writing
from store.migrations import back_up
from store.restoring import Since
from tests.store.conftest import Bench

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def backup(bench: Bench, tmp_path: Path) -> Path:
    """Back up a database with one post sent and one waiting; then the second one goes out too."""
    bench.poll(bench.watch(), "a", "b")
    bench.send()
    path = tmp_path / "backup.db"
    back_up(bench.db, path)
    bench.now_ms += 60_000
    bench.send()
    return path


def restored(bench: Bench, backup: Path, since: Since) -> Bench:
    """Restore over the database of a bench, and open it again."""
    done = restoring.restore(backup, bench.path, since=since, now_ms=bench.now_ms)
    assert done.aside is not None
    with closing(open_for_reading(done.aside)) as aside:
        assert aside.execute("SELECT COUNT(*) FROM queue WHERE state = 'sent'").fetchone()[0] == 2
    return replace(bench, db=open_for_writing(bench.path))


@pytest.mark.parametrize(
    ("since", "b", "c"),
    [
        ("posted", "dropped(since_backup)", None),
        ("hold", "held(since_backup)", "held(since_backup)"),
        ("post", "pending", "pending"),
    ],
)
def test_what_may_have_been_posted_since(
    bench: Bench, backup: Path, since: Since, b: str, c: str | None
) -> None:
    again = restored(bench, backup, since)
    again.poll(again.source(), "a", "b", "c")
    wanted = {"a": "sent", "b": b} | ({} if c is None else {"c": c})
    assert again.states() == wanted
    again.poll(again.source(), "a", "b", "c", "d")
    assert again.states() == wanted | {"d": "pending"}, "news are news again"


def test_the_owner_is_asked_once_about_what_is_held(bench: Bench, backup: Path) -> None:
    again = restored(bench, backup, "hold")
    again.poll(again.source(), "a", "b", "c")
    assert brake.ask(again.db, alert=(1, 0), now_ms=again.now_ms) == 1
    ((code, args, _),) = again.notices()
    assert (code, args["links"], args["restored"]) == ("flood.question", 2, True)
    assert brake.answer(again.db, newest=int(str(args["newest"])), verdict="post", now_ms=again.now_ms) == 2
    assert again.states() == {"a": "sent", "b": "pending", "c": "pending"}


def test_a_packed_backup(bench: Bench, backup: Path, tmp_path: Path) -> None:
    packed = tmp_path / "backup.db.gz"
    packed.write_bytes(gzip.compress(backup.read_bytes()))
    assert restoring.verify(packed) == restoring.verify(backup)
    assert restored(bench, packed, "posted").states()["b"] == "dropped(since_backup)"
    assert not list(tmp_path.glob("*.verifying*"))


def test_what_a_backup_holds(backup: Path) -> None:
    found = restoring.verify(backup)
    assert (found.links, found.subscriptions, found.waiting) == (2, 1, 1)
    assert found.last_post_ms is not None


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def _scramble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:40_000] = b"x" * (40_000 - 8192)
    path.write_bytes(bytes(content))


def _pack_half(path: Path) -> None:
    path.write_bytes(gzip.compress(path.read_bytes())[:2000])


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (_cut, StorageBroken),
        (_scramble, StorageBroken),
        (_pack_half, StorageBroken),
        (lambda path: path.write_bytes(b""), DatabaseRefused),
        (lambda path: path.write_bytes(b"no database at all" * 500), StorageBroken),
        (Path.unlink, DatabaseRefused),
    ],
    ids=["cut", "scrambled", "half unpacked", "empty", "something else", "missing"],
)
def test_a_backup_that_is_no_good_replaces_nothing(
    bench: Bench, backup: Path, harm: "Callable[[Path], object]", error: type[Exception]
) -> None:
    harm(backup)
    before = bench.states()
    with pytest.raises(error):
        restoring.verify(backup)
    with pytest.raises(error):
        restoring.restore(backup, bench.path, since="posted", now_ms=bench.now_ms)
    assert bench.states() == before == {"a": "sent", "b": "sent"}
    assert not list(bench.path.parent.glob("*.restoring*"))


def test_a_database_is_no_backup_of_itself(bench: Bench) -> None:
    with pytest.raises(DatabaseRefused, match="itself"):
        restoring.restore(bench.path, bench.path, since="posted", now_ms=bench.now_ms)


def test_where_there_was_nothing(backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "bot.db"
    target.parent.mkdir()
    done = restoring.restore(backup, target, since="post", now_ms=1)
    assert done.aside is None
    shutil.copyfile(target, tmp_path / "copy.db")
    assert restoring.verify(tmp_path / "copy.db").links == 2

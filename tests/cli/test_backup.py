"""`backup` in the terminal."""

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from core.errors import DatabaseRefused, UserError
from store.lock import owned

Run = Callable[..., Result]


@pytest.fixture
def filled(run: Run, folder: Path) -> Path:
    run("add", "https://news.example/feed.xml", "--chat", "-1001", "--as", "feed")
    return folder


def _sources(database: Path) -> int:
    db = sqlite3.connect(database)
    count: int = db.execute("SELECT COUNT(*) FROM sources").fetchone()[0]
    db.close()
    return count


def test_to_its_own_folder_beside_a_bot_that_runs(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_DIR", str(filled / "safe"))
    monkeypatch.setenv("BACKUP_KEEP", "1")
    old = filled / "safe" / "bot_database.db.backup-20200101T000000Z.gz"
    old.parent.mkdir()
    old.write_text("")
    with owned(filled / "bot_database.db"):
        said = run("backup").output
    assert "checked" in said
    assert "1 of at most 1" in said
    (made,) = (filled / "safe").iterdir()
    assert made.name.startswith("bot_database.db.backup-20")
    (filled / "plain.db").write_bytes(gzip.decompress(made.read_bytes()))
    assert _sources(filled / "plain.db") == 1


def test_to_a_file_or_a_folder(run: Run, filled: Path) -> None:
    run("backup", "copy.db")
    assert _sources(filled / "copy.db") == 1
    (filled / "disk").mkdir()
    run("backup", "disk")
    assert [path.suffix for path in (filled / "disk").iterdir()] == [".gz"]


def test_nothing_is_overwritten(run: Run, filled: Path) -> None:
    with pytest.raises(UserError, match="exists already"):
        run("backup", "bot_database.db")
    assert _sources(filled / "bot_database.db") == 1


def test_of_nothing(run: Run) -> None:
    with pytest.raises(DatabaseRefused, match="no such database"):
        run("backup")

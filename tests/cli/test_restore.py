"""`restore` on the command line."""

import shlex
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import DatabaseInUse
from store.lock import owned
from store.migrations import copy_before
from store.schema import MIGRATIONS
from tests.cli.conftest import Run


@pytest.fixture
def backup(folder: Path, run: Run) -> Path:
    run("add", "https://site.example/feed", "--chat", "-1001", "--as", "feed")
    shutil.copyfile(folder / "bot_database.db", folder / "backup.db")
    return folder / "backup.db"


def test_checking_replaces_nothing(folder: Path, run: Run, backup: Path) -> None:
    said = run("restore", str(backup), "--check").output
    assert "whole" in said
    assert "1 subscriptions" in said
    assert not list(folder.glob("*.before-restore*"))


def test_restoring_says_where_the_replaced_file_is(folder: Path, run: Run, backup: Path) -> None:
    run("add", "https://other.example/feed", "--chat", "-1001", "--as", "feed")
    said = run("restore", str(backup)).output
    assert "bot_database.db.before-restore-1" in said
    assert (folder / "bot_database.db.before-restore-1").exists()
    assert "other.example" not in run("list").output
    assert "site.example" in run("list").output


def test_a_newer_database_names_the_command_that_goes_back(
    folder: Path,
    run: Run,
    backup: Path,
    exit_code: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    database = folder / "bot_database.db"
    shutil.copyfile(backup, copy_before(database, len(MIGRATIONS) + 1))
    with closing(sqlite3.connect(database)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    assert exit_code("list") != 0
    said = capsys.readouterr().err
    assert "made by a newer version" in said
    _, _, command = said.strip().partition("python run.py ")
    run(*shlex.split(command))
    assert "site.example" in run("list").output


def test_a_database_in_use_stays(folder: Path, run: Run, backup: Path, exit_code: Callable[..., int]) -> None:
    with owned(folder / "bot_database.db"):
        with pytest.raises(DatabaseInUse):
            run("restore", str(backup))
        assert exit_code("restore", str(backup)) == 3

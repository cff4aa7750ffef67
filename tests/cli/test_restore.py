"""`restore` on the command line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import DatabaseInUse
from store.lock import owned
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


def test_a_database_in_use_stays(folder: Path, run: Run, backup: Path, exit_code: Callable[..., int]) -> None:
    with owned(folder / "bot_database.db"):
        with pytest.raises(DatabaseInUse):
            run("restore", str(backup))
        assert exit_code("restore", str(backup)) == 3

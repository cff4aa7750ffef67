"""One process per database."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import DatabaseInUse, DatabaseRefused
from store.lock import lock_path, owned

HOLDER = """
import sys, pathlib, store.lock
with store.lock.owned(pathlib.Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_a_second_owner_is_refused_and_told_the_first(database: Path) -> None:
    with owned(database):
        assert lock_path(database).stat().st_mode & 0o777 == 0o600
        with pytest.raises(DatabaseInUse, match=rf"pid {os.getpid()}\)") as refused, owned(database):
            pytest.fail("two own one database")
    assert refused.value.exit_code == 3
    with owned(database):
        assert lock_path(database).read_text() == f"{os.getpid()}\n"


def test_the_lock_ends_with_its_process_however_that_ends(database: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mine\n"
        with pytest.raises(DatabaseInUse, match=f"pid {holder.pid}"), owned(database):
            pytest.fail("two own one database")
        holder.kill()
    with owned(database):
        pass


def test_an_owner_that_has_not_said_its_pid_yet(database: Path) -> None:
    with lock_path(database).open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DatabaseInUse, match="pid unknown"), owned(database):
            pytest.fail("two own one database")


def test_a_longer_pid_leaves_nothing_behind(database: Path) -> None:
    lock_path(database).write_text("99999999999\n")
    with owned(database):
        assert lock_path(database).read_text() == f"{os.getpid()}\n"


def test_a_place_where_no_lock_can_be(tmp_path: Path) -> None:
    with (
        pytest.raises(DatabaseRefused, match="must be able to write"),
        owned(tmp_path / "missing" / "bot.db"),
    ):
        pytest.fail("there is no such folder")

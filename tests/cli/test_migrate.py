"""`migrate`: schema, keys, and the database of an older bot."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from core.errors import DatabaseInUse, DatabaseRefused, StorageBroken, UserError
from core.urls.normalize import RULES_VERSION
from store.connection import open_for_writing
from store.lock import owned
from store.migrations import migrate
from store.schema import MIGRATIONS
from tests.store.older import CHANNELS, Older, generate

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
CHAT = str(CHANNELS[0])
KILLED = """
import os, sys
from cli.main import main
from store import older_bot, replacing
name, count = {name!r}, {count}
module = replacing if name == "_settle" else older_bot
whole = getattr(module, name)
def dying(*given):
    global count
    count -= 1
    if count == 0:
        os._exit(9)
    return whole(*given)
setattr(module, name, dying)
main()
"""


@pytest.fixture
def database(folder: Path) -> Path:
    return folder / "bot_database.db"


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchall()


def content(database: Path) -> list[list[tuple[Any, ...]]]:
    return [rows(database, f"SELECT * FROM {table} ORDER BY id") for table in ("history", "queue")]


def beside(database: Path) -> set[str]:
    return {path.name.removeprefix(database.name) for path in database.parent.glob("bot_database.db*")}


def check_taken_over(database: Path, older: Older) -> None:
    two_lines = (
        "SELECT sql FROM sqlite_master WHERE name='history';",
        """SELECT COUNT(*) FROM (SELECT normalized_url, COUNT(*) AS cnt FROM history
        GROUP BY normalized_url HAVING cnt > 1);""",
    )
    schema, duplicates = (rows(database, line)[0][0] for line in two_lines)
    assert "normalized_url TEXT NOT NULL UNIQUE" in schema
    assert duplicates == 0
    assert rows(database, "SELECT COUNT(*) FROM history") == [(older.links + 100,)]
    assert rows(database, "SELECT state, COUNT(*) FROM queue GROUP BY state ORDER BY state") == [
        ("pending", older.fresh),
        ("sent", older.sent),
    ]
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]
    assert rows(database, "PRAGMA foreign_key_check") == []


def test_a_hundred_thousand_rows_of_an_older_bot(run: Run, database: Path) -> None:
    older = generate(database, 100_000)
    before = content(database)
    output = run("migrate", "--chat", CHAT).output
    assert "100,000 rows are 95,000 links, 5,000 were duplicates" in output
    assert "sent      85,500 links" in output
    assert f"queue     105 links wait for {CHAT}, 4 were posted or there already" in output
    assert "finished  10 published" in output
    check_taken_over(database, older)
    backup = database.with_name("bot_database.db.before-adoption")
    assert content(backup) == before
    assert {path.stat().st_mode & 0o777 for path in (backup, database)} == {0o600}
    assert "keys      up to date" in run("migrate").output
    assert "duplicates    0" in run("stats").output


def test_what_waits_needs_a_chat(run: Run, database: Path) -> None:
    generate(database, 100)
    before = content(database)
    with pytest.raises(UserError, match="109 links wait in its queue; say with --chat"):
        run("migrate")
    assert content(database) == before
    assert beside(database) == {"", ".lock", ".before-adoption"}


@pytest.mark.parametrize(
    ("name", "count", "taken_over"),
    [
        ("_settle", 1, False),  # the copy is written
        ("_adopt_history", 2, False),
        ("_adopt_queue", 1, False),
        ("_settle", 2, False),  # the new file is complete
        ("_settle", 3, True),  # it is in its place
    ],
)
def test_killed_in_the_middle(name: str, count: int, taken_over: bool, run: Run, database: Path) -> None:
    older = generate(database, 2_000)
    before = content(database)
    script = KILLED.format(name=name, count=count)
    words = [sys.executable, "-c", script, "migrate", "--chat", CHAT]
    done = subprocess.run(
        words,
        cwd=database.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 9, done.stderr
    if not taken_over:
        assert content(database) == before
    run("migrate", "--chat", CHAT)
    check_taken_over(database, older)
    assert beside(database) == {"", ".lock", ".before-adoption"}
    assert content(database.with_name("bot_database.db.before-adoption")) == before


def test_a_log_of_the_older_bot_is_worked_in(run: Run, database: Path) -> None:
    """If it were left beside the new file, SQLite would take it for that one's."""
    generate(database, 100)
    writer = (
        "import os, sqlite3; db = sqlite3.connect('bot_database.db'); db.execute('PRAGMA journal_mode=WAL');"
    )
    writer += (
        "db.execute(\"INSERT INTO history (url) VALUES ('https://late.example/')\"); db.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", writer], cwd=database.parent, check=True)
    assert "-wal" in beside(database)
    run("migrate", "--chat", CHAT)
    assert rows(database, "SELECT COUNT(*) FROM history WHERE url = 'https://late.example/'") == [(1,)]
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]


def test_while_the_older_bot_writes(run: Run, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.replacing._WAIT_S", 0.1)
    generate(database, 100)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseInUse, match="stop the older bot first"):
            run("migrate", "--chat", CHAT)


def test_copies_of_other_files_stay(run: Run, database: Path) -> None:
    for count in (100, 200):
        database.unlink(missing_ok=True)
        generate(database, count)
        run("migrate", "--chat", CHAT)
    assert beside(database) == {"", ".lock", ".before-adoption", ".before-adoption-2"}
    copies = [database.with_name(f"bot_database.db.before-adoption{n}") for n in ("", "-2")]
    assert [rows(copy, "SELECT COUNT(*) FROM history") for copy in copies] == [[(100,)], [(200,)]]


def test_a_damaged_older_file(run: Run, database: Path) -> None:
    generate(database, 2_000)
    whole = bytearray(database.read_bytes())
    whole[8 * 4096 : 12 * 4096] = b"\x5a" * 4 * 4096
    database.write_bytes(whole)
    with pytest.raises(StorageBroken, match=r"damaged|malformed"):
        run("migrate", "--chat", CHAT)
    assert database.read_bytes() == whole


def test_keys_of_older_rules(run: Run, database: Path) -> None:
    run("add", "https://news.example/feed.xml", "--chat", CHAT, "--as", "feed")
    x = "https://x.example/"
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM facts WHERE name = 'rules_version'")
        db.executemany(
            "INSERT INTO history (normalized_url, url, first_seen_ms, rules_version) VALUES (?1, ?1, 5, 0)",
            [
                (url,)
                for url in (f"{x}a?utm_source=1", f"{x}a", f"{x}b?utm_source=2", x, f"{x}%00", "refused")
            ],
        )
    output = run("migrate").output
    assert "keys      6 looked at, 2 changed, 1 links merged" in output
    assert "merged    https://x.example/a?utm_source=1\n          https://x.example/a\n" in output
    assert "ignored   1 that are no links" in output
    assert f".before-rules-{RULES_VERSION}" in beside(database)
    assert "keys      up to date" in run("migrate").output


def test_a_schema_of_an_older_version(run: Run, database: Path) -> None:
    version = len(MIGRATIONS)
    with closing(open_for_writing(database)) as db:
        migrate(db, database, now_ms=0, migrations=MIGRATIONS[:-1])
    output = run("migrate").output
    assert "schema    1 migrations applied" in output
    assert f"before-{version}" in output
    assert "schema    up to date" in run("migrate").output


def test_there_is_nothing_to_migrate(run: Run) -> None:
    with pytest.raises(DatabaseRefused, match="no such database"):
        run("migrate")


def test_another_programs_file(run: Run, database: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(DatabaseRefused, match="some other program's"):
        run("migrate")


def test_while_the_bot_runs_is_exit_code_3(run: Run, database: Path, exit_code: Callable[..., int]) -> None:
    generate(database, 100)
    with owned(database):
        assert exit_code("migrate", "--chat", CHAT) == 3

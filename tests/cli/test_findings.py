"""What the doctor finds on this machine."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import Result

from cli.findings import on_this_machine
from core.settings import Settings

Run = Callable[..., Result]
NOW_MS = 1_790_000_000_000


@pytest.fixture
def database(run: Run, folder: Path) -> Path:
    run("add", "https://news.example/feed.xml", "--chat", "-1001", "--as", "feed")
    return folder / "bot_database.db"


def _found(**changes: object) -> dict[str, tuple[bool, str]]:
    settings = Settings.model_validate(changes)
    return {each.subject: (each.well, each.text) for each in on_this_machine(settings, now_ms=NOW_MS)}


def _change(database: Path, *statements: str) -> None:
    with sqlite3.connect(database) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def test_a_sound_database(database: Path) -> None:
    found = _found()
    assert all(well for well, _ in found.values())
    assert set(found) == {
        "disk", "schema", "integrity", "references", "duplicates", "repeated posts", "held", "backup",
    }  # fmt: skip
    assert found["duplicates"][1] == "duplicates = 0"
    assert found["held"][1] == "nothing is held or uncertain"


def test_what_is_held_is_told_and_is_no_failure(database: Path) -> None:
    _change(
        database,
        "INSERT INTO history (normalized_url, url, first_seen_ms, rules_version) VALUES ('a', 'a', 1, 1)",
        """INSERT INTO queue (chat_id, history_id, position, state, reason, state_ms, created_ms)
        VALUES (-1001, 1, 1, 'held', 'suspended', 1, 1)""",
    )
    assert _found()["held"] == (True, "1 the chat cannot be reached")


def test_references_that_lead_nowhere(database: Path) -> None:
    _change(database, "INSERT INTO aliases VALUES ('b', 99, 'canonical')")
    well, text = _found()["references"]
    assert not well
    assert text.startswith("1 dangling")
    assert "restore" in text


def test_damage(database: Path) -> None:
    _change(database, "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'sources_due'")
    found = _found()
    assert not all(well for well, _ in found.values())
    assert any("restore" in text for well, text in found.values() if not well)


def test_a_disk_that_is_nearly_full(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * 2**20))
    well, text = _found()["disk"]
    assert not well
    assert "100.0 MiB free" in text
    assert "make room" in text


def test_backups_that_are_made_no_more(database: Path) -> None:
    stamps = {"20260921T141320Z": (True, "0s"), "20260918T141319Z": (False, "3d")}
    for stamp, (wanted, age) in stamps.items():
        backup = database.with_name(f"bot_database.db.backup-{stamp}.gz")
        backup.write_text("")
        well, text = _found()["backup"]
        assert well == wanted
        assert f"{age} " in text
        backup.unlink()
    assert "backup" not in _found(backup_every=0.0)


def test_nothing_yet(folder: Path) -> None:
    assert _found()["database"] == (True, "bot_database.db: none yet, the first run makes it")
    well, text = _found(database_url="sqlite:///missing/bot.db")["disk"]
    assert not well
    assert "no such folder" in text

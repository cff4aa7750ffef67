"""`export ads`: what was published under which token."""

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
NOVEMBER_MS, DECEMBER_MS = 1_793_491_200_000, 1_796_083_199_999


@pytest.fixture
def published(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", "UTC")
    run("add", "https://shop.example/feed", "--chat", "-1001", "--as", "feed")
    with closing(sqlite3.connect(folder / "bot_database.db")) as db, db:
        for row, (at_ms, chat_id, erid) in enumerate(
            [
                (NOVEMBER_MS - 1, -1001, "2Va"),
                (NOVEMBER_MS, -1001, "2Vb"),
                (DECEMBER_MS, 7, "2Vc"),
                (NOVEMBER_MS, 7, None),
            ],
            start=1,
        ):
            db.execute("INSERT OR IGNORE INTO chats (chat_id) VALUES (?)", (chat_id,))
            db.execute(
                """INSERT INTO history (id, normalized_url, url, first_seen_ms, rules_version)
                VALUES (?, ?, ?, 1, 1)""",
                (row, f"https://shop.example/{row}", f"https://shop.example/{row}"),
            )
            db.execute(
                """INSERT INTO posts (id, kind, chat_id, fingerprint, owner, started_ms)
                VALUES (?, 'link', ?, '', '', 1)""",
                (row, chat_id),
            )
            db.execute(
                """INSERT INTO queue (chat_id, history_id, position, state, state_ms, post_id, message_id,
                    created_ms, link, erid) VALUES (?, ?, ?, 'sent', ?, ?, ?, 1, ?, ?)""",
                (chat_id, row, row, at_ms, row, 40 + row, f"https://shop.example/{row}?erid={erid}", erid),
            )


@pytest.mark.usefixtures("published")
def test_a_month_is_listed(run: Run, folder: Path) -> None:
    rows = list(csv.reader(io.StringIO(run("export", "ads", "--month", "2026-11").stdout)))
    assert rows == [
        ["date", "link", "erid", "chat", "message"],
        [
            "2026-11-01T00:00:00+00:00",
            "https://shop.example/2?erid=2Vb",
            "2Vb",
            "-1001",
            "https://t.me/c/1/42",
        ],
        ["2026-11-30T23:59:59+00:00", "https://shop.example/3?erid=2Vc", "2Vc", "7", "43"],
    ]
    run("export", "ads", str(folder / "ads.csv"), "--month", "2026-10")
    assert (folder / "ads.csv").read_text().splitlines()[1:] == [
        "2026-10-31T23:59:59+00:00,https://shop.example/1?erid=2Va,2Va,-1001,https://t.me/c/1/41"
    ]
    assert run("export", "ads").stdout.startswith("date,")


@pytest.mark.usefixtures("published")
def test_what_is_no_month_is_explained(exit_code: Callable[..., int]) -> None:
    assert exit_code("export", "ads", "--month", "november") == 2
    assert exit_code("export", "one.opml", "two.opml") == 2

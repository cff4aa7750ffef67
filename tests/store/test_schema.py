"""What others read in the database, and rely on."""

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.store.conftest import Bench

READ_BY_OTHERS = {
    "history": "id normalized_url url title state first_seen_ms",
    "sightings": "source_id history_id seen_ms",
    "sources": "id url kind title state",
    "queue": "id chat_id topic_id history_id state reason not_before_ms attempts message_id",
}


def test_the_two_lines_that_people_type(bench: "Bench") -> None:
    schema = bench.one("SELECT sql FROM sqlite_master WHERE name='history';")
    assert re.search(r"normalized_url TEXT NOT NULL UNIQUE\b", schema)
    count = bench.one(
        "SELECT COUNT(*) FROM (SELECT normalized_url, COUNT(*) AS cnt FROM history "
        "GROUP BY normalized_url HAVING cnt > 1);"
    )
    assert count == 0


@pytest.mark.parametrize("table", READ_BY_OTHERS)
def test_columns_that_others_read(table: str, bench: "Bench") -> None:
    columns = {row[1] for row in bench.rows(f"PRAGMA table_info({table})")}
    assert columns >= set(READ_BY_OTHERS[table].split())


def test_history_refuses_a_second_row_for_a_link(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        bench.db.execute(
            """INSERT INTO history (normalized_url, url, first_seen_ms, rules_version)
            SELECT normalized_url, url, 0, 1 FROM history"""
        )


@pytest.mark.parametrize("state", ["pending", "sending", "sent", "uncertain", "held", "dropped", "dead"])
def test_states_of_the_outbox(state: str, bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE queue SET state = ?", (state,))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        bench.db.execute("UPDATE queue SET state = ?", (f"half-{state}",))


def test_a_topic_is_never_unknown(bench: "Bench") -> None:
    """NULL in a UNIQUE constraint accepts duplicates."""
    tables = [name for (name,) in bench.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    topics = [
        (table, column)
        for table in tables
        for column in bench.rows(f"PRAGMA table_info({table})")
        if column[1] == "topic_id"
    ]
    assert len(topics) >= 5
    assert all(column[3] == 1 for _, column in topics)

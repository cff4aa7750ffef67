"""How SQLite runs the statements that every poll and every post need: by index, whatever has piled up."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.page_policy import PagePolicy
from core.pages.page import Page
from core.protocol import Candidate, PageReport, Sent
from store import brake, chats, history, pages, watchdogs

if TYPE_CHECKING:
    from tests.store.conftest import Bench

GROWING = (
    "history",
    "sightings",
    "queue",
    "sources",
    "posts",
    "verdicts",
    "aliases",
    "subscriptions",
    "notices",
)
SCAN = re.compile(rf"SCAN (?:{'|'.join(GROWING)}|head|mine|theirs)\b(?! USING (?:COVERING )?INDEX)")


@pytest.fixture
def traced(bench: "Bench") -> Callable[[Callable[[], object]], list[str]]:
    """Run something, and return the statements it executed with their values in place."""

    def run(work: Callable[[], object]) -> list[str]:
        seen: list[str] = []
        bench.db.conn.set_trace_callback(seen.append)
        try:
            work()
        finally:
            bench.db.conn.set_trace_callback(None)
        return [
            sql for sql in seen if sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "WITH"))
        ]

    return run


def full_scans(bench: "Bench", statements: list[str]) -> list[str]:
    found = []
    # Checks of foreign keys are planned with each INSERT, but run only while some key is broken.
    bench.db.execute("PRAGMA foreign_keys = OFF")
    for sql in statements:
        try:
            plan = [str(row[3]) for row in bench.rows(f"EXPLAIN QUERY PLAN {sql}")]
        except sqlite3.OperationalError:
            continue  # not a whole statement: a trigger's, or a comment
        found += [f"{step} <- {' '.join(sql.split())}" for step in plan if SCAN.search(step)]
    return found


def steps(bench: "Bench", statements: list[str]) -> list[str]:
    """Return what SQLite does for statements, step by step."""
    return [str(row[3]) for sql in statements for row in bench.rows(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.fixture
def busy(bench: "Bench") -> "Bench":
    """Fill a database, and let SQLite know what it holds."""
    for number in range(20):
        source_id = bench.watch(f"feed{number}", chat_id=10 + number % 5)
        bench.poll(source_id, *[f"{number}-{link}" for link in range(20)])
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE id % 10 > 0")
    bench.db.execute("ANALYZE")
    return bench


def test_the_search_sees_a_full_scan(busy: "Bench") -> None:
    assert full_scans(busy, ["SELECT * FROM queue WHERE attempts = 5"])
    assert full_scans(busy, ["SELECT * FROM queue AS head WHERE attempts = 5"])
    assert not full_scans(busy, ["SELECT * FROM queue WHERE id = 5"])


def test_claiming_sources(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(busy.claim_sources)
    assert any("lease_owner" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_recording_a_poll(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    source_id = busy.source("feed1")
    statements = traced(lambda: busy.poll(source_id, "1-1", "2-2", "new"))
    for table in ("history", "sightings", "queue", "verdicts"):
        assert any(f"INSERT INTO {table}" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_claiming_and_sending(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    def work() -> None:
        delivery = busy.claim(limit=1).deliveries[0]
        assert busy.receive(delivery, busy.begin(delivery), Sent(message_ids=(1,)))

    statements = traced(work)
    assert any("lanes" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_known_links_are_told_without_a_look_at_their_rows(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    statements = traced(lambda: history.ids_of(busy.db, ["https://links.example/1-1", "entry:1"]))
    looks = [step for step in steps(busy, statements) if re.match("(?:SEARCH|SCAN) (?:history|gone)", step)]
    assert len(looks) == 2
    assert all("COVERING INDEX" in step for step in looks)


def test_a_link_of_ones_own_is_found_by_its_index(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    busy.db.execute("UPDATE history SET private_to = 1 WHERE id = 7")
    url = busy.one("SELECT normalized_url FROM history WHERE id = 7")
    candidates = [Candidate(key=url, url=url)]
    statements = traced(lambda: history.accept(busy.db, busy.source("feed1"), candidates, now_ms=busy.now_ms))
    assert any("UPDATE history" in sql for sql in statements)
    assert full_scans(busy, statements) == []
    assert any("history_own" in step for step in steps(busy, statements))


def test_texts_of_old_links_are_found_by_their_index(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    busy.db.execute("UPDATE history SET summary = 'text'")
    statements = traced(lambda: pages.forget(busy.db, before_ms=busy.now_ms + 1, behind=(1, 1), limit=10))
    assert any("SEARCH history USING INDEX history_texts" in step for step in steps(busy, statements))
    assert full_scans(busy, statements) == []


def test_reading_pages(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    busy.polling = replace(busy.polling, pages=PagePolicy(fetch=True))
    busy.poll(busy.source("feed1"), "a new one")

    def work() -> None:
        claimed = pages.claim(busy.db, owner=busy.me, limit=5, busy_hosts=(), now_ms=busy.now_ms)
        page = Page(title="T", aliases=("https://links.example/2-2",))
        report = PageReport(
            history_id=claimed.jobs[0].history_id, page=page, led_to="https://links.example/3-3"
        )
        assert pages.record(busy.db, report, now_ms=busy.now_ms).merged

    assert full_scans(busy, traced(work)) == []


def test_the_janitors_rounds(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    def work() -> None:
        watchdogs.look(busy.db, alert=(1, 0), now_ms=busy.now_ms)
        brake.ask(busy.db, alert=(1, 0), now_ms=busy.now_ms)
        chats.expire_held(busy.db, now_ms=busy.now_ms)
        pages.release_dead_leases(busy.db, owner=busy.me)

    assert full_scans(busy, traced(work)) == []

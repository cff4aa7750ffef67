"""What the actors ask again and again costs the same among ten times as many sources and links.

Counted are the steps of SQLite's machine, which are the same on every computer. Nothing tells it how many
rows there are, as nothing does in a real database.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from bench.scale.prepared import CHATS, prepare
from core.pacing import PacingPolicy
from core.page_policy import PagePolicy
from core.pages.page import Page
from core.protocol import Candidate, Owner, PageReport, PollReport, PostId, Receipt, Sent, SourceId
from core.schedule import PollingPolicy
from core.uncertainty import UncertainAfter, UncertainPolicy
from store import (
    amendments,
    approvals,
    chores,
    claims,
    doubts,
    finding,
    no_facts,
    notices,
    out_of_reach,
    pages,
    pausing,
    posts,
    probes,
    processes,
    queue,
    reconciling,
    sources,
    watchdogs,
)
from store.connection import open_for_writing
from store.outbox import claiming, staleness
from store.outbox.unsettled import is_unsettled

NOW_MS = 1_800_000_000_000
ME = Owner(boot_id="boot", incarnation=1)
ALERT = (CHATS[0], 0)
POLLING = PollingPolicy(
    interval_default_s=600, interval_min_s=60, backoff_max_s=86_400, pages=PagePolicy(fetch=True)
)
PACING = PacingPolicy(chat_gap_s=1, group_gap_s=3, global_rate=25)
UNCERTAIN = UncertainPolicy(on_uncertain="ask", after=UncertainAfter(wait_s=60, then="drop"))
ROOM = claims.Room(sources=8, hung=2)
FEW, MANY = 30, 300
GROWTH = 1.25
_COUNTED_IN = 10

Steps = dict[str, int]


def steps_of_a_life(path: Path, count: int) -> Steps:
    """Watch so many sources, let a few be polled and one link be posted; return the steps of each part."""
    prepare(path, [3600.0] * count, 80, now_ms=NOW_MS - 60_000)
    db = open_for_writing(path)
    processes.begin(db, boot_id=ME.boot_id, pid=1, now_ms=NOW_MS)
    db.execute(
        "UPDATE sources SET next_check_ms = CASE WHEN id <= 4 THEN ? ELSE ? + id END", (NOW_MS, NOW_MS + 1)
    )
    found: Steps = {}
    for name, work in life(db):
        found[name] = counted(db, work)
    db.close()
    return found


def counted(db: Database, work: Callable[[], object]) -> int:
    """Return how many steps something takes."""
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    db.conn.set_progress_handler(tick, _COUNTED_IN)
    try:
        work()
    finally:
        db.conn.set_progress_handler(None, 0)
    return ticks * _COUNTED_IN


def life(db: Database) -> Iterator[tuple[str, Callable[[], object]]]:
    """Give each part of what happens again and again, in an order in which all find something to do."""
    yield "start: sources", lambda: claims.release_dead_leases(db, owner=ME)
    yield "start: pages", lambda: pages.release_dead_leases(db, owner=ME)
    yield "start: outbox", lambda: queue.release_dead_leases(db, owner=ME, now_ms=NOW_MS)
    yield "start: doubts", lambda: reconciling.begin_anew(db, now_ms=NOW_MS)
    yield "start: doubts left over", lambda: reconciling.left_over(db, owner=ME)
    yield (
        "claim sources",
        lambda: claims.claim_due(db, owner=ME, room=ROOM, now_ms=NOW_MS, set_back=False),
    )
    yield "a poll without news", lambda: record(db, PollReport(source_id=SourceId(1), status="not_modified"))
    yield (
        "a poll that failed",
        lambda: record(db, PollReport(source_id=SourceId(2), status="failed", error="timeout")),
    )
    yield "a poll with news", lambda: record(db, news(SourceId(3)))
    yield "claim a page", lambda: pages.claim(db, owner=ME, limit=4, busy_hosts=(), now_ms=NOW_MS)
    newest = db.execute("SELECT MAX(id) FROM history").fetchone()[0]
    yield (
        "record a page",
        lambda: pages.record(db, PageReport(history_id=newest, page=Page(title="T")), now_ms=NOW_MS),
    )
    yield "settle doubts", lambda: doubts.settle(db, policy=UNCERTAIN, alert=ALERT, now_ms=NOW_MS)
    yield "settle bare links", lambda: no_facts.settle(db, alert=ALERT, now_ms=NOW_MS)
    yield "ask for approval", lambda: approvals.ask(db, alert=ALERT, now_ms=NOW_MS)
    yield "drop what is stale", lambda: staleness.drop_stale(db, now_ms=NOW_MS)
    yield "look for what time changes", lambda: is_unsettled(db)
    claimed: list[claiming.Claimed] = []
    yield (
        "claim a post",
        lambda: claimed.append(
            claiming.claim_deliveries(db, owner=ME, limit=4, pacing=PACING, now_ms=NOW_MS)
        ),
    )
    (delivery,) = claimed[0].deliveries
    begun: list[PostId | None] = []
    yield (
        "begin to send",
        lambda: begun.append(
            posts.begin_send(db, delivery, owner=ME, fingerprint="f", shared_id=0, now_ms=NOW_MS)
        ),
    )
    assert begun[0] is not None
    receipt = Receipt(
        queue_id=delivery.queue_id,
        post_id=begun[0],
        chat_id=delivery.place.chat_id,
        outcome=Sent(message_ids=(1,)),
    )
    yield "record a receipt", lambda: posts.record_receipt(db, receipt, alert=ALERT, now_ms=NOW_MS)
    yield "look for a post in doubt", lambda: reconciling.next_doubt(db, owner=ME, place=ALERT, now_ms=NOW_MS)
    yield "claim changes of posts", lambda: amendments.waiting(db, now_ms=NOW_MS)
    yield "claim cards", lambda: notices.waiting(db, limit=4, now_ms=NOW_MS)
    yield "claim addresses", lambda: probes.claim(db, owner=ME, limit=4)
    yield "look for chores", lambda: chores.waiting(db, now_ms=NOW_MS)
    yield "end pauses", lambda: pausing.resume_due(db, now_ms=NOW_MS)
    yield "index words", lambda: finding.index(db, since_ms=0)
    yield "drop what is out of reach", lambda: out_of_reach.expire(db, alert=ALERT, now_ms=NOW_MS)
    yield "try chats again", lambda: out_of_reach.retry(db, now_ms=NOW_MS)
    db.execute("UPDATE sources SET failing_since_ms = NULL")  # where one fails, all are counted each minute
    yield "look after sources", lambda: watchdogs.look(db, alert=ALERT, now_ms=NOW_MS)
    yield "say that it lives", lambda: processes.beat(db, boot_id=ME.boot_id, now_ms=NOW_MS)


def record(db: Database, report: PollReport) -> None:
    sources.record_poll(db, report, policy=POLLING, jitter=0.5, now_ms=NOW_MS)


def news(source_id: SourceId) -> PollReport:
    url = f"https://pages.example/{source_id}"
    return PollReport(
        source_id=source_id, status="ok", candidates=(Candidate(key=url, url=url, title="News"),), known=29
    )


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Steps]:
    folder = tmp_path_factory.mktemp("growth")
    return {count: steps_of_a_life(folder / f"{count}.db", count) for count in (FEW, MANY)}


def test_everything_that_is_asked_often_is_flat(steps: dict[int, Steps]) -> None:
    few, many = steps[FEW], steps[MANY]
    assert len(few) > 25
    assert {name: (few[name], many[name]) for name in few if many[name] > GROWTH * few[name] + 100} == {}


def test_the_count_sees_a_look_at_everything(tmp_path: Path) -> None:
    prepare(tmp_path / "bot.db", [3600.0] * FEW, 80, now_ms=NOW_MS)
    db = open_for_writing(tmp_path / "bot.db")
    one = counted(db, lambda: db.execute("SELECT url FROM sources WHERE id = 7").fetchall())
    every = counted(db, lambda: db.execute("SELECT url FROM sources WHERE url LIKE 'x%'").fetchall())
    db.close()
    assert one < 100 < every

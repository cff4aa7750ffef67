"""How SQLite runs the statements that every poll and every post need: by index, whatever has piled up."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.filters.parsing import parse_rules
from core.page_policy import PagePolicy
from core.pages.page import Page
from core.posting.rules import PostingRules
from core.posting.rules import parse_rules as parse_schedule
from core.probe import Found
from core.protocol import Candidate, PageReport, Place, Sent, Uncertain
from store import (
    administration,
    amendments,
    approvals,
    brake,
    chores,
    conversations,
    editing,
    filters,
    history,
    out_of_reach,
    pages,
    queue,
    quotas,
    reads,
    reads_monitor,
    receipts,
    reconciling,
    repeats,
    roles,
    samples,
    sent_actions,
    sent_posts,
    templates,
    topics,
    watchdogs,
)
from store.charts import chart_of
from store.chat_overview import chat_overview
from store.dry_runs import dry_run
from store.last_posts import last_posts
from store.outbox import moving, posting, schedules, staleness
from store.outbox.unsettled import is_unsettled
from store.outbox.waiting import queue_of
from store.overview import overview
from store.sent_posts import Shown
from tests.store.conftest import LINKS

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
    "own_texts",
    "amendments",
    "shown_posts",
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


def test_claiming_sources_past_busy_hosts(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    busy.now_ms += 86_400_000
    hosts = [str(row[0]) for row in busy.rows("SELECT DISTINCT host FROM sources ORDER BY id")]
    statements = traced(lambda: busy.claim_due(limit=2, busy=hosts))
    assert sum("host NOT IN" in sql for sql in statements) == 1
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


def test_judging_by_rules(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    filters.add(busy.db, chat_id=11, number=None, rules=parse_rules("keep price < 5; silent title ~ new"))
    busy.polling = replace(busy.polling, pages=PagePolicy(fetch=True))
    first, second = busy.source("feed1"), busy.source("feed6")

    def work() -> None:
        busy.poll(first, "new1", "new2")
        busy.poll(second, "new1", "new2")
        [job] = pages.claim(busy.db, owner=busy.me, limit=1, busy_hosts=(), now_ms=busy.now_ms).jobs
        pages.record(busy.db, PageReport(history_id=job.history_id, page=Page(price="9")), now_ms=busy.now_ms)
        busy.now_ms += 60_000
        busy.claim()

    statements = traced(work)
    for part in ("undecided = 1", "verdict = 'repeat'", "'dropped'"):
        assert any(part in sql for sql in statements)
    assert busy.one("SELECT COUNT(*) FROM verdicts WHERE verdict = 'filtered'") > 2
    assert full_scans(busy, statements) == []


def test_trying_rules(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    rules = parse_rules("block title ~ x")
    statements = traced(lambda: [dry_run(busy.db, chat_id=11, number=n, rules=rules) for n in (1, None)])
    statements += traced(lambda: filters.add(busy.db, chat_id=11, number=None, rules=rules))
    assert any("undecided = 1" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_claiming_by_a_schedule(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    rules = parse_schedule("cap 20/day digest 08:00", PostingRules())
    schedules.change(busy.db, 10, lambda _: rules)
    busy.db.execute("UPDATE queue SET expires_ms = created_ms")

    def work() -> None:
        staleness.drop_stale(busy.db, now_ms=busy.now_ms - 1)
        delivery = next(each for each in busy.claim().deliveries if each.more)
        assert busy.receive(delivery, busy.begin(delivery), Sent(message_ids=(1,)))

    statements = traced(work)
    for part in ("expires_ms <=", "FROM posts", "head.position >=", "post_id ="):
        assert any(part in sql for sql in statements), part
    assert full_scans(busy, statements) == []


def test_looking_at_a_queue_and_changing_it(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    def work() -> None:
        found = queue_of(busy.db, 10, limit=5, pacing=busy.pacing, now_ms=busy.now_ms)
        assert moving.act(busy.db, found.rows[1].queue_id, "up", now_ms=busy.now_ms) == "queue_moved"
        place = Place(chat_id=10)
        assert posting.post(busy.db, place, url=LINKS + "0-0", now_ms=busy.now_ms) == "post_known"
        assert posting.post(busy.db, place, url=LINKS + "mine", now_ms=busy.now_ms) == "post_queued"

    assert full_scans(busy, traced(work)) == []


def test_writing_the_words_of_a_post(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    def work() -> None:
        first = queue_of(busy.db, 10, limit=1, pacing=busy.pacing, now_ms=busy.now_ms).rows[0].queue_id
        conversations.ask(busy.db, 7, about="edit", subject=first, question=1, now_ms=busy.now_ms)
        asked = conversations.asked(busy.db, 7)
        assert asked is not None
        words = {"text": "Mine", "by": "Ann"}
        refused = editing.take_text(busy.db, 7, asked, message_id=2, entities=(), now_ms=busy.now_ms, **words)
        assert refused is None
        assert queue.delivery(busy.db, first)[0].content.own is not None

    statements = traced(work)
    assert any("own_texts" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_the_last_posts(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    busy.db.execute("UPDATE chats SET last_send_ms = chat_id")
    statements = traced(lambda: [last_posts(busy.db, scope, limit=4) for scope in (None, (10, 11))])
    assert len(last_posts(busy.db, (10, 11), limit=4)) == 4
    assert full_scans(busy, statements) == []
    assert sum("queue_sent" in step for step in steps(busy, statements)) == 2


def test_moving_to_another_topic(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(lambda: topics.move_subscription(busy.db, 1, 5, now_ms=busy.now_ms))
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
        chores.waiting(busy.db, now_ms=busy.now_ms)
        is_unsettled(busy.db)
        watchdogs.look(busy.db, alert=(1, 0), now_ms=busy.now_ms)
        brake.ask(busy.db, alert=(1, 0), now_ms=busy.now_ms)
        out_of_reach.expire(busy.db, alert=(1, 0), now_ms=busy.now_ms)
        pages.release_dead_leases(busy.db, owner=busy.me)

    assert full_scans(busy, traced(work)) == []


def test_looking_for_a_post_in_doubt(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    delivery = busy.claim(limit=1).deliveries[0]
    assert busy.receive(delivery, busy.begin(delivery), Uncertain(error="timeout"))
    busy.now_ms += 60_000

    def work() -> None:
        hunt = reconciling.next_doubt(busy.db, owner=busy.me, place=(1, 0), now_ms=busy.now_ms)
        assert isinstance(hunt, reconciling.Hunt)
        reconciling.known_ids(busy.db, hunt.chat_id, after=hunt.after, since_post=hunt.post_id)
        reconciling.note_copy(busy.db, hunt, 5, now_ms=busy.now_ms)
        assert reconciling.settle(busy.db, hunt, Found(6), now_ms=busy.now_ms)
        reconciling.left_over(busy.db, owner=busy.me)
        approvals.ask(busy.db, alert=(1, 0), now_ms=busy.now_ms)

    assert full_scans(busy, traced(work)) == []


def test_finding_a_sample_for_a_template(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    for number in (None, 1):
        statements = traced(lambda number=number: templates.sample(busy.db, chat_id=10, number=number))  # type: ignore[misc]
        assert any("history.summary" in sql for sql in statements)
        assert full_scans(busy, statements) == []


def test_what_the_monitor_asks(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(lambda: reads_monitor.monitored(busy.db))
    assert len(statements) == 6
    assert full_scans(busy, statements) == []
    plans = [str(row[3]) for sql in statements for row in busy.rows(f"EXPLAIN QUERY PLAN {sql}")]
    partial = ("queue_heads", "queue_leased", "queue_doubtful", "queue_held")
    of_queue = [step for step in plans if " queue " in step]
    assert of_queue
    assert all(any(index in step for index in partial) for step in of_queue), "only what waits is counted"
    assert full_scans(busy, traced(lambda: reads_monitor.settled(busy.db))) == []


def test_whether_pages_wait(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(lambda: reads.pages_wait(busy.db))
    assert full_scans(busy, statements) == []
    plan = str([str(row[3]) for row in busy.rows(f"EXPLAIN QUERY PLAN {statements[0]}")])
    assert "history_pages" in plan
    assert "history_leased" in plan


def test_what_owners_look_at(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    for read in (administration.chat_states, administration.held, administration.suspended):
        assert full_scans(busy, traced(lambda read=read: read(busy.db))) == []  # type: ignore[misc]


def test_the_audit_log(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    read = traced(lambda: administration.log(busy.db, limit=80))
    forget = "DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT 9) AND at_ms < 1"
    for plan in (steps(busy, read), steps(busy, [forget])):
        assert not [step for step in plan if "TEMP B-TREE" in step]
    assert "SEARCH audit USING INTEGER PRIMARY KEY (rowid=?)" in steps(busy, [forget])


def test_showing_the_last_links_of_a_source(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    statements = traced(lambda: samples.latest(busy.db, chat_id=11, number=1, count=5, now_ms=busy.now_ms))
    assert any("sightings" in sql for sql in statements)
    assert full_scans(busy, statements) == []
    assert not any("TEMP B-TREE" in step for step in steps(busy, statements)), (
        "it reads no more than it shows"
    )


def test_counting_what_was_caught(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    found = steps(busy, traced(lambda: repeats.count(busy.db, now_ms=busy.now_ms)))
    assert sum("verdicts_repeats" in step for step in found) == 3
    assert sum("history_caught" in step for step in found) == 3
    assert any("COVERING INDEX sqlite_autoindex_queue" in step for step in found)


def test_posts_that_somebody_shows(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    busy.db.execute("UPDATE queue SET message_id = id WHERE state = 'sent'")
    (queue_id,) = busy.rows("SELECT id FROM queue WHERE state = 'sent' LIMIT 1")[0]
    known = Shown(text="", keys=(f"{LINKS}0-0",), fingerprint="0" * 64)
    by = amendments.By(user_id=1, name="Ann", now_ms=busy.now_ms)

    def work() -> None:
        for scope in (None, (10,)):
            sent_posts.find(busy.db, known, scope)
            sent_posts.find(busy.db, replace(known, keys=()), scope)
            sent_posts.find(busy.db, replace(known, origin=(10, 1)), scope)
        sent_posts.remember(busy.db, queue_id, known)
        post = sent_posts.get(busy.db, queue_id)
        assert post is not None
        sent_actions.around(busy.db, post)
        amendments.sell_out(busy.db, queue_id, by)
        amendments.delete(busy.db, queue_id, by)
        amendments.done_with(busy.db, queue_id)
        change = amendments.waiting(busy.db, now_ms=busy.now_ms)
        assert change is not None
        amendments.refused(busy.db, change.amendment_id, error="no", now_ms=busy.now_ms)
        amendments.is_any_pending(busy.db)

    assert full_scans(busy, traced(work)) == []


def test_an_overview(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(lambda: overview(busy.db, boot_id="boot", now_ms=busy.now_ms))
    assert len(statements) > 20
    assert full_scans(busy, statements) == []
    whole = ("SCAN queue", "SCAN history", "SCAN verdicts", "SCAN posts")
    by_part = ("queue_heads", "queue_timed", "queue_held", "queue_doubtful")
    scans = [step for step in steps(busy, statements) if step.startswith(whole)]
    assert [step for step in scans if not any(name in step for name in by_part)] == []


def test_an_overview_of_some_chats(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    statements = traced(lambda: chat_overview(busy.db, (10, 20), now_ms=busy.now_ms))
    assert len(statements) > 5
    assert full_scans(busy, statements) == []
    scans = [
        step for step in steps(busy, statements) if step.startswith(("SCAN queue", "SCAN subscriptions"))
    ]
    assert [step for step in scans if "queue_held" not in step] == []


def test_a_receipt(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    day_ms = 86_400_000
    now_ms = busy.now_ms
    statements = traced(
        lambda: receipts.fates_of(busy.db, 10, from_ms=now_ms - day_ms, until_ms=now_ms + day_ms)
    )
    assert full_scans(busy, statements) == []
    assert not any(step.startswith("SCAN verdicts") for step in steps(busy, statements))


def test_a_chart(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(lambda: chart_of(busy.db, now_ms=busy.now_ms))
    assert full_scans(busy, statements) == []
    whole = ("SCAN queue", "SCAN history", "SCAN verdicts", "SCAN posts")
    assert [step for step in steps(busy, statements) if step.startswith(whole)] == []


def test_subscriptions_are_counted_by_who_added_them(
    busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]
) -> None:
    busy.db.execute("UPDATE subscriptions SET added_by = id % 3")
    busy.db.execute("ANALYZE")

    def work() -> None:
        quotas.room_of(busy.db, 2, owners=())
        quotas.without_role(busy.db, owners=())
        roles.of_all(busy.db)

    statements = traced(work)
    counts = [step for step in steps(busy, statements) if re.match("(?:SEARCH|SCAN) subscriptions", step)]
    assert len(counts) == 3
    assert all("COVERING INDEX subscriptions_added_by" in step for step in counts)
    assert any("probes USING INDEX probes_waiting" in step for step in steps(busy, statements))

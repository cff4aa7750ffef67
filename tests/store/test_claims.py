"""Leasing sources: whose turn it is, host by host, and who gives them back."""

from typing import TYPE_CHECKING

from core.protocol import Owner, SourceId, Validators
from store import claims, processes, sources

if TYPE_CHECKING:
    from tests.store.conftest import Bench

MINUTE_MS = 60_000


def test_the_longest_due_comes_first_and_the_next_time_is_told(bench: "Bench") -> None:
    late, now, future = bench.source("late"), bench.source("now"), bench.source("future")
    for source_id, offset_ms in ((late, -5), (now, 0), (future, 7000)):
        bench.db.execute(
            "UPDATE sources SET next_check_ms = ? WHERE id = ?", (bench.now_ms + offset_ms, source_id)
        )
    claimed = bench.claim_due()
    assert [each.source_id for each in claimed.due] == [late, now]
    assert claimed.following_ms == bench.now_ms + 7000
    assert bench.claim_sources() == []
    bench.now_ms += 7000
    assert bench.claim_sources() == [future]


def test_no_more_than_the_limit_is_claimed(bench: "Bench") -> None:
    ids = [bench.source(str(number)) for number in range(3)]
    assert bench.claim_sources(limit=2) == ids[:2]
    assert bench.claim_sources(limit=2) == ids[2:]


def test_those_come_along_that_are_nearly_due(bench: "Bench") -> None:
    due, soon, later, often, backing_off = (
        bench.source(name) for name in ("due", "soon", "later", "often", "backing-off")
    )
    for source_id, left_ms, interval_ms, reason in (
        (due, 0, 1_600_000, "interval"),
        (soon, 60_000, 1_600_000, "interval"),
        (later, 60_001, 9_600_000, "interval"),
        (often, 10_000, 240_000, "interval"),
        (backing_off, 60_000, 1_600_000, "backoff"),
    ):
        next_ms = bench.now_ms + left_ms
        bench.db.execute(
            "UPDATE sources SET next_check_ms = ?, scheduled_ms = ?, next_check_reason = ? WHERE id = ?",
            (next_ms, next_ms - interval_ms, reason, source_id),
        )
    room = claims.Room(sources=10, hung=10)
    now_ms = bench.now_ms
    alone = claims.claim_due(bench.db, owner=bench.me, room=room, now_ms=now_ms - 1, due_by_ms=now_ms)
    assert [each.source_id for each in alone.due] == [due], "`once` asks only what is due"
    claims.give_back(bench.db, [due], owner=bench.me)
    assert bench.claim_sources(limit=1) == [due]
    assert bench.claim_sources() == [], "nothing is due, so nothing comes along"
    claims.give_back(bench.db, [due], owner=bench.me)
    claimed = bench.claim_due()
    assert [each.source_id for each in claimed.due] == [due, soon]
    assert claimed.following_ms == now_ms + 10_000
    assert claimed.lapses_ms == now_ms + claims.LEASE_MS


def test_what_a_claim_tells(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.subscribe(source_id, 11, interval_s=300)
    bench.poll(source_id, "a", validators=Validators(etag='W/"x"', last_modified="yesterday"))
    bench.poll(source_id, status="failed")
    bench.now_ms += 3_600_000
    claimed = bench.claim_due()
    [due] = claimed.due
    assert (due.kind, due.url, due.errors) == ("feed", "https://feed.example/", 1)
    assert due.validators == Validators(etag='W/"x"', last_modified="yesterday")
    assert claimed.following_ms is None


def test_a_source_with_somebody_new_is_read_in_full(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", validators=Validators(etag="x"))
    bench.subscribe(source_id, 11)
    sources.make_due(bench.db, source_id, now_ms=bench.now_ms)
    [due] = bench.claim_due().due
    assert due.validators == Validators()


def test_leases_keep_others_away_until_they_end(bench: "Bench") -> None:
    source_id = bench.source()
    assert bench.claim_sources() == [source_id]
    bench.now_ms += claims.LEASE_MS - 1
    assert bench.claim_sources() == []
    bench.now_ms += 1
    assert bench.claim_sources() == [source_id]


def test_a_report_ends_its_lease(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.now_ms += 10 * MINUTE_MS
    assert bench.claim_sources() == [source_id]
    bench.poll(source_id)
    bench.now_ms += 10 * MINUTE_MS
    assert bench.claim_sources() == [source_id]


def test_what_was_not_polled_can_be_given_back_by_its_owner_only(bench: "Bench") -> None:
    source_id = bench.source()
    stranger = Owner(boot_id="boot", incarnation=2)
    bench.claim_sources()
    claims.give_back(bench.db, [source_id], owner=stranger)
    assert bench.claim_sources() == []
    claims.give_back(bench.db, [source_id], owner=bench.me)
    assert bench.claim_sources() == [source_id]


def test_leases_of_the_dead_are_released_those_of_the_living_are_not(bench: "Bench") -> None:
    earlier_run = Owner(boot_id="earlier", incarnation=9)
    other_living = Owner(boot_id="other", incarnation=1)
    crashed = Owner(boot_id="boot", incarnation=1)
    me = Owner(boot_id="boot", incarnation=2)
    for owner in (earlier_run, other_living, crashed, me):
        bench.source(str(owner))
        assert len(bench.claim_sources(owner)) == 1
    bench.db.execute("INSERT INTO processes VALUES ('earlier', 1, 0, 0, 5), ('other', 2, 0, 0, NULL)")
    assert claims.release_dead_leases(bench.db, owner=me) == 2
    held = [owner for (owner,) in bench.rows("SELECT lease_owner FROM sources ORDER BY id")]
    assert held == [None, str(other_living), None, str(me)]


def test_the_next_run_knows_that_the_last_has_ended(bench: "Bench") -> None:
    source_id = bench.source()
    bench.claim_sources()
    processes.begin(bench.db, boot_id="next", pid=2, now_ms=bench.now_ms)
    bench.me = Owner(boot_id="next", incarnation=1)
    assert claims.release_dead_leases(bench.db, owner=bench.me) == 1
    assert bench.claim_sources() == [source_id]


def of_host(bench: "Bench", host: str, count: int) -> list[SourceId]:
    return [
        sources.upsert(bench.db, kind="feed", url=f"https://{host}/{number}", now_ms=bench.now_ms)
        for number in range(count)
    ]


def test_one_source_of_a_host_is_claimed_at_a_time(bench: "Bench") -> None:
    first, second = of_host(bench, "one.example", 2)
    [other] = of_host(bench, "other.example", 1)
    claimed = bench.claim_due()
    assert [each.source_id for each in claimed.due] == [first, other]
    assert [each.host for each in claimed.due] == ["one.example", "other.example"]
    assert claimed.waiting
    assert bench.claim_sources() == [second]


def test_busy_hosts_are_passed_over(bench: "Bench") -> None:
    of_host(bench, "busy.example", 50)
    [other] = of_host(bench, "other.example", 1)
    claimed = bench.claim_due(limit=2, busy=["busy.example"])
    assert [each.source_id for each in claimed.due] == [other]
    assert claimed.waiting
    assert bench.claim_due(limit=2, busy=["busy.example"]).due == ()


def test_only_so_many_that_hung_are_claimed(bench: "Bench") -> None:
    hung = [bench.watch(f"hung-{number}") for number in range(3)]
    for source_id in hung:
        bench.poll(source_id, status="failed", error="timeout")
    bench.now_ms += 30 * MINUTE_MS
    well = [bench.source(f"well-{number}") for number in range(2)]
    claimed = bench.claim_due(hung=2)
    assert sorted(each.source_id for each in claimed.due) == sorted([*hung[:2], *well])
    assert [each.hung for each in claimed.due] == [each.source_id in hung for each in claimed.due]
    assert bench.claim_due(hung=0).due == ()
    assert bench.claim_sources() == [hung[2]]


def test_what_tells_an_unchanged_document_comes_with_a_claim(bench: "Bench") -> None:
    source_id = bench.watch()
    known = Validators(etag="x", body_hash=b"hash")
    children = {
        "https://feed.example/a": Validators(last_modified="then", body_hash=b"\x00\xff", listed_ms=5),
        "https://feed.example/b": Validators(),
    }
    bench.poll(source_id, "a", validators=known, children=children)
    bench.now_ms += 30 * MINUTE_MS
    [due] = bench.claim_due().due
    assert (due.validators, due.children) == (known, children)
    bench.now_ms += 24 * 60 * MINUTE_MS
    [due] = bench.claim_due().due
    assert (due.validators, due.children) == (Validators(), {}), "once a day everything is read"


def test_what_a_source_showed_comes_with_a_claim(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.now_ms += 30 * MINUTE_MS
    [first] = bench.claim_due().due
    assert first.memory.hashes == frozenset()
    memory = first.memory.of([first.memory.hash_of("a"), first.memory.hash_of("b")])
    bench.poll(source_id, "a", "b", memory=memory)
    bench.now_ms += 30 * MINUTE_MS
    [second] = bench.claim_due().due
    assert second.memory == memory
    bench.poll(source_id, known=2, memory=memory)
    bench.subscribe(source_id, 11)
    bench.now_ms += 30 * MINUTE_MS
    [third] = bench.claim_due().due
    assert third.memory.hashes == frozenset(), "somebody new wants to hear of everything"

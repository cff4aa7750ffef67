"""Two links that turn out to be one: a rule for each conflict, and each is tested."""

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from core.protocol import Candidate, Sent, Uncertain
from store import chats, history, links, reads
from store.subscriptions import unsubscribe

if TYPE_CHECKING:
    from tests.store.conftest import Bench

LINKS = "https://links.example/"
STATES = ("sent", "sending", "uncertain", "in doubt", "pending", "held", "dropped", "dead")
STRENGTH = dict(zip(STATES, (4, 3, 3, 3, 2, 1, 0, 0), strict=True))


def merge(bench: "Bench", one: str = "a", other: str = "b") -> str:
    """Merge two links; return the name of the one that is kept."""
    kept = links.merge(bench.db, row_of(bench, one), row_of(bench, other), now_ms=bench.now_ms)
    return str(bench.one("SELECT normalized_url FROM history WHERE id = ?", kept)).removeprefix(LINKS)


def row_of(bench: "Bench", name: str) -> int:
    return int(bench.one("SELECT id FROM history WHERE normalized_url = ?", LINKS + name))


def queue_row_of(bench: "Bench", name: str) -> int:
    return int(bench.one("SELECT id FROM queue WHERE history_id = ?", row_of(bench, name)))


def set_state(bench: "Bench", name: str, state: str) -> None:
    reason = {"in doubt": "uncertain", "held": "suspended", "dropped": "unsubscribed"}.get(state)
    bench.db.execute(
        "UPDATE queue SET state = ?, reason = ? WHERE history_id = ?",
        ("held" if state == "in doubt" else state, reason, row_of(bench, name)),
    )


def moved_aside(bench: "Bench") -> list[tuple[Any, ...]]:
    return bench.rows("SELECT state, reason FROM queue WHERE edition < 0 AND edition = -id")


@pytest.fixture
def two(bench: "Bench") -> "Bench":
    """Queue two links for one chat, in this order."""
    bench.poll(bench.watch(), "a", "b")
    return bench


@pytest.mark.parametrize("one", STATES)
def test_of_two_outbox_rows_the_stronger_stays(one: str, bench: "Bench") -> None:
    source_id = bench.watch()
    for other in STATES:
        mine, theirs = f"a-{other}", f"b-{other}"
        bench.poll(source_id, mine, theirs)
        given = {mine: one, theirs: other}
        for name, state in given.items():
            set_state(bench, name, state)
        queued = {name: queue_row_of(bench, name) for name in given}
        kept = merge(bench, mine, theirs)
        assert kept == (theirs if other == "sent" != one else mine), "the one that was sent, else the older"
        ranks = {name: STRENGTH[state] for name, state in given.items()}
        winner = kept if ranks[mine] == ranks[theirs] else max(ranks, key=lambda name: ranks[name])
        loser = theirs if winner == mine else mine
        [(row_id, state)] = bench.rows(
            "SELECT id, state FROM queue WHERE edition = 0 AND history_id = ?", row_of(bench, kept)
        )
        assert row_id == queued[winner]
        assert state == ("held" if given[winner] == "in doubt" else given[winner])
        assert bench.rows(
            "SELECT history_id, state, reason FROM queue WHERE edition = -id AND id = ?", queued[loser]
        ) == [(row_of(bench, kept), "sent" if given[loser] == "sent" else "dropped", "merged")]
    assert reads.duplicates(bench.db) == 0


def test_a_row_that_goes_points_to_the_one_that_is_kept(two: "Bench") -> None:
    assert merge(two) == "a"
    assert two.rows("SELECT normalized_url, merged_into, state FROM history ORDER BY id") == [
        (LINKS + "a", None, "ready"),
        (LINKS + "b", 1, "known"),
    ]
    assert history.ids_of(two.db, [LINKS + "a", LINKS + "b"]) == {LINKS + "a": 1, LINKS + "b": 1}
    assert two.drain() == ["a"]


def test_repeating_changes_nothing(two: "Bench") -> None:
    merge(two)
    before = [two.rows(f"SELECT * FROM {table}") for table in ("history", "queue", "verdicts", "sightings")]
    two.now_ms += 1
    assert merge(two, "b", "a") == merge(two, "a", "a") == merge(two, "b", "b") == "a"
    assert before == [
        two.rows(f"SELECT * FROM {table}") for table in ("history", "queue", "verdicts", "sightings")
    ]


def test_rows_that_were_merged_follow(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b", "c", "d")
    assert merge(bench, "c", "d") == "c"
    assert merge(bench, "b", "d") == "b", "what was merged stands for what it was merged into"
    assert merge(bench, "a", "b") == "a"
    assert bench.rows("SELECT merged_into FROM history ORDER BY id") == [(None,), (1,), (1,), (1,)]
    assert bench.drain() == ["a"]


def test_the_older_is_kept_whatever_its_number(two: "Bench") -> None:
    two.db.execute("UPDATE history SET first_seen_ms = 5 WHERE id = 2")
    assert merge(two) == "b"


def test_the_one_that_was_sent_to_any_chat_is_kept(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    bench.poll(bench.watch("other", chat_id=11), "b")
    set_state(bench, "b", "sent")
    assert merge(bench) == "b"
    assert (bench.states(10), bench.states(11)) == ({"b": "pending"}, {"b": "sent"})


def test_rows_of_other_places_and_editions_do_not_meet(bench: "Bench") -> None:
    chats.ensure(bench.db, 10)
    bench.db.execute("UPDATE chats SET once = 'topic'")
    bench.poll(bench.watch("one", topic_id=1), "a")
    bench.poll(bench.watch("two", topic_id=2), "b")
    bench.db.execute(
        "INSERT INTO queue SELECT 9, chat_id, topic_id, scope, history_id, 1, subscription_id, lane,"
        " 9, state, reason, state_ms, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, 0, NULL"
        " FROM queue WHERE id = 1"
    )
    merge(bench)
    assert moved_aside(bench) == []
    assert bench.rows("SELECT scope, edition FROM queue WHERE history_id = 1 ORDER BY 1, 2") == [
        (1, 0),
        (1, 1),
        (2, 0),
    ]


def test_a_post_under_way_is_received(two: "Bench") -> None:
    """The link that goes is the one that is on its way to Telegram."""
    delivery = two.claim_one()
    post_id = two.begin(delivery)
    two.db.execute("UPDATE history SET first_seen_ms = 5 WHERE id = 2")
    assert merge(two) == "b"
    assert two.receive(delivery, post_id, Sent(message_ids=(70,)))
    assert two.rows("SELECT state, message_id FROM queue WHERE edition = 0") == [("sent", 70)]


def test_a_claim_that_was_not_begun_is_void(two: "Bench") -> None:
    two.db.execute("UPDATE queue SET state = 'sent' WHERE id = 2")
    delivery = two.claim_one()
    merge(two)
    assert two.begin(delivery) is None
    assert two.claim().deliveries == ()


def test_a_doubt_blocks_what_is_pending(two: "Bench") -> None:
    two.send(Uncertain(error="timeout"))
    assert merge(two) == "a"
    two.now_ms += 10 * 60_000
    assert two.claim().deliveries == ()
    assert two.rows("SELECT state FROM queue WHERE edition = 0") == [("uncertain",)]


def test_sightings_are_the_earliest(bench: "Bench") -> None:
    both, only = bench.watch("both"), bench.watch("only")
    bench.poll(both, "a")
    bench.now_ms += 1000
    bench.poll(both, "b")
    bench.poll(only, "b")
    bench.db.execute("UPDATE sightings SET seen_ms = 7, position = 3, guid = 'g' WHERE history_id = 2")
    bench.db.execute("UPDATE sightings SET seen_ms = 8 WHERE history_id = 1")
    merge(bench)
    assert bench.rows("SELECT source_id, history_id, seen_ms, position, guid FROM sightings ORDER BY 1") == [
        (both, 1, 7, 3, "g"),
        (only, 1, 7, 3, "g"),
    ]


def test_a_later_sighting_changes_nothing(two: "Bench") -> None:
    two.db.execute("UPDATE sightings SET seen_ms = 9 WHERE history_id = 1")
    merge(two)
    assert two.rows("SELECT seen_ms, guid FROM sightings") == [(9, "a")]


@pytest.mark.parametrize(
    ("one", "other", "then"),
    [
        ("wanted", "block", "wanted"),
        ("block", "wanted", "wanted"),
        ("repeat", "wanted", "wanted"),
        ("backlog", "repeat", "backlog"),
        (None, "block", "block"),
        ("block", None, "block"),
    ],
)
def test_wanted_wins(one: str | None, other: str | None, then: str, bench: "Bench") -> None:
    bench.poll(bench.source("silent"), "a", "b")
    subscribed = bench.subscribe(bench.source())
    for history_id, verdict in ((1, one), (2, other)):
        if verdict is not None:
            bench.db.execute(
                "INSERT INTO verdicts VALUES (?, ?, ?, 'rule', 5)",
                (subscribed.subscription_id, history_id, verdict),
            )
    merge(bench)
    assert bench.rows("SELECT history_id, verdict FROM verdicts") == [(1, then)]


def test_the_weaker_wish_of_another_source_is_a_repeat_that_inherits(bench: "Bench") -> None:
    """When the source whose row stayed is removed, the other one of the place still wants the link."""
    first = bench.subscribe(bench.watch("one"))
    second = bench.subscribe(bench.watch("two"))
    bench.poll(bench.source("one"), "a")
    bench.poll(bench.source("two"), "b")
    merge(bench)
    assert (bench.verdicts(first), bench.verdicts(second)) == ({"a": "wanted"}, {"a": "repeat"})
    unsubscribe(bench.db, [first.subscription_id], now_ms=bench.now_ms)
    assert bench.drain() == ["a"]


def test_the_weaker_wish_of_the_same_source_stays_a_wish(two: "Bench") -> None:
    merge(two)
    assert two.rows("SELECT history_id, verdict FROM verdicts") == [(1, "wanted")]


def test_aliases_of_both_lead_to_the_one(two: "Bench") -> None:
    two.db.execute(
        "INSERT INTO aliases VALUES (?, 2, 'redirect'), (?, 1, 'wrapper')", (LINKS + "x", LINKS + "y")
    )
    merge(two)
    assert two.rows("SELECT history_id FROM aliases") == [(1,), (1,)]
    two.poll(two.source("third"), "x", "y", "b")
    assert two.one("SELECT COUNT(*) FROM history") == 2


def accept(bench: "Bench", name: str, **said: Any) -> None:
    candidate = Candidate(key=LINKS + name, url=LINKS + name + "?given", **said)
    history.accept(bench.db, bench.source(), [candidate], now_ms=bench.now_ms)


def test_what_one_does_not_say_the_other_adds(bench: "Bench") -> None:
    accept(bench, "a", title="A", author="Ann")
    accept(bench, "b", title="B", summary="s", image="i", author="Bob", tags=("t",), published_ms=7)
    bench.db.execute("UPDATE history SET page = '{}' WHERE id = 2")
    merge(bench)
    assert bench.rows("SELECT url, title, summary, image, author, tags, published_ms, page FROM history")[
        0
    ] == (
        *(LINKS + "a?given", "A", "s", "i", "Ann"),
        *(json.dumps(["t"]), 7, "{}"),
    )


@pytest.mark.parametrize(
    ("one", "other", "then", "until"),
    [
        ("known", "ready", "ready", 5),
        ("ready", "known", "ready", 5),
        ("known", "fetching", "accepted", 5),
        ("fetching", "known", "fetching", 5),
        ("accepted", "fetching", "accepted", 5),
        ("known", "known", "known", 5),
    ],
)
def test_the_further_way_counts(one: str, other: str, then: str, until: int, bench: "Bench") -> None:
    for name, state in (("a", one), ("b", other)):
        accept(bench, name)
        bench.db.execute(
            "UPDATE history SET state = ?, ready_by_ms = 4 + id WHERE normalized_url = ?",
            (state, LINKS + name),
        )
    merge(bench)
    assert bench.rows("SELECT state, ready_by_ms FROM history") == [(then, until), ("known", None)]


def test_the_first_time_either_was_seen(bench: "Bench") -> None:
    accept(bench, "a")
    bench.now_ms -= 1000
    accept(bench, "b")
    bench.db.execute("INSERT INTO chats (chat_id) VALUES (10)")
    bench.db.execute(
        """INSERT INTO queue (chat_id, history_id, position, state, state_ms, created_ms)
        VALUES (10, 1, 1, 'sent', 5, 5)"""
    )
    assert merge(bench) == "a"
    assert bench.one("SELECT first_seen_ms FROM history WHERE id = 1") == bench.now_ms


@pytest.mark.parametrize(
    ("one", "other", "title", "private_to"),
    [
        (None, 1, "A", None),
        (1, None, "B", None),
        (1, 1, "A", 1),
        (1, 2, "A", 1),
    ],
)
def test_what_is_private_gives_way_to_what_is_public(
    one: int | None, other: int | None, title: str, private_to: int | None, bench: "Bench"
) -> None:
    for chat_id in (10, 11):
        bench.subscribe(bench.source(), chat_id)
    for name, owner in (("a", one), ("b", other)):
        accept(bench, name, title=name.upper(), summary=f"of {owner}")
        bench.db.execute("UPDATE history SET private_to = ? WHERE normalized_url = ?", (owner, LINKS + name))
    bench.db.execute("UPDATE history SET summary = '' WHERE id = 1")
    merge(bench)
    row = bench.rows("SELECT title, private_to, summary, url FROM history WHERE id = 1")[0]
    assert row[:2] == (title, private_to)
    # What the row that goes showed to its owner alone is told to nobody else.
    assert row[2] == ("" if other not in (None, one) else f"of {other}")
    assert row[3] == LINKS + title.lower() + "?given"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_merged_in_whatever_order(seed: int, bench: "Bench") -> None:
    rng = random.Random(seed)
    names = [f"link{number}" for number in range(12)]
    for chat_id in (10, 11):
        for source in ("one", "two"):
            bench.poll(bench.watch(source, chat_id), *rng.sample(names, 7))
    for (row_id,) in bench.rows("SELECT id FROM queue"):
        state = rng.choice([state for state in STATES if state != "in doubt"])
        bench.db.execute("UPDATE queue SET state = ?, reason = 'suspended' WHERE id = ?", (state, row_id))
    sent = bench.rows("SELECT id FROM queue WHERE state = 'sent' ORDER BY id")
    wanted = set(bench.rows("SELECT id, chat_id FROM queue"))
    known = [
        name for name in names if bench.rows("SELECT 1 FROM history WHERE normalized_url = ?", LINKS + name)
    ]
    for _ in range(15):
        merge(bench, *rng.sample(known, 2))
        assert set(bench.rows("SELECT id, chat_id FROM queue")) == wanted, "no row is lost or moves"
        assert bench.rows("SELECT id FROM queue WHERE state = 'sent' ORDER BY id") == sent
        for table in ("queue", "sightings", "verdicts"):
            orphans = f"SELECT 1 FROM {table} JOIN history ON history.id = history_id WHERE merged_into > 0"
            assert bench.rows(orphans) == []
        chains = """SELECT 1 FROM history JOIN history AS kept ON kept.id = history.merged_into
            WHERE kept.merged_into > 0"""
        assert bench.rows(chains) == []
        repeated = """SELECT 1 FROM queue AS waits JOIN queue AS other
            ON other.chat_id = waits.chat_id AND other.history_id = waits.history_id
            WHERE waits.state = 'pending' AND other.id <> waits.id AND other.state <> 'dropped'"""
        assert bench.rows(repeated) == [], "nothing waits beside what is, or may be, in the chat"


def test_keys_can_be_swapped(two: "Bench") -> None:
    links.swap_keys(two.db, 1, 2)
    assert two.rows("SELECT normalized_url FROM history ORDER BY id") == [(LINKS + "b",), (LINKS + "a",)]


def test_merging_is_by_index(bench: "Bench") -> None:
    plan = bench.rows("EXPLAIN QUERY PLAN UPDATE history SET merged_into = 1 WHERE merged_into = 2")
    assert "history_merged" in str(plan)

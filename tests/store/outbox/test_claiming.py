"""Claims under a schedule, fairness between chats, and what a claim costs."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.posting.rules import PostingRules, parse_rules
from core.protocol import Deferred, NotSent, Rejected, Sent, Uncertain
from store import queue
from store.outbox import claiming, schedules, staleness

if TYPE_CHECKING:
    from tests.store.conftest import Bench

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
# The bench's clock begins at 08:00 UTC.


def schedule(bench: "Bench", rules: str, chat_id: int = 10) -> None:
    schedules.change(bench.db, chat_id, lambda before: parse_rules(rules, before))


def names(claimed: claiming.Claimed) -> list[list[str]]:
    return [[each.content.title.lower() for each in post.together] for post in claimed.deliveries]


def unbraked(bench: "Bench") -> None:
    bench.polling = replace(bench.polling, flood_brake=0)


def numbered(count: int, letter: str = "n") -> list[str]:
    return [f"{letter}{number:04}" for number in range(count)]


@pytest.mark.parametrize(
    ("rules", "hours"),
    [
        ("hold 07:00-09:00", 1),
        ("window 10:00-11:00", 2),
        ("digest 12:00", 4),
        ("hold 07:00-09:00 digest 09:00,12:00", 1),
    ],
)
def test_a_schedule_says_when_the_next_claim_is_worth_it(bench: "Bench", rules: str, hours: int) -> None:
    bench.poll(bench.watch(), "a")
    schedule(bench, rules)
    assert bench.claim() == claiming.Claimed(next_ms=bench.now_ms + hours * HOUR_MS)
    bench.now_ms += hours * HOUR_MS
    assert names(bench.claim()) == [["a"]]


def test_a_cap_counts_what_was_sent_or_may_have_been_since_the_day_began_there(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abcdef")
    schedule(bench, "cap 2")
    schedules.set_zone(bench.db, 10, "Asia/Tokyo")  # midnight at 15:00 UTC
    bench.send(NotSent(error="no network"))
    bench.now_ms += 1000
    bench.send(Rejected(error="no"))
    bench.now_ms += 1000
    bench.send()
    bench.now_ms += 1000
    bench.send(Uncertain(error="timeout"))
    bench.now_ms += claiming.DOUBT_BLOCKS_MS
    assert bench.claim().next_ms == bench.now_ms // DAY_MS * DAY_MS + 15 * HOUR_MS
    bench.now_ms = bench.now_ms // DAY_MS * DAY_MS + 15 * HOUR_MS
    assert names(bench.claim()) == [["c"]]


def test_a_flood_wait_widens_the_gap_of_its_chat_alone(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=10)
    bench.subscribe(source_id, 11)
    bench.poll(source_id)
    bench.poll(source_id, "a", "b")
    first, second = bench.claim().deliveries
    bench.receive(first, bench.begin(first), Deferred(retry_after_s=5))
    bench.receive(second, bench.begin(second), Sent(message_ids=(1,)))
    bench.now_ms += 5000
    for delivery in bench.claim().deliveries:
        bench.receive(delivery, bench.begin(delivery), Sent(message_ids=(2,)))
    bench.now_ms += 1000
    assert bench.claim().next_ms == pytest.approx(bench.now_ms + 1000, abs=5), "two seconds instead of one"
    assert bench.rows("SELECT chat_id, flood_widening FROM chats ORDER BY 1") == [(10, 2.0), (11, 1.0)]


def test_what_was_let_go_at_once_shares_posts_in_order(bench: "Bench") -> None:
    unbraked(bench)
    many = numbered(100)
    bench.poll(bench.watch(), "first")
    bench.now_ms += 1
    bench.poll(bench.source(), "first", *many)
    bench.poll(bench.watch("other", 11), *many[:20])
    assert names(bench.claim()) == [["first"], [many[0]]], "twenty are not too many"
    bench.db.execute("UPDATE queue SET lease_owner = NULL")
    bench.send_all()
    posts = [[each.content.title.lower() for each in post.together] for post in bench.sent if post.more]
    assert posts == [many[:80], many[80:]]
    assert bench.one("SELECT COUNT(*) FROM queue WHERE state <> 'sent'") == 0


def test_what_found_no_room_in_a_digest_goes_next(bench: "Bench") -> None:
    unbraked(bench)
    many = numbered(30)
    bench.poll(bench.watch(), *many)
    delivery = bench.claim_one()
    assert len(delivery.together) == 30
    fitting = replace(delivery, more=delivery.more[:24])
    bench.receive(fitting, bench.begin(fitting), Sent(message_ids=(7,)))
    assert bench.rows("SELECT message_id, COUNT(*) FROM queue GROUP BY 1") == [(None, 5), (7, 25)]
    bench.now_ms += 1000
    assert names(bench.claim()) == [many[25:]], "a digest too, though they are few"


def test_a_digest_moves_on_as_one(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abc")
    schedule(bench, "digest 08:00")
    delivery = bench.claim_one()
    assert [each.content.title for each in delivery.together] == ["A", "B", "C"]
    post_id = bench.begin(delivery)
    assert bench.receive(delivery, post_id, Uncertain(error="timeout"))
    assert bench.rows("SELECT DISTINCT state, post_id FROM queue") == [("uncertain", post_id)]
    assert bench.receive(delivery, post_id, Sent(message_ids=(5,))), "an answer that comes late"
    assert not bench.receive(delivery, post_id, Sent(message_ids=(5,)))
    assert bench.rows("SELECT DISTINCT state, message_id FROM queue") == [("sent", 5)]


def test_a_row_that_was_lost_meanwhile_gives_the_whole_digest_back(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abc")
    schedule(bench, "digest 08:00")
    delivery = bench.claim_one()
    bench.db.execute("UPDATE queue SET state = 'dropped', reason = 'merged' WHERE id = 2")
    assert bench.begin(delivery) is None
    assert names(bench.claim()) == [["a", "c"]]


def test_a_refused_digest_is_taken_apart(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abc")
    schedule(bench, "digest 08:00")
    bench.send(Rejected(error="no"))
    bench.now_ms += 1000
    assert names(bench.claim()) == [["a"]]
    assert bench.one("SELECT COUNT(*) FROM queue WHERE state = 'pending'") == 3


def test_links_of_other_topics_and_by_hand_have_posts_of_their_own(bench: "Bench") -> None:
    bench.watch("one", topic_id=1)
    bench.watch("two", topic_id=2)
    bench.poll(bench.source("one"), "a", "b")
    bench.poll(bench.source("two"), "c", "d")
    bench.poll(bench.source("one"), "e")
    bench.db.execute("UPDATE queue SET lane = ? WHERE id = 2", (queue.LANE_HAND,))
    schedule(bench, "digest 08:00")
    bench.send_all()
    posts = [[each.content.title.lower() for each in post.together] for post in bench.sent]
    assert posts == [["b"], ["a", "e"], ["c", "d"]]


def test_a_digest_waits_for_pages_but_not_for_times_far_off(bench: "Bench") -> None:
    unbraked(bench)
    bench.poll(bench.watch(), *numbered(30))
    page_ms, far_ms = bench.now_ms + 60_000, bench.now_ms + DAY_MS
    bench.db.execute("UPDATE queue SET not_before_ms = ?, waits_from_ms = 1 WHERE id = 5", (page_ms,))
    bench.db.execute("UPDATE queue SET not_before_ms = ?, waits_from_ms = 1 WHERE id = 29", (far_ms,))
    assert bench.claim() == claiming.Claimed(next_ms=page_ms)
    bench.now_ms = page_ms
    assert len(bench.claim_one().together) == 28


def test_what_is_stale_is_dropped_and_nothing_else(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, *"abcd")
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'uncertain' WHERE id = 1")
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE id = 2")
    bench.db.execute("UPDATE queue SET lease_owner = 'boot/1' WHERE id = 3")
    subscription = bench.one("SELECT id FROM subscriptions")
    bench.db.execute("UPDATE subscriptions SET expire_s = 60")
    staleness.set_expiry(bench.db, subscription, 60.0)
    bench.now_ms += 30_000
    bench.poll(source_id, *"abcde")
    assert staleness.drop_stale(bench.db, now_ms=bench.now_ms) == 0
    bench.now_ms += 30_000
    assert staleness.drop_stale(bench.db, now_ms=bench.now_ms) == 1
    assert bench.states() == {
        "a": "held(uncertain)", "b": "sent", "c": "pending", "d": "dropped(expired)", "e": "pending",
    }  # fmt: skip
    bench.now_ms += 30_000
    staleness.set_expiry(bench.db, subscription, None)
    assert staleness.drop_stale(bench.db, now_ms=bench.now_ms) == 0


def test_a_claim_costs_the_same_whatever_waits_behind(bench: "Bench") -> None:
    """Two chats, one of them with ten thousand posts: steps of SQLite's machine are counted, not time."""
    source_id = bench.watch(chat_id=10)
    bench.poll(bench.watch("other", 11), "x", "y")

    def steps() -> int:
        count = 0

        def step() -> int:
            nonlocal count
            count += 1
            return 0

        bench.db.conn.set_progress_handler(step, 1)
        claimed = bench.claim()
        bench.db.conn.set_progress_handler(None, 0)
        assert {post.place.chat_id for post in claimed.deliveries} == {10, 11}
        bench.db.execute("UPDATE queue SET lease_owner = NULL")
        return count

    schedule(bench, "fold off")
    for name in numbered(400):
        bench.poll(source_id, name)
    few = steps()
    bench.db.execute(
        """WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9600)
        INSERT INTO history (normalized_url, url, first_seen_ms, rules_version)
        SELECT 'https://many.example/' || n, 'https://many.example/' || n, 0, 1 FROM numbers"""
    )
    bench.db.execute(
        """INSERT INTO queue (chat_id, history_id, position, state_ms, created_ms)
        SELECT 10, id, 1000 + id, 0, 0 FROM history WHERE url LIKE 'https://many.example/%'"""
    )
    assert steps() <= few * 1.1
    schedule(bench, "fold 20")
    bench.db.execute("UPDATE queue SET released_ms = ?", (bench.now_ms,))
    assert steps() <= few + 80 * 1500, "a digest costs what its links cost"


def test_nothing_is_begun_while_everything_is_frozen(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    delivery = bench.claim_one()
    claiming.freeze_everywhere(bench.db, until_ms=bench.now_ms + 5000, now_ms=bench.now_ms)
    assert bench.begin(delivery) is None
    assert bench.claim() == claiming.Claimed(next_ms=bench.now_ms + 5000)
    bench.now_ms += 5000
    assert names(bench.claim()) == [["a"]]


def test_a_schedule_that_was_never_set_is_none(bench: "Bench") -> None:
    found = schedules.schedule_of(bench.db, 77, pacing=bench.pacing, now_ms=bench.now_ms)
    assert (found.rules, found.zone, found.chosen, found.next.why) == (PostingRules(), "UTC", False, "now")

"""Rows of posts in doubt: which is looked for next, what is known around it, and what came of it."""

from typing import TYPE_CHECKING

import pytest

from core.probe import Found, NotThere, Untold
from core.protocol import Owner, Sent, Uncertain
from core.uncertainty import UncertainAfter, UncertainPolicy
from store import chats, doubts, reconciling
from store.reconciling import Hunt

if TYPE_CHECKING:
    from tests.store.conftest import Bench

MINUTE_MS = 60_000
PLACE = (1, 0)
POLICY = UncertainPolicy(on_uncertain="ask", after=UncertainAfter(wait_s=86_400, then="drop"))


@pytest.fixture
def doubted(bench: "Bench") -> "Bench":
    """Send one post and bring the next one in doubt, with a third behind it."""
    bench.poll(bench.watch(), "a", "b", "c")
    bench.send(Sent(message_ids=(7,)))
    bench.now_ms += 5000
    bench.send(Uncertain(error="timeout"))
    return bench


def begin(bench: "Bench", owner: Owner | None = None) -> Hunt:
    bench.now_ms += MINUTE_MS
    hunt = reconciling.next_doubt(
        bench.db, owner=owner or bench.me, place=PLACE, shared_id=99, now_ms=bench.now_ms
    )
    assert isinstance(hunt, Hunt)
    return hunt


def settle(bench: "Bench", hunt: Hunt, verdict: Found | NotThere | Untold) -> bool:
    return reconciling.settle(bench.db, hunt, verdict, now_ms=bench.now_ms)


def test_nothing_is_looked_for_before_a_minute_has_passed(doubted: "Bench") -> None:
    due = reconciling.next_doubt(doubted.db, owner=doubted.me, place=PLACE, now_ms=doubted.now_ms)
    assert due == doubted.now_ms + MINUTE_MS
    hunt = begin(doubted)
    assert (hunt.chat_id, hunt.after, hunt.place_after) == (10, 7, 99)
    assert reconciling.known_ids(doubted.db, 10, after=0, since_post=hunt.post_id) == {7}


def test_a_post_that_is_found_is_sent(doubted: "Bench") -> None:
    hunt = begin(doubted)
    assert settle(doubted, hunt, Found(101))
    assert doubted.states() == {"a": "sent", "b": "sent", "c": "pending"}
    assert doubted.one("SELECT message_id FROM queue WHERE id = 2") == 101
    assert chats.highest_id(doubted.db, 10) == 101
    assert not settle(doubted, hunt, NotThere())


def test_a_post_that_is_not_there_goes_out_in_its_turn(doubted: "Bench") -> None:
    assert settle(doubted, begin(doubted), NotThere())
    assert doubted.states() == {"a": "sent", "b": "pending", "c": "pending"}
    assert doubted.claim_one().content.title == "B"


def test_where_looking_does_not_tell_the_operator_decides(doubted: "Bench") -> None:
    def decide() -> int:
        return doubts.settle(
            doubted.db, policy=POLICY, alert=doubted.alert, now_ms=doubted.now_ms, looked_for=True
        )

    hunt = begin(doubted)
    assert decide() == 0
    assert doubted.states()["b"] == "uncertain"
    assert settle(doubted, hunt, Untold("no_end"))
    assert decide() == 1
    assert doubted.states()["b"] == "held(uncertain)"
    assert not settle(doubted, hunt, NotThere()), "a person has been asked"
    assert settle(doubted, hunt, Found(101)), "but what is there is there"
    code, args, _ = doubted.notices()[-1]
    assert (code, args["verdict"]) == ("uncertain.answered", "found")


def test_a_doubt_blocks_its_chat_for_two_minutes(doubted: "Bench") -> None:
    doubted.now_ms += 2 * MINUTE_MS - 1
    assert doubted.claim().deliveries == ()
    doubted.now_ms += 1
    doubts.settle(doubted.db, policy=POLICY, alert=doubted.alert, now_ms=doubted.now_ms, looked_for=True)
    assert doubted.states()["b"] == "held(uncertain)"
    assert doubted.claim_one().content.title == "C"


def test_a_doubt_gets_its_time_again_after_a_pause(doubted: "Bench") -> None:
    doubted.now_ms += 60 * MINUTE_MS
    reconciling.begin_anew(doubted.db, now_ms=doubted.now_ms)
    assert doubted.claim().deliveries == ()
    assert begin(doubted).queue_id == 2


def test_copies_are_remembered_until_they_are_deleted(doubted: "Bench") -> None:
    hunt = begin(doubted)
    reconciling.note_copy(doubted.db, hunt, 120, now_ms=doubted.now_ms)
    later = Owner(boot_id="boot", incarnation=2)
    assert reconciling.left_over(doubted.db, owner=doubted.me) == []
    (mine,) = reconciling.left_over(doubted.db, owner=later)
    assert (mine.copies, mine.chat_id, mine.fingerprint) == ((120,), 10, hunt.fingerprint)
    free_ms = reconciling.free_at_ms(doubted.db, 1, pacing=doubted.pacing, now_ms=doubted.now_ms)
    assert free_ms == doubted.now_ms + 1000
    reconciling.end(doubted.db, mine, now_ms=doubted.now_ms)
    assert reconciling.left_over(doubted.db, owner=Owner(boot_id="boot", incarnation=3)) == []


def test_a_copy_may_be_of_an_earlier_post_whose_message_is_not_known(doubted: "Bench") -> None:
    hunt = begin(doubted)
    doubted.db.execute("UPDATE posts SET fingerprint = 'earlier' WHERE id = 1")
    assert reconciling.stray_fingerprints(doubted.db, hunt) == {"print"}
    doubted.db.execute("UPDATE posts SET message_ids = '[]' WHERE id = 1")
    assert reconciling.stray_fingerprints(doubted.db, hunt) == {"print", "earlier"}


def test_a_post_in_doubt_is_never_taken_for_a_stray_copy(doubted: "Bench") -> None:
    hunt = begin(doubted)
    assert reconciling.stray_fingerprints(doubted.db, hunt) == {"print"}
    doubted.poll(doubted.watch("other", chat_id=1), "d")
    doubted.begin(doubted.claim_one())
    assert reconciling.stray_fingerprints(doubted.db, hunt) == set()


def test_a_copy_of_an_earlier_post_in_doubt_is_a_stray_copy_too(doubted: "Bench") -> None:
    assert settle(doubted, begin(doubted), Untold("no_end"))
    doubted.db.execute("UPDATE posts SET fingerprint = 'earlier' WHERE message_ids = '[]' AND kind = 'link'")
    doubted.db.execute("UPDATE queue SET state = 'held' WHERE state = 'uncertain'")
    doubted.now_ms += 5000
    doubted.send(Uncertain(error="timeout"))
    hunt = begin(doubted)
    assert reconciling.stray_fingerprints(doubted.db, hunt) == {"earlier", "print"}

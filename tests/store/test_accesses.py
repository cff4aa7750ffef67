"""Sources of one subscription's own: moved to and from with nothing lost and nothing repeated."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.access import Access
from core.errors import UserError
from core.protocol import Candidate, Place, PollReport, SourceId
from store import accesses, adding, sources
from store.adding import Wish
from store.subscriptions import Subscribed

if TYPE_CHECKING:
    from tests.store.conftest import Bench

OWN = Access(origin="https://feed.example:443", headers=(("X-Key", "abc"),))
NONE = Access()


def give(bench: "Bench", subscribed: Subscribed, access: Access = OWN) -> SourceId:
    return accesses.give(bench.db, subscribed.subscription_id, access, now_ms=bench.now_ms)


def later(bench: "Bench", seconds: int = 60) -> None:
    bench.now_ms += seconds * 1000


def test_two_subscriptions_with_values_share_no_source(bench: "Bench") -> None:
    public = bench.source()
    one, two, three = (bench.subscribe(public, chat_id) for chat_id in (10, 11, 12))
    mine, theirs = give(bench, one), give(bench, two)
    assert len({public, mine, theirs}) == 3
    assert bench.rows("SELECT source_id, number FROM subscriptions ORDER BY id") == [
        (mine, one.number),
        (theirs, two.number),
        (public, three.number),
    ]
    assert give(bench, one, replace(OWN, user_agent="x")) == mine, "other values, the same source"
    assert give(bench, one, NONE) == public
    assert bench.rows("SELECT state, credentials FROM sources WHERE id = ?", mine) == [("paused", None)]


def test_readers_of_documents_never_see_the_reserved_rule(bench: "Bench") -> None:
    rules = '{"item":".card"}'
    wish = Wish(
        place=Place(chat_id=10), kind="list", url="https://feed.example/", rules=rules, backlog="none"
    )
    done = adding.add(bench.db, wish, now_ms=bench.now_ms)
    give(bench, done)
    [due] = bench.claim_due().due
    assert (due.rules, due.access) == (rules, OWN)
    assert "abc" not in repr(due)
    assert not adding.add(bench.db, wish, now_ms=bench.now_ms).created, "the place watches it already"


def test_new_source_goes_on_where_the_old_one_was(bench: "Bench") -> None:
    public = bench.source()
    mine = bench.subscribe(public)
    bench.poll(public, "a", "b")
    later(bench)
    bench.poll(public, "a", "b", "c")
    own = give(bench, mine)
    bench.poll(own, "a", "b", "c", "d")
    assert bench.states() == {"c": "pending", "d": "pending"}
    assert bench.verdicts(mine) == {"a": "backlog", "b": "backlog", "c": "wanted", "d": "wanted"}


def test_public_source_that_nobody_watched_meanwhile_brings_no_backlog_back(bench: "Bench") -> None:
    mine = bench.subscribe(bench.source())
    own = give(bench, mine)
    bench.poll(own, "a", "b")
    later(bench)
    public = give(bench, mine, NONE)
    bench.poll(public, "a", "b", "c")
    assert bench.states() == {"c": "pending"}


def test_what_the_shared_source_showed_since_the_last_look_is_wished_at_once(bench: "Bench") -> None:
    public = bench.source()
    bench.subscribe(public, 11)
    mine = bench.subscribe(public)
    bench.poll(public, "a")
    own = give(bench, mine)
    later(bench)
    bench.poll(own, "a")
    later(bench)
    bench.poll(public, "a", "b")
    give(bench, mine, NONE)
    assert bench.states() == {"b": "pending"}
    later(bench)
    bench.poll(public, "a", "b", "c")
    assert bench.states() == {"b": "pending", "c": "pending"}
    assert bench.states(11) == {"b": "pending", "c": "pending"}


def test_what_only_the_values_opened_does_not_reach_others_later(bench: "Bench") -> None:
    public = bench.source()
    bench.subscribe(public, 11)
    mine = bench.subscribe(public)
    bench.poll(public, "a")
    own = give(bench, mine)
    bench.poll(own, "hidden", "a")
    give(bench, mine, NONE)
    later(bench)
    bench.poll(public, "a")
    assert bench.states(11) == {}
    bench.poll(public, "a", "hidden")
    assert bench.states(11) == {"hidden": "pending"}, "new to the public source is new to its subscribers"


@pytest.mark.parametrize(("hidden", "state"), [(0, "pending"), (6, "held(flood_brake)")])
def test_a_flood_of_what_only_the_values_open_is_held(bench: "Bench", hidden: int, state: str) -> None:
    bench.polling = replace(bench.polling, flood_brake=5)
    public = bench.source()
    mine = bench.subscribe(public)
    old = [f"old{number}" for number in range(20)]
    bench.poll(public, *old)
    later(bench)
    own = give(bench, mine)
    later(bench)
    bench.poll(own, *old, "new", *(f"hidden{number}" for number in range(hidden)))
    assert list(bench.states().values()) == [state] * (1 + hidden), "what was there before is no flood"


def test_one_that_has_not_seen_its_source_gets_the_backlog_of_the_new_one(bench: "Bench") -> None:
    mine = bench.subscribe(bench.source(), backlog="1")
    own = give(bench, mine)
    bench.poll(own, "a", "b")
    assert bench.states() == {"b": "pending"}


def test_entries_without_a_link_are_known_on_both_sides(bench: "Bench") -> None:
    public = bench.source()
    mine = bench.subscribe(public)

    def poll(source_id: SourceId, *digests: str) -> None:
        candidates = tuple(
            Candidate(key=f"entry:{source_id}:{digest * 32}", url="https://site.example/", title=digest)
            for digest in digests
        )
        report = PollReport(source_id=source_id, status="ok", candidates=candidates)
        sources.record_poll(bench.db, report, policy=bench.polling, jitter=0.5, now_ms=bench.now_ms)

    def titles() -> list[str]:
        return [
            row[0] for row in bench.rows("SELECT title FROM queue JOIN history ON history.id = history_id")
        ]

    poll(public, "a")
    own = give(bench, mine)
    later(bench)
    poll(own, "a", "b")
    assert titles() == ["b"]
    give(bench, mine, NONE)
    later(bench)
    poll(public, "a", "b", "c")
    assert titles() == ["b", "c"]


def test_values_that_change_ask_for_the_whole_document(bench: "Bench") -> None:
    own = give(bench, bench.subscribe(bench.source()))
    bench.poll(own, "a")
    bench.db.execute(
        "UPDATE sources SET etag = 'x', children = '{\"c\": {}}', next_check_ms = 9e15 WHERE id = ?", (own,)
    )
    later(bench)
    bench.db.execute("UPDATE sources SET scheduled_ms = 0")
    give_again = accesses.give(bench.db, 1, replace(OWN, user_agent="Other"), now_ms=bench.now_ms)
    assert give_again == own
    assert bench.rows("SELECT etag, children, next_check_ms FROM sources WHERE id = ?", own) == [
        (None, "{}", bench.now_ms)
    ]


def test_an_ended_twin_changes_places(bench: "Bench") -> None:
    public = bench.source()
    twin, mine = bench.subscribe(public), bench.subscribe(bench.source("other"))
    own = sources.upsert(
        bench.db, kind="feed", url="https://feed.example/", rules='{"access":2}', now_ms=bench.now_ms
    )
    bench.db.execute("UPDATE subscriptions SET source_id = ? WHERE id = ?", (own, mine.subscription_id))
    with pytest.raises(UserError, match=f"No. {twin.number} watches"):
        give(bench, mine, NONE)
    bench.db.execute("UPDATE subscriptions SET state = 'removed' WHERE id = ?", (twin.subscription_id,))
    assert give(bench, mine, NONE) == public
    assert bench.rows("SELECT id, source_id, topic_id FROM subscriptions ORDER BY id") == [
        (twin.subscription_id, own, 0),
        (mine.subscription_id, public, 0),
    ]


def test_words_seen_with_own_values_stay_in_their_chat(bench: "Bench") -> None:
    mine = bench.subscribe(bench.source())
    other = bench.subscribe(bench.source("other"), 11)
    own, theirs = give(bench, mine), give(bench, other)
    for source_id in (own, theirs):
        bench.poll(source_id)
    later(bench)
    bench.poll(own, "a")
    bench.poll(theirs, "a")
    shown = {d.place.chat_id: d.content.title for d in bench.claim().deliveries}
    assert shown == {10: "A", 11: ""}, "two with values of their own: each sees its own words only"
    bench.watch("public", 12)
    bench.poll(bench.source("public"), "a")
    assert bench.one("SELECT private_to FROM history") is None

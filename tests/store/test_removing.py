"""Removing subscriptions, and taking that back: as long as it can be, nothing of them is gone."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.access import Access
from core.errors import QuotaReached
from core.protocol import Place, SourceId
from store import accesses, adding, brake, chats, chores, pausing, quotas, removing
from store.removing import UNDO_MS, Removal, Removed

if TYPE_CHECKING:
    from tests.store.conftest import Bench

WISH = adding.Wish(place=Place(chat_id=10), kind="feed", url="https://feed.example/", backlog="none")
SECRET = Access(origin="https://feed.example:443", headers=(("X-Key", "secret"),))


def remove(bench: "Bench", which: str = "1", chat_id: int = 10) -> int:
    bench.now_ms += 1000
    removal = removing.remove(bench.db, chat_id=chat_id, which=which, now_ms=bench.now_ms)
    bench.now_ms += 1000
    assert removal.removal_id is not None
    return removal.removal_id


def take_back(bench: "Bench", removal_id: int) -> list[int] | None:
    bench.now_ms += 1000
    back = removing.take_back(bench.db, removal_id, now_ms=bench.now_ms)
    return None if back is None else [each.number for each in back]


def state(bench: "Bench") -> list[tuple[int, str]]:
    return bench.rows("SELECT number, state FROM subscriptions ORDER BY number")


def credentials(bench: "Bench") -> list[str]:
    return [row[0] for row in bench.rows("SELECT credentials FROM sources WHERE credentials IS NOT NULL")]


@pytest.mark.parametrize(
    ("which", "numbers"),
    [("1", [1]), ("https://two.example/", [2]), ("all", [1, 2, 3]), ("4", []), ("two", []), ("", [])],
)
def test_a_number_an_address_or_all_is_removed(bench: "Bench", which: str, numbers: list[int]) -> None:
    for name in ("one", "two", "three"):
        bench.subscribe(bench.source(name), 10)
        bench.subscribe(bench.source(name), 11)
    removal = removing.remove(bench.db, chat_id=10, which=which, now_ms=bench.now_ms)
    assert [each.number for each in removal.sources] == numbers
    assert (removal.removal_id is not None) == bool(numbers)
    assert bench.one("SELECT COUNT(*) FROM subscriptions WHERE state = 'removed'") == len(numbers)
    assert removing.remove(bench.db, chat_id=10, which=which, now_ms=bench.now_ms) == Removal()


def test_what_was_removed_is_told(bench: "Bench") -> None:
    bench.watch("one")
    removal = removing.remove(bench.db, chat_id=10, which="1", now_ms=bench.now_ms)
    assert removal.sources == (Removed(number=1, title="Feed", url="https://one.example/"),)


@pytest.mark.parametrize("others_watch", [False, True])
def test_nothing_is_lost_between_a_removal_and_its_end(bench: "Bench", others_watch: bool) -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    if others_watch:
        bench.subscribe(source_id, chat_id=20)
        bench.poll(source_id, "a", "b")
    removal_id = remove(bench)
    assert bench.states() == {"a": "dropped(unsubscribed)", "b": "dropped(unsubscribed)"}
    if others_watch:
        bench.poll(source_id, "a", "b", "c")
    assert take_back(bench, removal_id) == [1]
    if not others_watch:
        assert bench.claim_sources() == [source_id], "at once"
        bench.poll(source_id, "a", "b", "c")
    assert bench.states() == dict.fromkeys("abc", "pending")
    bench.poll(source_id, "b", "c", "d")
    sent = bench.drain()
    assert others_watch or sent == ["a", "b", "c", "d"], "in its order"
    assert bench.states() == dict.fromkeys("abcd", "sent")


def test_what_was_there_before_it_was_watched_is_not_posted(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=20)
    bench.poll(source_id, "old")
    bench.subscribe(source_id)
    bench.poll(source_id, "old")
    removal_id = remove(bench)
    bench.poll(source_id, "old", "new")
    take_back(bench, removal_id)
    assert bench.states() == {"new": "pending"}


def test_what_was_set_is_there_again(bench: "Bench") -> None:
    bench.watch()
    bench.db.execute("UPDATE subscriptions SET title = 'Mine', silent = 1, interval_s = 30, filter = 'f'")
    before = bench.rows("SELECT number, title, silent, interval_s, filter, backlog FROM subscriptions")
    take_back(bench, remove(bench))
    after = bench.rows("SELECT number, title, silent, interval_s, filter, backlog FROM subscriptions")
    assert after == before


def test_a_pause_goes_on(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    until_ms = bench.now_ms + 60_000
    pausing.pause(bench.db, chat_id=10, which="1", until_ms=until_ms, catch_up="all", now_ms=bench.now_ms + 1)
    removal_id = remove(bench)
    assert bench.states() == {"a": "dropped(unsubscribed)"}
    assert take_back(bench, removal_id) == [1]
    assert (state(bench), bench.states()) == ([(1, "paused")], {"a": "held(paused)"})
    assert bench.claim_sources() == []
    bench.now_ms = until_ms
    assert pausing.resume_due(bench.db, now_ms=bench.now_ms) == 1
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"a": "pending", "b": "pending"}


def test_what_waited_for_a_person_waits_for_them_again(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    bench.db.execute(
        "UPDATE queue SET state = 'held', reason = ? WHERE position = (SELECT MIN(position) FROM queue)",
        (brake.REASON,),
    )
    take_back(bench, remove(bench))
    assert bench.states() == {"a": f"held({brake.REASON})", "b": "pending"}


@pytest.mark.parametrize("out", ["before", "before and back", "after"])
def test_a_chat_out_of_reach(bench: "Bench", out: str) -> None:
    bench.poll(bench.watch(), "a")
    if out != "after":
        chats.suspend(bench.db, 10, reason="kicked", alert=None, now_ms=bench.now_ms)
    removal_id = remove(bench)
    if out == "after":
        chats.suspend(bench.db, 10, reason="kicked", alert=None, now_ms=bench.now_ms)
    if out == "before and back":
        chats.resume(bench.db, 10, now_ms=bench.now_ms)
    take_back(bench, removal_id)
    if out != "before and back":
        assert bench.states() == {"a": "held(suspended)"}
        chats.resume(bench.db, 10, now_ms=bench.now_ms)
    assert bench.drain() == ["a"]


def test_what_another_subscription_took_over_stays_its_own(bench: "Bench") -> None:
    one, two = bench.watch("one"), bench.watch("two")
    bench.poll(one, "a")
    bench.poll(two, "a")
    removal_id = remove(bench, "1")
    heir = bench.one("SELECT id FROM subscriptions WHERE number = 2")
    assert bench.rows("SELECT subscription_id, state FROM queue") == [(heir, "pending")]
    take_back(bench, removal_id)
    assert bench.rows("SELECT subscription_id, state FROM queue") == [(heir, "pending")]


def test_what_another_took_over_and_lost_comes_back(bench: "Bench") -> None:
    one, two = bench.watch("one"), bench.watch("two")
    bench.poll(one, "a")
    bench.poll(two, "a")
    removal_id = remove(bench, "1")
    remove(bench, "2")
    assert bench.states() == {"a": "dropped(unsubscribed)"}
    take_back(bench, removal_id)
    own = bench.one("SELECT id FROM subscriptions WHERE number = 1")
    assert bench.rows("SELECT subscription_id, state, undecided FROM queue") == [(own, "pending", 1)]
    assert bench.drain() == ["a"]


def test_one_that_was_never_read_begins_as_it_would_have(bench: "Bench") -> None:
    source_id = bench.source()
    bench.subscribe(source_id, backlog="1")
    take_back(bench, remove(bench))
    assert bench.claim_sources() == [source_id]
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"b": "pending"}


def test_one_that_had_yet_to_catch_up_does_so(bench: "Bench") -> None:
    source_id = bench.watch()
    pausing.pause(bench.db, chat_id=10, which="1", until_ms=None, catch_up="1", now_ms=bench.now_ms)
    bench.now_ms += 1000
    pausing.resume(bench.db, chat_id=10, which="1", now_ms=bench.now_ms)
    take_back(bench, remove(bench))
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"b": "pending"}


def test_ten_minutes_and_once(bench: "Bench") -> None:
    bench.watch()
    removal_id = remove(bench)
    assert removing.chat_of(bench.db, removal_id) == 10
    assert take_back(bench, removal_id) == [1]
    assert removing.chat_of(bench.db, removal_id) is None
    assert take_back(bench, removal_id) is None, "done before"
    assert take_back(bench, 99) is None
    late = remove(bench)
    bench.now_ms += UNDO_MS
    assert take_back(bench, late) is None
    assert state(bench) == [(1, "removed")]


@pytest.mark.parametrize("back_s", [300, 7200])
def test_a_clock_that_is_set_back(bench: "Bench", back_s: int) -> None:
    """What is seen then seems older than the removal."""
    source_id = bench.watch(chat_id=20)
    bench.subscribe(source_id)
    bench.poll(source_id, "a")
    removal_id = remove(bench)
    bench.now_ms -= back_s * 1000
    bench.poll(source_id, "a", "b")
    if back_s * 1000 > UNDO_MS:
        assert take_back(bench, removal_id) is None
        assert removing.can_forget(bench.db, now_ms=bench.now_ms)
    else:
        assert take_back(bench, removal_id) == [1]
        assert bench.states() == {"b": "pending"}


def test_what_was_added_again_stays_as_it_was_added(bench: "Bench") -> None:
    bench.watch("one")
    bench.watch("feed")
    removal_id = remove(bench, "all")
    adding.add(bench.db, replace(WISH, backlog="all"), now_ms=bench.now_ms)
    assert take_back(bench, removal_id) == [1]
    assert state(bench) == [(1, "active"), (2, "active")]
    assert bench.one("SELECT backlog FROM subscriptions WHERE number = 2") == "all"


def test_values_of_its_own_are_kept_as_long_as_they_may_be_wanted(bench: "Bench") -> None:
    adding.add(bench.db, replace(WISH, access=SECRET), now_ms=bench.now_ms)
    source_id = bench.one("SELECT source_id FROM subscriptions")
    bench.poll(source_id, "a")
    first = remove(bench)
    assert bench.claim_sources() == [], "it rests"
    assert take_back(bench, first) == [1]
    assert accesses.of_subscription(bench.db, bench.one("SELECT id FROM subscriptions")) == SECRET
    assert bench.claim_sources() == [source_id]
    remove(bench)
    bench.now_ms += UNDO_MS
    assert chores.waiting(bench.db, now_ms=bench.now_ms).removals
    removing.forget(bench.db, now_ms=bench.now_ms)
    assert credentials(bench) == []
    assert bench.rows("SELECT * FROM removals") == []
    assert not chores.waiting(bench.db, now_ms=bench.now_ms).removals


def test_a_later_removal_keeps_values_that_an_earlier_one_would_forget(bench: "Bench") -> None:
    bench.watch("other")
    adding.add(bench.db, replace(WISH, access=SECRET), now_ms=bench.now_ms)
    bench.poll(bench.one("SELECT MAX(source_id) FROM subscriptions"), "a")
    remove(bench, "2")
    bench.db.execute("UPDATE subscriptions SET state = 'active' WHERE number = 2")
    bench.now_ms += UNDO_MS // 2
    later = remove(bench, "all")
    bench.now_ms += UNDO_MS // 2
    removing.forget(bench.db, now_ms=bench.now_ms)
    assert len(credentials(bench)) == 1
    assert take_back(bench, later) == [1, 2]


def test_one_without_values_that_was_added_meanwhile_keeps_the_place(bench: "Bench") -> None:
    adding.add(bench.db, replace(WISH, access=SECRET), now_ms=bench.now_ms)
    removal_id = remove(bench)
    adding.add(bench.db, WISH, now_ms=bench.now_ms)
    assert take_back(bench, removal_id) == []
    assert state(bench) == [(1, "removed"), (2, "active")]


def test_a_group_with_a_new_id(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    removal_id = remove(bench)
    chats.migrate(bench.db, old_id=10, new_id=-1001, now_ms=bench.now_ms)
    assert removing.chat_of(bench.db, removal_id) == -1001
    assert take_back(bench, removal_id) == [1]
    assert state(bench) == [(1, "active")]


def test_nobody_comes_to_more_than_their_quota_by_taking_back(bench: "Bench") -> None:
    quotas.put(bench.db, 7, 2)
    wishes = [replace(WISH, url=f"https://{name}.example/", added_by=7) for name in ("one", "two", "three")]
    for wish in wishes[:2]:
        adding.add(bench.db, wish, now_ms=bench.now_ms)
    removal_id = remove(bench, "all")
    adding.add(bench.db, wishes[2], now_ms=bench.now_ms)
    with pytest.raises(QuotaReached):
        take_back(bench, removal_id)
    assert state(bench) == [(1, "removed"), (2, "removed"), (3, "active")]
    quotas.put(bench.db, 7, 3)
    assert take_back(bench, removal_id) == [1, 2]


def test_a_source_that_moves_meanwhile_to_one_that_was_removed_long_ago(bench: "Bench") -> None:
    old, new = bench.watch("old"), bench.watch("new")
    bench.watch("old", 11)
    bench.poll(new, "a")
    bench.poll(old, "a")
    bench.send_all()
    remove(bench, "2")
    bench.now_ms += 2 * UNDO_MS
    removing.forget(bench.db, now_ms=bench.now_ms)
    removal_id = remove(bench, "1")
    _merge(bench, old, "a")
    assert take_back(bench, removal_id) == [1]
    assert bench.rows("SELECT source_id, state FROM subscriptions WHERE chat_id = 10") == [(new, "active")]
    bench.now_ms += 1000
    bench.poll(new, "a", "b")
    bench.send_all()
    assert bench.states() == {"a": "sent", "b": "sent"}


def test_a_source_that_moves_meanwhile_to_one_that_was_removed_with_it(bench: "Bench") -> None:
    old, new = bench.watch("old"), bench.watch("new")
    bench.watch("old", 11)
    bench.poll(old, "a")
    bench.poll(new, "a")
    bench.send_all()
    bench.poll(old, "a", "b")
    removal_id = remove(bench, "all")
    assert bench.states() == {"a": "sent", "b": "dropped(unsubscribed)"}
    _merge(bench, old, "a", "b")
    assert take_back(bench, removal_id) == [2]
    bench.send_all()
    assert bench.states() == {"a": "sent", "b": "sent"}, "what waited for the one waits for the other now"


def _merge(bench: "Bench", old: SourceId, *names: str) -> None:
    for _ in range(3):
        bench.now_ms += 60_000
        bench.poll(old, *names, moved_to="https://new.example/")
    assert bench.one("SELECT merged_into FROM sources WHERE id = ?", old) is not None

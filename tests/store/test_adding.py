"""Adding and removing sources, as people ask for it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.protocol import Place, PollStatus
from store import adding, chats
from store.adding import Removed, Wish

if TYPE_CHECKING:
    from tests.store.conftest import Bench

WISH = Wish(
    place=Place(chat_id=-10, topic_id=5),
    kind="feed",
    url="https://feed.example/",
    backlog="1",
    interval_s=300,
    chat_type="supergroup",
    chat_title="News",
    answer_in=(1, 0),
)


def add(bench: "Bench", wish: Wish = WISH) -> bool:
    return adding.add(bench.db, wish, now_ms=bench.now_ms).created


def test_everything_that_is_needed_is_made(bench: "Bench") -> None:
    assert add(bench)
    assert bench.rows("SELECT chat_id, type, title FROM chats") == [(-10, "supergroup", "News")]
    assert bench.rows("SELECT kind, url, next_check_ms, next_check_reason FROM sources") == [
        ("feed", "https://feed.example/", bench.now_ms, "asked")
    ]
    assert bench.rows("SELECT chat_id, topic_id, number, backlog, interval_s FROM subscriptions") == [
        (-10, 5, 1, "1", 300)
    ]
    assert bench.notices() == [("add.looking", {"url": "https://feed.example/"}, "pending")]


def test_adding_again_changes_nothing_and_says_nothing(bench: "Bench") -> None:
    add(bench)
    bench.db.execute("UPDATE sources SET next_check_ms = 7")
    assert not add(bench)
    assert len(bench.notices()) == 1
    assert bench.one("SELECT next_check_ms FROM sources") == 7


def test_due_now(bench: "Bench") -> None:
    add(bench)
    bench.db.execute("UPDATE sources SET next_check_ms = 7")
    add(bench, replace(WISH, due_now=True))
    assert bench.one("SELECT next_check_ms FROM sources") == bench.now_ms


def test_without_somebody_to_answer(bench: "Bench") -> None:
    add(bench, replace(WISH, answer_in=None))
    bench.poll(bench.source(), "a")
    assert bench.notices() == []


def test_a_group_under_its_old_id(bench: "Bench") -> None:
    chats.ensure(bench.db, -10)
    chats.migrate(bench.db, old_id=-10, new_id=-20, now_ms=bench.now_ms)
    add(bench)
    assert bench.one("SELECT chat_id FROM subscriptions") == -20


def test_the_first_look_completes_the_answer(bench: "Bench") -> None:
    add(bench)
    assert bench.poll(bench.source(), "a", "b").notices == 1
    [(code, args, state)] = bench.notices()
    assert (code, state) == ("add.watching", "pending")
    assert args == {
        "url": "https://feed.example/",
        "title": "Feed",
        "number": 1,
        "interval_s": 300,
        "entries": 2,
        "queued": 1,
        "next_check_ms": bench.now_ms + 300_000,
        "data": "new:1",
    }
    assert bench.poll(bench.source(), "a", "b").notices == 0


@pytest.mark.parametrize(("status", "told"), [("failed", "add.unread"), ("not_modified", "add.looking")])
def test_the_first_look_may_fail(status: PollStatus, told: str, bench: "Bench") -> None:
    add(bench)
    bench.poll(bench.source(), status=status, error="timeout")
    assert bench.notices()[0][0] == told
    bench.poll(bench.source(), "a")
    assert bench.notices()[0][0] == "add.watching"


def test_each_newcomer_hears_of_its_own_first_look(bench: "Bench") -> None:
    add(bench)
    bench.poll(bench.source(), "a")
    add(bench, replace(WISH, place=Place(chat_id=-11), answer_in=(2, 0)))
    assert bench.poll(bench.source(), "a").notices == 1
    assert [code for code, _, _ in bench.notices()] == ["add.watching", "add.watching"]


def test_adding_anew_is_a_new_answer(bench: "Bench") -> None:
    add(bench)
    bench.db.execute("UPDATE notices SET state = 'spoken', message_id = 99")
    adding.remove(bench.db, chat_id=-10, which="all", now_ms=bench.now_ms)
    assert add(bench)
    assert bench.rows("SELECT code, state, message_id FROM notices") == [("add.looking", "pending", None)]


@pytest.mark.parametrize(
    ("which", "numbers"),
    [("1", [1]), ("https://two.example/", [2]), ("all", [1, 2, 3]), ("4", []), ("two", []), ("", [])],
)
def test_removing(which: str, numbers: list[int], bench: "Bench") -> None:
    for name in ("one", "two", "three"):
        bench.subscribe(bench.source(name), 10)
        bench.subscribe(bench.source(name), 11)
    removed = adding.remove(bench.db, chat_id=10, which=which, now_ms=bench.now_ms)
    assert [each.number for each in removed] == numbers
    assert bench.one("SELECT COUNT(*) FROM subscriptions WHERE state = 'removed'") == len(numbers)
    assert adding.remove(bench.db, chat_id=10, which=which, now_ms=bench.now_ms) == []


def test_what_was_removed_is_told(bench: "Bench") -> None:
    bench.watch("one")
    assert adding.remove(bench.db, chat_id=10, which="1", now_ms=bench.now_ms) == [
        Removed(number=1, title="Feed", url="https://one.example/")
    ]


def test_rules_are_part_of_a_source_and_reach_the_poller(bench: "Bench") -> None:
    rules = '{"item":".card"}'
    assert add(bench, replace(WISH, kind="list", rules=rules))
    assert add(bench, replace(WISH, kind="list"))
    due = [*bench.claim_due().due, *bench.claim_due().due]
    assert [(each.kind, each.rules) for each in due] == [("list", rules), ("list", "{}")]

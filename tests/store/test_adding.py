"""Adding and removing sources, as people ask for it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.protocol import Place, PollStatus
from store import adding, chats, removing
from store.adding import Wish

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
    assert bench.notices() == [
        (
            "add.looking",
            {"url": "https://feed.example/", "owner": None, "asked_ms": bench.now_ms},
            "pending",
        )
    ]


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
        "owner": None,
        "asked_ms": bench.now_ms,
        "kind": "feed",
        "items": ["B", "A"],
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
    removing.remove(bench.db, chat_id=-10, which="all", now_ms=bench.now_ms)
    assert add(bench)
    assert bench.rows("SELECT code, state, message_id FROM notices") == [("add.looking", "pending", None)]


def test_rules_are_part_of_a_source_and_reach_the_poller(bench: "Bench") -> None:
    rules = '{"item":".card"}'
    assert add(bench, replace(WISH, kind="list", rules=rules))
    assert add(bench, replace(WISH, kind="list"))
    due = [*bench.claim_due().due, *bench.claim_due().due]
    assert [(each.kind, each.rules) for each in due] == [("list", rules), ("list", "{}")]


def test_what_was_told_stays_told(bench: "Bench") -> None:
    add(bench)
    bench.poll(bench.source(), "a")
    assert bench.poll(bench.source(), status="failed", error="http_status", error_args=("500",)).notices == 0
    assert bench.notices()[0][0] == "add.watching"


def test_a_first_look_at_half_a_document_says_so(bench: "Bench") -> None:
    add(bench)
    bench.poll(bench.source(), "a", complete=False)
    code, args, _ = bench.notices()[0]
    assert (code, args["error"]) == ("add.unread", "broke_off")
    bench.poll(bench.source(), "a")
    assert bench.notices()[0][0] == "add.watching"


@pytest.mark.parametrize("error", ["timeout", "unreachable", "address_blocked", "proxy"])
def test_strangers_hear_the_same_of_all_that_cannot_be_reached(bench: "Bench", error: str) -> None:
    add(bench, replace(WISH, answer_in=(-10, 5), owner=7))
    for _ in range(3):
        bench.poll(bench.source(), status="failed", error=error, error_args=("host:1", "10.0.0.7"))
    [(_, args, _), (detail, told, _)] = bench.notices()
    assert (args["error"], args["error_args"]) == ("unreachable", [])
    assert (detail, told["error"], told["error_args"]) == ("add.detail", error, ["host:1", "10.0.0.7"])
    assert bench.rows("SELECT chat_id, version, not_before_ms FROM notices ORDER BY id") == [
        (-10, 2, bench.now_ms + 60_000),
        (7, 1, 0),
    ]


def test_an_owner_hears_it_at_once_and_again_with_each_try(bench: "Bench") -> None:
    add(bench, replace(WISH, answer_in=(7, 0), owner=7))
    for _ in range(2):
        bench.poll(
            bench.source(), status="failed", error="address_blocked", error_args=("host:1", "10.0.0.7")
        )
    [(code, args, _)] = bench.notices()
    assert (code, args["error"]) == ("add.unread", "address_blocked")
    assert bench.rows("SELECT version, not_before_ms FROM notices") == [(3, 0)]


def test_a_login_in_an_address_becomes_a_value_of_its_own(bench: "Bench") -> None:
    login = replace(WISH, url="https://user:secret@feed.example/")
    assert add(bench, login)
    assert not add(bench, login)
    assert not add(bench), "without a login it is watched here too"
    assert bench.rows("SELECT url, rules, state, credentials IS NULL FROM sources ORDER BY id") == [
        ("https://feed.example/", "{}", "paused", 1),
        ("https://feed.example/", '{"access":1}', "probing", 0),
    ]
    assert "secret" not in repr(bench.notices())

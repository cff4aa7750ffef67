"""Cards, questions and answers: said once, edited in place, never a stale version taken for the last."""

from typing import TYPE_CHECKING

import pytest

from core.protocol import Notice
from store import notices

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def post(bench: "Bench", key: str = "k", code: str = "add.looking", chat_id: int = 5, **args: object) -> None:
    notices.post(bench.db, place=(chat_id, 7), key=key, code=code, args=args, now_ms=bench.now_ms)


def waiting(bench: "Bench", limit: int = 10) -> list[Notice]:
    return notices.waiting(bench.db, limit=limit, now_ms=bench.now_ms)


def test_a_notice_waits_until_it_is_spoken(bench: "Bench") -> None:
    post(bench, url="https://site.example/")
    [notice] = waiting(bench)
    assert notice == Notice(
        notice_id=1,
        chat_id=5,
        topic_id=7,
        code="add.looking",
        args={"url": "https://site.example/"},
        message_id=None,
        version=1,
    )
    notices.spoken(bench.db, notice, message_id=99)
    assert waiting(bench) == []


def test_the_oldest_come_first_and_no_more_than_the_limit(bench: "Bench") -> None:
    for number in range(3):
        post(bench, key=str(number))
    assert [notice.notice_id for notice in waiting(bench, limit=2)] == [1, 2]


def test_a_used_key_edits_what_was_said(bench: "Bench") -> None:
    post(bench)
    notices.spoken(bench.db, waiting(bench)[0], message_id=99)
    post(bench, code="add.watching", number=1)
    [notice] = waiting(bench)
    assert (notice.code, notice.args, notice.message_id, notice.version) == (
        "add.watching",
        {"number": 1},
        99,
        2,
    )
    assert bench.one("SELECT COUNT(*) FROM notices") == 1


def test_a_key_belongs_to_its_chat(bench: "Bench") -> None:
    post(bench, chat_id=5)
    post(bench, chat_id=6)
    assert len(waiting(bench)) == 2


def test_a_used_key_can_be_said_anew(bench: "Bench") -> None:
    post(bench)
    notices.spoken(bench.db, waiting(bench)[0], message_id=99)
    notices.post_anew(bench.db, place=(5, 7), key="k", code="add.looking", args={}, now_ms=bench.now_ms)
    [notice] = waiting(bench)
    assert notice.message_id is None


def test_what_changed_while_it_was_spoken_stays_pending(bench: "Bench") -> None:
    post(bench)
    [being_spoken] = waiting(bench)
    post(bench, code="add.watching")
    notices.spoken(bench.db, being_spoken, message_id=99)
    [notice] = waiting(bench)
    assert (notice.code, notice.message_id) == ("add.watching", 99)
    notices.spoken(bench.db, notice, message_id=99)
    assert waiting(bench) == []


def test_changing_what_is_there_and_starts_so(bench: "Bench") -> None:
    post(bench, chat_id=5)
    post(bench, chat_id=6, code="uncertain.question")
    assert (
        notices.change(
            bench.db, key="k", only_from="add.", code="add.watching", args={"a": 1}, now_ms=bench.now_ms
        )
        == 1
    )
    assert (
        notices.change(
            bench.db, key="other", only_from="add.", code="add.watching", args={}, now_ms=bench.now_ms
        )
        == 0
    )
    assert [notice.code for notice in waiting(bench)] == ["add.watching", "uncertain.question"]


def test_what_could_not_be_said_waits(bench: "Bench") -> None:
    post(bench)
    [notice] = waiting(bench)
    notices.unspoken(bench.db, notice, wait_s=30, final=False, now_ms=bench.now_ms)
    bench.now_ms += 29_999
    assert waiting(bench) == []
    bench.now_ms += 1
    assert waiting(bench) == [notice]


def test_a_wait_noted_by_a_clock_that_jumped_back_holds_nothing(bench: "Bench") -> None:
    post(bench)
    notices.unspoken(bench.db, waiting(bench)[0], wait_s=30, final=False, now_ms=bench.now_ms)
    bench.now_ms -= 86_400_000
    assert len(waiting(bench)) == 1


def test_a_change_does_not_wait_for_the_old_wait(bench: "Bench") -> None:
    post(bench)
    notices.unspoken(bench.db, waiting(bench)[0], wait_s=30, final=False, now_ms=bench.now_ms)
    post(bench, code="add.watching")
    assert len(waiting(bench)) == 1


@pytest.mark.parametrize(("final", "tries"), [(True, 1), (False, 20)])
def test_what_can_never_be_said_is_given_up(final: bool, tries: int, bench: "Bench") -> None:
    post(bench)
    for _ in range(tries):
        [notice] = waiting(bench)
        notices.unspoken(bench.db, notice, wait_s=0, final=final, now_ms=bench.now_ms)
    assert waiting(bench) == []
    assert bench.one("SELECT state FROM notices") == "failed"
    post(bench)
    assert len(waiting(bench)) == 1

"""Posts in the words of people: kept with their row, shown, inherited, and never changed after the fact."""

from typing import TYPE_CHECKING

import pytest

from core.errors import UserError
from core.posting.rules import parse_rules
from core.protocol import HistoryId, Uncertain
from store import approvals, chats, conversations, editing, links, options, own_texts, queue
from store.outbox import schedules
from tests.store.conftest import LINKS

if TYPE_CHECKING:
    from tests.store.conftest import Bench

ANN = 7


def write(bench: "Bench", queue_id: int = 1, text: str = "Mine") -> str | None:
    bold = {"type": "bold", "offset": 0, "length": 4}
    return own_texts.write(bench.db, queue_id, text=text, entities=[bold], by="Ann", now_ms=bench.now_ms)


def test_what_was_written_is_what_goes_out(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    assert write(bench) is None
    assert write(bench, text="Mine, again") is None
    assert [own_texts.version_of(bench.db, each) for each in (1, 2)] == [2, 0]
    own = bench.claim_one().content.own
    assert own is not None
    assert (own.text, [(each.kind, each.start, each.end) for each in own.spans]) == (
        "Mine, again",
        [("bold", 0, 4)],
    )


def test_what_was_begun_is_changed_no_more(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    delivery = bench.claim_one()
    assert write(bench) == "edit_under_way"
    post_id = bench.begin(delivery)
    assert write(bench) == "edit_under_way"
    bench.receive(delivery, post_id, Uncertain(error="?"))
    assert write(bench) == "edit_posted"
    bench.now_ms += 600_000
    bench.send()
    assert write(bench, 2) == "edit_posted"
    assert write(bench, 99) == "edit_settled"
    assert bench.one("SELECT COUNT(*) FROM own_texts") == 0


def test_words_of_ones_own_are_in_no_digest(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abcd")
    schedules.change(bench.db, 10, lambda before: parse_rules("fold 1", before))
    write(bench, 2)
    bench.send_all()
    together = [[each.queue_id for each in delivery.together] for delivery in bench.sent]
    assert together == [[1], [2], [3, 4]]


def test_the_card_shows_the_text_and_only_who_saw_it_lets_it_out(bench: "Bench") -> None:
    source_id = bench.watch()
    options.change(bench.db, chat_id=10, number=1, changes=[("approve", True)], now_ms=bench.now_ms)
    bench.poll(source_id, "a")
    approvals.ask(bench.db, alert=(1, 0), now_ms=bench.now_ms)
    write(bench)
    [(code, args, state)] = bench.notices()
    assert (code, args["own"], args["version"], args["written_by"], state) == (
        "approval.question",
        "Mine",
        1,
        "Ann",
        "pending",
    )
    with pytest.raises(UserError, match="changed meanwhile"):
        approvals.answer(bench.db, queue_id=1, verdict="publish", by="Bob", now_ms=bench.now_ms)
    assert approvals.answer(bench.db, queue_id=1, verdict="publish", by="Bob", seen=1, now_ms=bench.now_ms)
    assert not approvals.answer(bench.db, queue_id=1, verdict="publish", by="Bob", now_ms=bench.now_ms)


def test_a_row_that_gives_way_leaves_its_text(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    write(bench, 2)
    links.merge(bench.db, HistoryId(1), HistoryId(2), now_ms=bench.now_ms)
    assert bench.rows("SELECT queue_id, text FROM own_texts") == [(1, "Mine")]
    bench.subscribe(source_id, chat_id=-100, backlog="all")
    bench.poll(source_id, "a", "c")
    chats.migrate(bench.db, old_id=10, new_id=-100, now_ms=bench.now_ms)
    [(row,)] = bench.rows(
        """SELECT queue.id FROM queue JOIN own_texts ON queue_id = queue.id
        JOIN history ON history.id = history_id WHERE chat_id = -100 AND normalized_url = ?""",
        LINKS + "a",
    )
    own = queue.delivery(bench.db, row)[0].content.own
    assert own is not None
    assert own.text == "Mine"


def test_an_answer_counts_once_and_for_the_last_question(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    now_ms = bench.now_ms

    def ask(queue_id: int, question: int) -> conversations.Asked:
        conversations.ask(
            bench.db, ANN, about="edit", subject=queue_id, question=question, now_ms=bench.now_ms
        )
        asked = conversations.asked(bench.db, ANN)
        assert asked is not None
        return asked

    def take(asked: conversations.Asked, text: str, message_id: int) -> str | None:
        words = {"text": text, "entities": (), "by": "Ann"}
        return editing.take_text(bench.db, ANN, asked, message_id=message_id, now_ms=now_ms, **words)  # type: ignore[arg-type]

    older, asked = ask(1, 50), ask(2, 51)
    take(older, "Nobody asks that any more", 60)
    assert take(asked, "Mine", 61) is None
    done = conversations.asked(bench.db, ANN)
    assert done is not None
    assert done.is_answered_by(61, reply_to=0, now_ms=now_ms), "it comes again after a crash"
    assert not done.is_answered_by(62, reply_to=51, now_ms=now_ms)
    assert take(done, "Mine", 61) is None
    assert bench.rows("SELECT queue_id, text, version FROM own_texts") == [(2, "Mine", 1)]
    assert not conversations.call_off(bench.db, ANN)


def test_patience_with_an_answer(bench: "Bench") -> None:
    conversations.ask(bench.db, ANN, about="time", subject=1, question=50, now_ms=bench.now_ms)
    asked = conversations.asked(bench.db, ANN)
    assert asked is not None
    for later_ms, reply_to, expected in ((3_599_999, 0, True), (3_600_000, 0, False), (3_600_000, 50, True)):
        assert asked.is_answered_by(9, reply_to=reply_to, now_ms=bench.now_ms + later_ms) is expected
    assert conversations.call_off(bench.db, ANN)
    assert conversations.asked(bench.db, ANN) is None


def test_texts_of_old_posts_are_dropped(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    assert [write(bench, each) for each in (1, 2)] == [None, None]
    bench.send()
    assert own_texts.forget(bench.db, before_ms=bench.now_ms) == 0
    assert own_texts.forget(bench.db, before_ms=bench.now_ms + 1) == 1
    assert [own_texts.version_of(bench.db, each) for each in (1, 2)] == [0, 1], "the second one still waits"

"""What stands in a chat counts as sent there."""

from typing import TYPE_CHECKING

import pytest

from core.protocol import Rejected, Uncertain
from core.uncertainty import UncertainAfter, UncertainPolicy
from core.urls.normalize import RefusedUrl
from store import adoption, chats, doubts

if TYPE_CHECKING:
    from tests.store.conftest import Bench

CHAT = 10
LINKS = "https://links.example/"


def link(name: str, number: int | None = None, topic_id: int = 0, at_ms: int = 5) -> adoption.KnownLink:
    return adoption.link_of(LINKS + name, at_ms=at_ms, topic_id=topic_id, message_id=number)


def record(bench: "Bench", *links: adoption.KnownLink, chat_id: int = CHAT) -> adoption.Recorded:
    return adoption.record(bench.db, links, chat_id=chat_id, now_ms=bench.now_ms)


def everything(bench: "Bench") -> list[list[tuple[object, ...]]]:
    return [bench.rows(f"SELECT * FROM {table}") for table in ("history", "queue", "chats", "notices")]


def test_links_are_known_and_sent(bench: "Bench") -> None:
    done = record(bench, link("a", 7), link("b?utm_source=x", 8, at_ms=6), link("b", 9))
    assert (done.new_links, done.new_posts, dict(done.settled)) == (2, 2, {})
    assert bench.states() == {"a": "sent(adopted)", "b": "sent(adopted)"}
    assert bench.rows("SELECT message_id, state_ms, created_ms FROM queue ORDER BY id") == [
        (7, 5, 5),
        (8, 6, 6),
    ]
    assert bench.rows("SELECT url, state, first_seen_ms FROM history") == [
        (LINKS + "a", "known", 5),
        (LINKS + "b?utm_source=x", "known", 6),
    ]
    assert bench.one("SELECT highest_message_id FROM chats") == 9


def test_what_is_no_link_to_the_web() -> None:
    with pytest.raises(RefusedUrl):
        adoption.link_of("tg://resolve?domain=a", at_ms=5)


def test_twice_is_as_once(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    record(bench, link("b", 7), link("c", 8))
    before = everything(bench)
    bench.now_ms += 1000
    done = record(bench, link("b", 7), link("c", 8))
    assert (done.new_links, done.new_posts, dict(done.settled)) == (0, 0, {})
    assert everything(bench) == before


def test_a_source_does_not_post_what_was_adopted(bench: "Bench") -> None:
    record(bench, link("a", 7))
    source_id = bench.source()
    bench.subscribe(source_id, backlog="all")
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"a": "sent(adopted)", "b": "pending"}
    assert bench.drain() == ["b"]


def test_another_chat_gets_it_with_what_its_source_says(bench: "Bench") -> None:
    record(bench, link("a", 7))
    bench.poll(bench.watch(chat_id=11), "a")
    assert bench.claim_one().content.title == "A"


def test_words_are_given_to_a_link_without_any_only(bench: "Bench") -> None:
    record(bench, link("a", 7))
    for name in ("one", "other"):
        bench.poll(bench.source(name), "a")
    bench.db.execute("UPDATE history SET title = 'Kept'")
    bench.poll(bench.source("third"), "a")
    assert bench.one("SELECT title FROM history") == "Kept"


def test_rows_that_wait_are_there(bench: "Bench") -> None:
    bench.poll(bench.watch(), "pending", "leased", "held", "dropped", "other")
    bench.claim_one()
    for name in ("held", "dropped"):
        bench.db.execute(
            """UPDATE queue SET state = ?, reason = 'unsubscribed'
            WHERE history_id = (SELECT id FROM history WHERE url = ?)""",
            (name, LINKS + name),
        )
    done = record(bench, link("pending", 1), link("leased", 2), link("held", 3), link("dropped", 4))
    assert done.new_posts == 0
    assert done.settled == {"pending": 2, "held": 1, "dropped": 1}
    assert set(bench.states().items()) >= {("held", "sent(adopted)"), ("dropped", "sent(adopted)")}
    assert bench.drain() == ["other"]
    assert bench.rows("SELECT message_id FROM queue WHERE reason = 'adopted' ORDER BY id") == [
        (number,) for number in (1, 2, 3, 4)
    ]


def test_what_was_refused_for_good_is_there(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    for _ in range(2):
        bench.send(Rejected(error="x"))
        bench.now_ms += 3000
    assert record(bench, link("a", 1)).settled == {"dead": 1}


def test_a_doubt_is_over_and_its_question_closed(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.send(Uncertain(error="timeout"))
    ask = UncertainPolicy(on_uncertain="ask", after=UncertainAfter(wait_s=86_400, then="drop"))
    assert doubts.settle(bench.db, policy=ask, alert=(1, 0), now_ms=bench.now_ms) == 1
    assert record(bench, link("a", 44)).settled == {"uncertain": 1}
    assert bench.states() == {"a": "sent(adopted)"}
    assert bench.one("SELECT message_id FROM queue") == 44
    [(code, args, _)] = bench.notices()
    assert (code, args["verdict"]) == ("uncertain.answered", "sent")


@pytest.mark.parametrize("state", ["sending", "uncertain"])
def test_a_doubt_that_nobody_was_asked_about(state: str, bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.begin(bench.claim_one())
    bench.db.execute("UPDATE queue SET state = ?", (state,))
    assert record(bench, link("a", 44)).settled == {state: 1}
    assert bench.rows("SELECT state, message_id, lease_owner FROM queue") == [("sent", 44, None)]


def test_a_deliberate_repetition_stays(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE queue SET edition = 1")
    assert record(bench, link("a", 1)).new_posts == 1
    assert bench.rows("SELECT edition, state FROM queue ORDER BY edition") == [(0, "sent"), (1, "pending")]


def test_a_message_id_is_added_to_a_post_that_had_none(bench: "Bench") -> None:
    record(bench, link("a"))
    done = record(bench, link("a", 7))
    assert (done.new_posts, dict(done.settled)) == (0, {})
    record(bench, link("a", 8))
    assert bench.one("SELECT message_id FROM queue") == 7


def test_topics_are_scopes_where_links_are_posted_once_a_topic(bench: "Bench") -> None:
    chats.ensure(bench.db, CHAT)
    for once, places in (("chat", [(0, 3)]), ("topic", [(0, 3), (3, 3), (4, 4)])):
        bench.db.execute("UPDATE chats SET once = ?", (once,))
        record(bench, link("a", 1, topic_id=3), link("a", 2, topic_id=4))
        assert bench.rows("SELECT scope, topic_id FROM queue ORDER BY scope") == places


def test_a_chat_that_moved(bench: "Bench") -> None:
    chats.ensure(bench.db, -5)
    chats.migrate(bench.db, old_id=-5, new_id=-1005, now_ms=bench.now_ms)
    record(bench, link("a", 7), chat_id=-5)
    assert bench.states(-1005) == {"a": "sent(adopted)"}
    assert bench.one("SELECT highest_message_id FROM chats WHERE chat_id = -1005") == 0


def test_an_alias_leads_to_its_link(bench: "Bench") -> None:
    record(bench, link("a", 7))
    bench.db.execute("INSERT INTO aliases VALUES (?, 1, 'redirect')", (LINKS + "b",))
    assert record(bench, link("b", 8)).new_links == 0
    assert bench.states() == {"a": "sent(adopted)"}


def test_nothing(bench: "Bench") -> None:
    assert record(bench).new_posts == 0

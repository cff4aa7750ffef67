"""What can be set for one subscription, or for all that is new in a chat, and what it does."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import UserError
from core.page_policy import PagePolicy
from core.protocol import Place
from core.set_keys import Value
from store import chats, defaults, options, samples
from store.adding import Wish, add

if TYPE_CHECKING:
    from tests.store.conftest import Bench

FORUM = -1001


def change(bench: "Bench", *changes: tuple[str, Value | None], chat_id: int = 10) -> options.Options:
    now = options.change(bench.db, chat_id=chat_id, number=1, changes=changes, now_ms=bench.now_ms)
    assert now is not None
    return now


def test_tags_and_looks_are_those_of_the_subscription(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    assert change(bench, ("tags", "news tech"), ("template", "{{ labels|hashtags }} {{ url }}")).tags == (
        "news",
        "tech",
    )
    bench.db.execute('UPDATE queue SET effects = \'{"tags": ["News", "sale"]}\'')
    bench.db.execute('UPDATE history SET tags = \'["tech", "own"]\'')
    delivery = bench.claim_one()
    assert delivery.template == "{{ labels|hashtags }} {{ url }}"
    assert {tag.lower() for tag in delivery.content.labels} == {"news", "sale", "tech"}
    assert {tag.lower() for tag in delivery.content.tags} == {"news", "sale", "tech", "own"}
    [sample] = samples.latest(bench.db, chat_id=10, number=1, count=1, now_ms=bench.now_ms) or []
    assert sample.delivery.content.labels == ("news", "tech")
    assert change(bench, ("tags", None), ("template", None)).tags == ()


def test_pages_are_not_read_for_who_does_not_want_it(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.polling = replace(bench.polling, pages=PagePolicy(fetch=True))
    assert not change(bench, ("pages", False)).pages
    bench.poll(source_id, "a")
    assert bench.one("SELECT state FROM history") == "ready"
    assert bench.claim_one()
    change(bench, ("pages", None))
    bench.poll(source_id, "b")
    assert bench.rows("SELECT state FROM history WHERE id = 2") == [("accepted",)]


def test_a_backlog_can_be_chosen_until_the_first_look(bench: "Bench") -> None:
    source_id = bench.source()
    bench.subscribe(source_id)
    change(bench, ("backlog", "1"))
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"b": "pending"}
    with pytest.raises(UserError, match="read already"):
        change(bench, ("backlog", "all"))


@pytest.mark.parametrize("once", ["chat", "topic"])
def test_a_subscription_goes_to_another_topic_with_what_waits(bench: "Bench", once: str) -> None:
    chats.ensure(bench.db, FORUM, chat_type="supergroup")
    bench.db.execute("UPDATE chats SET once = ?", (once,))
    source_id = bench.watch(chat_id=FORUM, topic_id=4)
    bench.poll(source_id, "a", "b")
    bench.watch("other", chat_id=FORUM, topic_id=5)
    bench.poll(bench.source("other"), "b")
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'topic_suspended' WHERE id = 1")
    assert change(bench, ("topic", "5"), chat_id=FORUM).topic_id == 5
    rows = bench.rows("SELECT topic_id, state, reason FROM queue ORDER BY id")
    both = [(5, "pending", None), (5, "pending", None)]
    apart = [(5, "pending", None), (4, "dropped", "merged"), (5, "pending", None)]
    assert rows == (both if once == "chat" else apart)
    chats.suspend_topic(bench.db, FORUM, 7, reason="topic_closed", now_ms=bench.now_ms)
    change(bench, ("topic", "7"), chat_id=FORUM)
    assert ("held", "topic_suspended", 7) in bench.rows("SELECT state, reason, topic_id FROM queue")


def test_a_topic_that_is_taken_or_was_left(bench: "Bench") -> None:
    chats.ensure(bench.db, FORUM, chat_type="supergroup")
    source_id = bench.source()
    bench.subscribe(source_id, FORUM, 4)
    second = bench.subscribe(source_id, FORUM, 5)
    with pytest.raises(UserError, match=r"as No\. 2"):
        change(bench, ("topic", "5"), chat_id=FORUM)
    bench.db.execute("UPDATE subscriptions SET state = 'removed' WHERE id = ?", (second.subscription_id,))
    change(bench, ("topic", "5"), chat_id=FORUM)
    assert bench.rows("SELECT number, topic_id FROM subscriptions ORDER BY number") == [(1, 5), (2, 4)]
    chats.ensure(bench.db, 10, chat_type="channel")
    bench.subscribe(source_id)
    with pytest.raises(UserError, match="no topics"):
        change(bench, ("topic", "5"))


def test_what_is_new_in_a_chat_begins_with_its_defaults(bench: "Bench") -> None:
    changes = (("tags", "a b"), ("approve", True), ("expire", 60.0), ("pages", False), ("topic", "5"))
    of_all = (("template", "{{ title }}"), ("filter", "block title ~ x"))
    known = defaults.change(bench.db, chat_id=FORUM, changes=(*changes, *of_all))
    assert known == dict((*changes, *of_all))
    wish = Wish(place=Place(chat_id=FORUM), url="https://new.example/feed", backlog="none")
    add(bench.db, wish, now_ms=bench.now_ms)
    assert bench.rows("SELECT tags, approve, expire_s, pages, topic_id, template FROM subscriptions") == [
        ("a b", 1, 60.0, 0, 5, None)
    ]
    left = defaults.change(bench.db, chat_id=FORUM, changes=tuple((key, None) for key in known))
    assert left == {}
    assert bench.one("SELECT json_extract(options, '$.template') FROM chats") is None

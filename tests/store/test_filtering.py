"""Rules where links are wanted: at the poll, when the page was read, and when its time is up."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.filters.parsing import parse_rules
from core.page_policy import PagePolicy
from core.pages.page import Page
from core.protocol import HistoryId, NotSent, PageReport, SourceId
from store import filters, judging, pages, subscriptions, wishes
from store.subscriptions import Subscribed

if TYPE_CHECKING:
    from tests.store.conftest import Bench

WAIT_MS = 60_000
LINKS = "https://links.example/"
Watch = Callable[..., tuple[SourceId, Subscribed]]


@pytest.fixture
def watch(bench: "Bench") -> Watch:
    def watched(name: str, rules: str = "", *, topic_id: int = 0) -> tuple[SourceId, Subscribed]:
        source_id = bench.watch(name, topic_id=topic_id)
        subscribed = bench.subscribe(source_id, topic_id=topic_id)
        filters.put(bench.db, subscribed.subscription_id, rules)
        return source_id, subscribed

    return watched


@pytest.fixture
def reading(bench: "Bench") -> "Bench":
    """Pages are read."""
    bench.polling = replace(bench.polling, pages=PagePolicy(fetch=True))
    return bench


def page(bench: "Bench", name: str, **said: Any) -> int:
    link = HistoryId(bench.one("SELECT id FROM history WHERE url = ?", LINKS + name))
    pages.claim(bench.db, owner=bench.me, limit=9, busy_hosts=(), now_ms=bench.now_ms)
    report = (
        PageReport(history_id=link, page=Page(**said))
        if said
        else PageReport(history_id=link, error="timeout")
    )
    return pages.record(bench.db, report, now_ms=bench.now_ms).freed


def for_chat(bench: "Bench", rules: str) -> None:
    filters.replace(bench.db, chat_id=10, number=None, rules=parse_rules(rules))


def topics_of(bench: "Bench") -> list[tuple[str, int]]:
    """Return what waits, in its order, and the topic it waits for."""
    rows = bench.rows(
        """SELECT url, topic_id FROM queue JOIN history ON history.id = history_id
        WHERE queue.state = 'pending' ORDER BY position"""
    )
    return [(url.removeprefix(LINKS), topic_id) for url, topic_id in rows]


def test_a_link_that_is_not_wanted_has_no_row_and_a_verdict_with_its_rule(
    bench: "Bench", watch: Watch
) -> None:
    source, mine = watch("one", "block title ~ bad")
    assert bench.poll(source, "good", "bad").queued == 1
    assert bench.states() == {"good": "pending"}
    assert bench.verdicts(mine) == {"good": "wanted", "bad": "filtered"}
    assert bench.one("SELECT rule FROM verdicts WHERE verdict = 'filtered'") == "block title ~ bad"
    assert bench.rows("SELECT state FROM history WHERE url LIKE '%bad'") == [("known",)], "no page is read"


@pytest.mark.parametrize("first", ["picky", "other"])
def test_another_source_of_the_chat_may_still_want_it(bench: "Bench", watch: Watch, first: str) -> None:
    picky, picked = watch("picky", "block title ~ bad")
    other, took = watch("other")
    order = (picky, other) if first == "picky" else (other, picky)
    for source in order:
        bench.poll(source, "bad", "fine")
    assert bench.states() == {"bad": "pending", "fine": "pending"}
    assert bench.verdicts(picked)["bad"] == "filtered"
    assert bench.verdicts(took)["bad"] == "wanted"
    assert sorted(bench.drain()) == ["bad", "fine"]


def test_the_chats_rules_hold_for_all_its_sources(bench: "Bench", watch: Watch) -> None:
    for_chat(bench, "block title ~ bad")
    one, _ = watch("one", "keep title ~ a")
    two, _ = watch("two")
    bench.poll(one, "bad", "a", "c")
    bench.poll(two, "bad", "d")
    assert bench.drain() == ["a", "d"]


def test_effects_go_with_the_post(bench: "Bench", watch: Watch) -> None:
    source, _ = watch("one", "tag #sale, News title ~ x; silent title ~ x")
    bench.poll(source, "x", "y")
    bench.db.execute("""UPDATE history SET tags = '["news", "more"]'""")
    first = bench.send()
    assert (first.content.tags, first.silent) == (("sale", "News", "more"), True)
    bench.now_ms += 5000
    second = bench.send()
    assert (second.content.tags, second.silent) == (("news", "more"), False)


def test_what_goes_first_goes_before_all_that_waits(bench: "Bench", watch: Watch) -> None:
    source, _ = watch("one", "first title ~ hot")
    bench.poll(source, "a", "hot1", "b", "hot2")
    bench.poll(source, "a", "hot1", "b", "hot2", "c", "hot3")
    assert bench.drain() == ["hot3", "hot1", "hot2", "a", "b", "c"]


def test_a_topic_of_its_own(bench: "Bench", watch: Watch) -> None:
    source, _ = watch("one", "topic 45 title ~ x")
    bench.poll(source, "a", "x1", "b", "x2")
    assert topics_of(bench) == [("a", 0), ("x1", 45), ("b", 0), ("x2", 45)]
    assert bench.one("SELECT SUM(scope) FROM queue") == 0, "once in the chat"


def test_a_closed_topic_holds_only_what_goes_there(bench: "Bench", watch: Watch) -> None:
    source, _ = watch("one", "topic 45 title ~ x")
    bench.db.execute("INSERT INTO topics (chat_id, topic_id, state) VALUES (10, 45, 'suspended')")
    bench.poll(source, "a", "x")
    assert bench.states() == {"a": "pending", "x": "held(topic_suspended)"}


def test_a_price_waits_for_its_page(reading: "Bench", watch: Watch) -> None:
    source, mine = watch("shop", "keep price < 5000; tag #deal discount >= 30")
    reading.poll(source, "dear", "cheap")
    assert reading.one("SELECT MIN(undecided) FROM queue") == 1
    assert reading.claim().deliveries == ()
    assert page(reading, "dear", price="9000") == 1, "what is behind it need not wait"
    assert page(reading, "cheap", price="4000", discount=40) == 1
    assert reading.states() == {"dear": "dropped(filtered: keep price < 5000)", "cheap": "pending"}
    assert reading.verdicts(mine) == {"dear": "filtered", "cheap": "wanted"}
    assert reading.claim_one().content.tags == ("deal",)


def test_where_the_page_never_comes_the_unknown_keeps_nothing(reading: "Bench", watch: Watch) -> None:
    source, _ = watch("shop", "keep price < 5000")
    open_source, _ = watch("open", "block price > 5000")
    reading.poll(source, "a")
    reading.poll(open_source, "b")
    reading.now_ms += WAIT_MS
    assert [each.content.url for each in reading.claim().deliveries] == [LINKS + "b"]
    assert reading.states() == {"a": "dropped(filtered: keep price < 5000)", "b": "pending"}


def test_a_page_that_cannot_be_read_decides_at_once(reading: "Bench", watch: Watch) -> None:
    source, _ = watch("shop", "keep price < 5000 or price is unknown")
    reading.poll(source, "a")
    assert page(reading, "a") == 1
    assert reading.drain() == ["a"]


def test_without_pages_their_facts_are_unknown_for_ever(bench: "Bench", watch: Watch) -> None:
    source, mine = watch("shop", "keep price < 5000")
    bench.poll(source, "a")
    assert (bench.states(), bench.verdicts(mine)) == ({}, {"a": "filtered"})


@pytest.mark.parametrize("late", [False, True], ids=["with its page", "without it"])
def test_what_its_owner_does_not_want_passes_on(reading: "Bench", watch: Watch, late: bool) -> None:
    shop, mine = watch("shop", "keep price < 5000")
    never, hers = watch("never", "keep price < 10")
    other, theirs = watch(
        "other", "keep price > 9 or price is unknown; silent price > 9; silent price is unknown"
    )
    for source in (shop, never, other):
        reading.poll(source, "a")
    assert reading.verdicts(hers) == {"a": "repeat"}
    if late:
        reading.now_ms += WAIT_MS
    else:
        page(reading, "a", price="9000")
    delivery = reading.send()
    assert delivery.silent
    assert [reading.verdicts(each)["a"] for each in (mine, hers, theirs)] == [
        "filtered",
        "filtered",
        "wanted",
    ]
    assert reading.states() == {"a": "sent"}
    assert reading.one("SELECT subscription_id FROM queue") == theirs.subscription_id


def test_one_that_was_dropped_is_wanted_anew_by_another_source(reading: "Bench", watch: Watch) -> None:
    shop, _ = watch("shop", "keep price < 5000; silent price > 1")
    other, _ = watch("other")
    reading.poll(shop, "a")
    page(reading, "a", price="9000")
    assert reading.poll(other, "a").queued == 1
    assert not reading.send().silent


def test_a_row_passed_on_by_an_ended_subscription_is_judged_by_its_heir(bench: "Bench", watch: Watch) -> None:
    first, mine = watch("first", "silent title ~ a")
    second, _ = watch("second")
    for source in (first, second):
        bench.poll(source, "a", "b")
    filters.replace(bench.db, chat_id=10, number=2, rules=parse_rules("block title ~ b"))
    subscriptions.unsubscribe(bench.db, [mine.subscription_id], now_ms=bench.now_ms)
    assert not bench.send().silent
    assert bench.states() == {"a": "sent", "b": "dropped(filtered: block title ~ b)"}


def test_a_new_rule_is_for_what_waits_too(bench: "Bench", watch: Watch) -> None:
    source, _ = watch("one")
    bench.poll(source, "a", "b", "c")
    bench.send(NotSent(error="refused"))
    filters.add(bench.db, chat_id=10, number=1, rules=parse_rules("block title ~ /[AB]/"))
    bench.now_ms += 5000
    assert bench.drain() == ["a", "c"], "what was tried once goes on"


def test_held_rows_are_judged_when_they_are_released(reading: "Bench", watch: Watch) -> None:
    source, _ = watch("shop", "keep price < 5000")
    reading.db.execute("UPDATE chats SET state = 'suspended'")
    reading.poll(source, "a", "b")
    page(reading, "a", price="9000")
    assert reading.states() == {"a": "dropped(filtered: keep price < 5000)", "b": "held(suspended)"}


def test_a_clock_that_jumped_back_holds_nobody(reading: "Bench", watch: Watch) -> None:
    source, _ = watch("shop", "block price > 5000")
    reading.poll(source, "a")
    reading.now_ms -= 3_600_000
    assert len(reading.claim().deliveries) == 1


def test_more_than_can_be_judged_at_once_is_judged_in_turns(
    bench: "Bench", watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_AT_ONCE", 2)
    source, _ = watch("one")
    bench.poll(source, *"abcdef")
    filters.add(bench.db, chat_id=10, number=None, rules=parse_rules("block title in (a, b, c)"))
    assert bench.claim().deliveries == ()
    claimed = bench.claim()
    assert [each.content.url for each in claimed.deliveries] == [LINKS + "d"]


def test_who_asks_for_the_newest_gets_it_whatever_the_rules(bench: "Bench", watch: Watch) -> None:
    source, mine = watch("one", "block title ~ a")
    bench.poll(source, "a")
    assert bench.states() == {}
    assert wishes.send_newest(bench.db, mine.subscription_id, now_ms=bench.now_ms)
    assert bench.drain() == ["a"]


def test_once_a_topic_a_redirected_link_is_one_of_that_topic(reading: "Bench", watch: Watch) -> None:
    there, _ = watch("there", topic_id=45)
    shop, mine = watch("shop", "topic 45 price > 1")
    late, hers = watch("late", "topic 46 price > 1")
    reading.db.execute("UPDATE chats SET once = 'topic'")
    for source in (there, shop, late):
        reading.poll(source, "a", "b")
    page(reading, "a", price="9")
    page(reading, "b")
    assert sorted(topics_of(reading)) == [("a", 45), ("a", 46), ("b", 0), ("b", 45)]
    assert (reading.verdicts(mine)["a"], reading.verdicts(hers)["a"]) == ("repeat", "wanted")
    for source in (there, shop):
        reading.poll(source, "c")
    page(reading, "c", price="9")
    assert reading.rows("SELECT scope FROM queue WHERE state = 'dropped' AND reason = 'merged'") == [(0,)]
    reading.poll(watch("plain")[0], "c")
    assert ("c", 0) in topics_of(reading), "its place in the chat itself is free"


def test_a_topic_that_is_closed_when_the_page_comes(reading: "Bench", watch: Watch) -> None:
    source, _ = watch("shop", "topic 45 price > 1; topic 46 price is unknown")
    away, _ = watch("away", "topic 46 price > 1", topic_id=45)
    reading.db.execute("INSERT INTO topics (chat_id, topic_id, state) VALUES (10, 45, 'suspended')")
    reading.poll(source, "a", "b")
    reading.poll(away, "c")
    assert reading.states() == {"a": "pending", "b": "pending", "c": "held(topic_suspended)"}
    for name in ("a", "c"):
        page(reading, name, price="9")
    page(reading, "b")
    assert reading.states() == {"a": "held(topic_suspended)", "b": "pending", "c": "pending"}
    assert topics_of(reading) == [("b", 46), ("c", 46)]


def test_only_who_is_there_now_inherits(reading: "Bench", watch: Watch) -> None:
    shop, _ = watch("shop", "keep price < 5000")
    ended, hers = watch("ended")
    far, further = (reading.watch(name, chat_id=11) for name in ("far", "further"))
    for source in (shop, ended, far, further):
        reading.poll(source, "a")
    subscriptions.unsubscribe(reading.db, [hers.subscription_id], now_ms=reading.now_ms)
    page(reading, "a", price="9000")
    assert reading.states() == {"a": "dropped(filtered: keep price < 5000)"}
    assert reading.verdicts(hers) == {"a": "repeat"}
    assert reading.states(11) == {"a": "pending"}


def test_a_link_whose_time_is_up_is_judged_at_once(reading: "Bench", watch: Watch) -> None:
    plain, _ = watch("plain")
    shop, mine = watch("shop", "keep price < 5000")
    reading.poll(plain, "a")
    reading.now_ms += WAIT_MS
    reading.poll(shop, "a")
    assert reading.verdicts(mine) == {"a": "filtered"}


def test_what_another_chat_saw_alone_is_judged_by_its_address_only(bench: "Bench", watch: Watch) -> None:
    source, mine = watch("one")
    bench.poll(source, "a")
    foreign = bench.subscribe(bench.source("own"), chat_id=11).subscription_id
    bench.db.execute("UPDATE history SET private_to = ?", (foreign,))
    filters.add(bench.db, chat_id=10, number=1, rules=parse_rules("block title ~ a; silent url ~ links"))
    assert bench.claim_one().silent
    assert bench.verdicts(mine) == {"a": "wanted"}


def test_what_rules_stop_is_counted(bench: "Bench", watch: Watch) -> None:
    source_id, _ = watch("one", "block title ~ b")
    bench.poll(source_id)
    outcome = bench.poll(source_id, "a", "b", "bb")
    assert (outcome.queued, outcome.filtered) == (1, 2)

"""Addresses to look behind: rows from the wish to the answer."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.discovery import Found, Suggestion
from core.protocol import Owner, Place
from store import adding, chats, probes
from store.adding import Wish

if TYPE_CHECKING:
    from tests.store.conftest import Bench

SITE = "https://site.example/"
WISH = Wish(
    place=Place(chat_id=-10, topic_id=5), url=SITE, backlog="1", interval_s=300, answer_in=(1, 0), owner=1
)
ONE, TWO = (
    Suggestion(kind="feed", url=SITE + "1.xml"),
    Suggestion(kind="list", url=SITE, rules='{"item":"p"}'),
)
OWNERS = (7,)


def begin(bench: "Bench", wish: Wish = WISH) -> int:
    chats.ensure(bench.db, -10)
    begun = probes.begin(bench.db, wish, now_ms=bench.now_ms)
    assert begun.probe_id is not None
    return begun.probe_id


def record(bench: "Bench", probe_id: int, found: Found) -> None:
    probes.record(bench.db, probe_id, found, now_ms=bench.now_ms)


def answer(bench: "Bench", probe_id: int, choice: str, user_id: int = 7) -> str:
    return probes.answer(bench.db, probe_id, choice, user_id=user_id, owners=OWNERS, now_ms=bench.now_ms)


def watched(bench: "Bench") -> list[tuple[object, ...]]:
    return bench.rows(
        """SELECT kind, url, rules, chat_id, topic_id, backlog, interval_s
        FROM subscriptions JOIN sources ON sources.id = source_id"""
    )


def test_what_is_clear_is_watched_and_the_card_goes_on(bench: "Bench") -> None:
    probe_id = begin(bench)
    record(bench, probe_id, Found(chosen=ONE))
    assert watched(bench) == [("feed", ONE.url, "{}", -10, 5, "1", 300)]
    assert bench.rows("SELECT dedupe_key, code FROM notices") == [("add:1", "add.looking")]
    record(bench, probe_id, Found(chosen=TWO))
    assert len(watched(bench)) == 1, "an answer that comes twice changes nothing"


def test_what_is_not_sure_or_several_is_asked(bench: "Bench") -> None:
    for found in (Found(chosen=ONE, sure=False, suggestions=(ONE,)), Found(suggestions=(ONE, TWO))):
        probe_id = begin(bench)
        record(bench, probe_id, found)
        code, args, state = bench.notices()[-1]
        assert (code, state, args["probe_id"]) == ("add.question", "pending", probe_id)
        assert args["suggestions"][0]["url"] == ONE.url
        assert watched(bench) == []


def test_what_cannot_be_reached_is_watched_as_a_feed(bench: "Bench") -> None:
    record(bench, begin(bench), Found(reached=False, error="timeout"))
    assert watched(bench)[0][:2] == ("feed", SITE)


def test_an_answer_counts_once(bench: "Bench") -> None:
    probe_id = begin(bench)
    assert answer(bench, probe_id, "0") == "add_settled", "nothing was asked yet"
    record(bench, probe_id, Found(suggestions=(ONE, TWO)))
    assert answer(bench, probe_id, "2") == "add_old"
    assert answer(bench, probe_id, "0", user_id=8) == "add_forbidden"
    assert answer(bench, probe_id, "1") == "add_watching"
    assert answer(bench, probe_id, "0") == "add_settled"
    assert answer(bench, probe_id, "link") == "add_settled"
    assert watched(bench) == [("list", SITE, '{"item":"p"}', -10, 5, "1", 300)]


def test_a_question_that_was_asked_anew_is_void(bench: "Bench") -> None:
    first = begin(bench)
    record(bench, first, Found(suggestions=(ONE, TWO)))
    second = begin(bench)
    assert second != first
    assert answer(bench, first, "0") == "add_old"
    record(bench, first, Found(chosen=ONE))
    assert watched(bench) == []


def test_questions_are_forgotten_after_a_month(bench: "Bench") -> None:
    first = begin(bench)
    record(bench, first, Found(suggestions=(ONE, TWO)))
    bench.now_ms += 31 * 86_400_000
    begin(bench, replace(WISH, url="https://other.example/"))
    assert answer(bench, first, "0") == "add_old"


@pytest.mark.parametrize(("url", "known"), [(SITE, True), (SITE + "other", False)])
def test_an_address_that_is_watched_is_not_looked_behind(bench: "Bench", url: str, known: bool) -> None:
    adding.add(bench.db, replace(WISH, kind="list", answer_in=None), now_ms=bench.now_ms)
    begun = probes.begin(bench.db, replace(WISH, url=url, interval_s=60), now_ms=bench.now_ms)
    assert (begun.known_number == 1) == known
    assert bench.one("SELECT interval_s FROM subscriptions") == (60 if known else 300)


def test_the_link_itself_is_queued_once_ahead_of_feeds(bench: "Bench") -> None:
    for expected in ("add_link", "add_link_known"):
        probe_id = begin(bench)
        record(bench, probe_id, Found(title="A page", error="not_a_feed"))
        assert answer(bench, probe_id, "link") == expected
    assert bench.rows("SELECT chat_id, topic_id, lane, state FROM queue") == [(-10, 5, 1, "pending")]
    [delivery] = bench.claim().deliveries
    assert (delivery.content.url, delivery.content.title) == (SITE, "A page")
    assert bench.rows("SELECT COUNT(*) FROM sightings") == [(0,)]


@pytest.mark.parametrize("topic_only", [True, False])
def test_a_link_for_a_place_out_of_reach_waits(bench: "Bench", topic_only: bool) -> None:
    probe_id = begin(bench)
    record(bench, probe_id, Found(error="not_a_feed"))
    if topic_only:
        chats.suspend_topic(bench.db, -10, 5, reason="topic_closed", now_ms=bench.now_ms)
    else:
        chats.suspend(bench.db, -10, reason="kicked", alert=None, now_ms=bench.now_ms)
    answer(bench, probe_id, "link")
    assert bench.one("SELECT state || reason FROM queue") == (
        "heldtopic_suspended" if topic_only else "heldsuspended"
    )


def test_a_dead_finder_gives_its_probes_back(bench: "Bench") -> None:
    probe_id = begin(bench)
    assert [probe.probe_id for probe in probes.claim(bench.db, owner=bench.me, limit=5)] == [probe_id]
    assert probes.claim(bench.db, owner=bench.me, limit=5) == []
    heir = Owner(boot_id="boot", incarnation=2)
    assert probes.release_dead_leases(bench.db, owner=heir) == 1
    [probe] = probes.claim(bench.db, owner=heir, limit=5)
    assert (probe.probe_id, probe.url) == (probe_id, SITE)


def test_a_login_goes_along_apart_and_is_forgotten_in_the_end(bench: "Bench") -> None:
    probe_id = begin(bench, replace(WISH, url="https://user:secret@site.example/"))
    [probe] = probes.claim(bench.db, owner=bench.me, limit=5)
    assert probe.url == SITE
    assert probe.access.headers[0][0] == "Authorization"
    assert "secret" not in repr((probe, bench.notices()))
    record(bench, probe_id, Found(title="Members only", suggestions=(ONE, TWO)))
    assert answer(bench, probe_id, "link") == "add_link"
    assert bench.rows("SELECT url, title FROM history") == [(SITE, "")]
    assert bench.one("SELECT credentials FROM probes") is None


def test_a_group_under_its_new_id(bench: "Bench") -> None:
    probe_id = begin(bench)
    chats.migrate(bench.db, old_id=-10, new_id=-20, now_ms=bench.now_ms)
    record(bench, probe_id, Found(chosen=ONE))
    assert watched(bench)[0][3] == -20

"""Pages of new links: who waits for them, who reads them, and what they change."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.page_policy import PagePolicy
from core.pages.page import Page
from core.protocol import HistoryId, PageOutcome, PageReport
from store import pages

if TYPE_CHECKING:
    from core.protocol import SourceId
    from tests.store.conftest import Bench

SECOND_MS = 1000
WAIT_MS = 60 * SECOND_MS


@pytest.fixture
def source(bench: "Bench") -> "SourceId":
    source_id = bench.watch()
    bench.polling = replace(bench.polling, pages=PagePolicy(fetch=True))
    return source_id


def claim(bench: "Bench", limit: int = 10, busy: tuple[str, ...] = ()) -> pages.Claimed:
    return pages.claim(bench.db, owner=bench.me, limit=limit, busy_hosts=busy, now_ms=bench.now_ms)


def report(bench: "Bench", name: str, **said: object) -> PageOutcome:
    link = HistoryId(bench.one("SELECT id FROM history WHERE guid_name(url) = ?", name))
    return pages.record(bench.db, PageReport(history_id=link, **said), now_ms=bench.now_ms)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _short_names(bench: "Bench") -> None:
    bench.db.conn.create_function("guid_name", 1, lambda url: url.rpartition("/")[2])


def test_a_new_link_waits_for_its_page_and_goes_out_with_it(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a")
    assert bench.claim().deliveries == ()
    [job] = claim(bench).jobs
    assert (job.url, job.host) == ("https://links.example/a", "links.example")
    assert report(bench, "a", page=Page(title="Page", image="https://e.org/i.png")).freed == 1
    [delivery] = bench.claim().deliveries
    assert (delivery.content.title, delivery.content.image) == ("A", "https://e.org/i.png")


def test_no_link_waits_longer_than_its_time(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a")
    claim(bench)
    bench.now_ms += WAIT_MS - 1
    assert bench.claim().deliveries == ()
    bench.now_ms += 1
    assert len(bench.claim().deliveries) == 1


def test_what_cannot_be_read_goes_out_at_once(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a")
    claim(bench)
    assert report(bench, "a", error="timeout", passing=True).freed == 1
    assert bench.rows("SELECT state, page, page_error FROM history") == [("ready", None, '["timeout"]')]
    assert len(bench.claim().deliveries) == 1


def test_links_wait_in_their_order(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a", "b")
    claim(bench)
    claim(bench)
    report(bench, "b", page=Page())
    assert bench.claim().deliveries == (), "nothing is overtaken"
    report(bench, "a", page=Page())
    assert bench.drain() == ["a", "b"]


def test_a_link_that_hides_where_it_leads_is_tried_for_longer(bench: "Bench", source: "SourceId") -> None:
    bench.db.execute("UPDATE sources SET state = state")
    bench.poll(source, "a")
    bench.db.execute(
        "UPDATE history SET url = 'https://t.co/a', ready_by_ms = ?", (bench.now_ms + 15 * WAIT_MS,)
    )
    for pause_s in (15, 30, 60):
        assert len(claim(bench).jobs) == 1
        assert report(bench, "a", error="timeout", passing=True).freed == 0
        claimed = claim(bench)
        assert (claimed.jobs, claimed.following_ms) == ((), bench.now_ms + pause_s * SECOND_MS)
        bench.now_ms += pause_s * SECOND_MS
    bench.now_ms += 20 * WAIT_MS
    claim(bench)
    assert report(bench, "a", error="timeout", passing=True).freed == 1


def test_one_page_of_a_host_is_claimed_at_a_time(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a", "b")
    assert [job.url[-1] for job in claim(bench).jobs] == ["a"]
    second = claim(bench, busy=("links.example",))
    assert (second.jobs, second.waiting) == ((), True)
    assert [job.url[-1] for job in claim(bench).jobs] == ["b"]
    assert not claim(bench).waiting


def test_leases_of_the_dead_are_given_back(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a")
    claim(bench)
    bench.me = replace(bench.me, incarnation=2)
    assert claim(bench).jobs == ()
    assert pages.release_dead_leases(bench.db, owner=bench.me) == 1
    assert len(claim(bench).jobs) == 1


def test_recording_twice_changes_nothing(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a")
    claim(bench)
    assert report(bench, "a", page=Page(title="One")).freed == 1
    assert report(bench, "a", page=Page(title="Two")) == PageOutcome()
    assert bench.one("SELECT json_extract(page, '$.title') FROM history") == "One"


def test_a_redirect_to_a_link_that_was_posted_is_no_news(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a")
    claim(bench)
    report(bench, "a", page=Page())
    assert bench.drain() == ["a"]
    bench.poll(source, "counter")
    claim(bench)
    outcome = report(bench, "counter", page=Page(), led_to="https://links.example/a?utm_source=x")
    assert outcome == PageOutcome(freed=0, merged=True)
    assert bench.drain() == []
    assert bench.rows("SELECT state, reason FROM queue ORDER BY id") == [
        ("sent", None),
        ("dropped", "merged"),
    ]


def test_who_comes_under_another_address_later_is_no_news(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "counter")
    claim(bench)
    report(bench, "counter", page=Page(title="A"), led_to="https://links.example/a")
    bench.poll(source, "a")
    assert bench.one("SELECT COUNT(*) FROM history") == 1
    claim(bench)
    assert bench.drain() == ["counter"]


def test_another_story_under_a_canonical_address_is_news(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "x")
    claim(bench)
    report(bench, "x", page=Page(title="Story", aliases=("https://links.example/list",)))
    bench.poll(source, "list")
    assert bench.one("SELECT COUNT(*) FROM history") == 2
    assert bench.rows("SELECT kind FROM aliases") == [("disputed",)]


def test_a_canonical_address_that_two_stories_claim_is_neithers(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "x", "y")
    claim(bench)
    claim(bench)
    for name in ("x", "y"):
        report(bench, name, page=Page(title=f"Story {name}", aliases=("https://links.example/list",)))
    assert bench.rows("SELECT kind FROM aliases") == [("disputed",)]
    assert bench.drain() == ["x", "y"]
    bench.poll(source, "list")
    assert bench.one("SELECT COUNT(*) FROM history") == 3


def test_the_same_story_under_two_addresses_is_posted_once(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "x", "y")
    claim(bench)
    claim(bench)
    for name in ("x", "y"):
        report(bench, name, page=Page(title="X", aliases=("https://links.example/story",)))
    assert bench.drain() == ["x"]
    assert bench.rows("SELECT COUNT(*) FROM queue WHERE state = 'dropped' AND reason = 'merged'") == [(1,)]


def test_texts_of_old_links_are_dropped_and_their_keys_are_not(bench: "Bench", source: "SourceId") -> None:
    bench.poll(source, "a", "b")
    claim(bench)
    report(bench, "a", page=Page(title="Page"))
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE history_id = 1")
    bench.db.execute("UPDATE history SET summary = 'text'")
    assert pages.forget(bench.db, before_ms=bench.now_ms) is None
    assert bench.one("SELECT COUNT(*) FROM history WHERE summary = 'text'") == 2
    assert pages.forget(bench.db, before_ms=bench.now_ms + 1) is None
    assert bench.rows("SELECT page, summary, normalized_url FROM history ORDER BY id") == [
        (None, "", "https://links.example/a"),
        (None, "text", "https://links.example/b"),
    ]


@pytest.mark.parametrize("state", ["pending", "held", "sending", "uncertain"])
def test_what_may_still_go_out_keeps_its_texts(bench: "Bench", source: "SourceId", state: str) -> None:
    bench.poll(source, "a")
    bench.db.execute("UPDATE history SET summary = 'text'")
    bench.db.execute("UPDATE queue SET state = ?", (state,))
    pages.forget(bench.db, before_ms=bench.now_ms + 1)
    assert bench.one("SELECT summary FROM history") == "text"


def test_texts_are_dropped_in_bounded_steps_that_pass_each_link_once(
    bench: "Bench", source: "SourceId"
) -> None:
    bench.poll(source, *"abcdefg")
    bench.db.execute("UPDATE history SET summary = 'text', first_seen_ms = 5 - id / 2")
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE history_id NOT IN (5, 6)")
    kept, behind = [], (-1, 0)
    while (reached := pages.forget(bench.db, before_ms=bench.now_ms, behind=behind, limit=2)) is not None:
        behind = reached
        kept.append(bench.one("SELECT COUNT(*) FROM history WHERE summary <> ''"))
    assert kept == [6, 5, 3]
    assert bench.rows("SELECT id FROM history WHERE summary <> '' ORDER BY id") == [(5,), (6,)]

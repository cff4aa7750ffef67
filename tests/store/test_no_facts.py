"""Links sent by hand that would go out as a bare address: held, and asked about once."""

from typing import TYPE_CHECKING

import pytest

from core.page_policy import PagePolicy
from core.pages.page import Page
from core.protocol import HistoryId, PageReport, Place
from store import by_hand, no_facts, pages
from tests.store.test_plans import full_scans

if TYPE_CHECKING:
    from tests.store.conftest import Bench

READ = PagePolicy(fetch=True)
LINK = "https://links.example/a"


def send(bench: "Bench", *, title: str = "", policy: PagePolicy = READ, here: bool = True) -> None:
    by_hand.queue_link(
        bench.db,
        Place(chat_id=10),
        url=LINK,
        title=title,
        pages=policy,
        asked_in=(5, 7) if here else None,
        now_ms=bench.now_ms,
    )


def read(bench: "Bench", page: Page | None = None, error: str | None = None) -> None:
    pages.record(bench.db, PageReport(history_id=HistoryId(1), page=page, error=error), now_ms=bench.now_ms)


def settle(bench: "Bench") -> int:
    return no_facts.settle(bench.db, alert=bench.alert, now_ms=bench.now_ms)


@pytest.mark.parametrize(("page", "error"), [(None, "forbidden"), (Page(description="Words."), None)])
@pytest.mark.parametrize(("verdict", "state"), [("post", "pending"), ("drop", "dropped(answered_drop)")])
def test_what_shows_nothing_is_held_until_somebody_says_what(
    bench: "Bench", page: Page | None, error: str | None, verdict: str, state: str
) -> None:
    send(bench)
    assert settle(bench) == 0, "its page is still to be read"
    read(bench, page, error)
    assert settle(bench) == 1
    assert settle(bench) == 0, "once"
    assert bench.states() == {"a": "held(no_facts)"}
    [(chat_id, topic_id)] = bench.rows("SELECT chat_id, topic_id FROM notices")
    assert (chat_id, topic_id) == (5, 7)
    assert no_facts.chat_of(bench.db, 1) == 10
    assert no_facts.answer(bench.db, queue_id=1, verdict=verdict, now_ms=bench.now_ms)
    assert not no_facts.answer(bench.db, queue_id=1, verdict="post", now_ms=bench.now_ms), (
        "the first press wins"
    )
    assert settle(bench) == 0
    assert bench.states() == {"a": state}, "what was said stays"
    assert bench.drain() == (["a"] if verdict == "post" else [])
    [(code, _, _)] = bench.notices()
    assert code == "facts.answered"


@pytest.mark.parametrize("page", [Page(title="Title"), Page(image="https://links.example/1.jpg")])
def test_a_title_or_a_picture_is_enough(bench: "Bench", page: Page) -> None:
    send(bench)
    read(bench, page)
    assert settle(bench) == 0
    assert bench.states() == {"a": "pending"}


def test_with_a_title_of_its_own_or_without_pages_it_goes_out(bench: "Bench") -> None:
    send(bench, title="Known")
    read(bench, error="timeout")
    assert settle(bench) == 0
    assert bench.drain() == ["a"]


def test_where_pages_are_not_read_it_goes_out(bench: "Bench") -> None:
    send(bench, policy=PagePolicy())
    assert settle(bench) == 0
    assert bench.drain() == ["a"]


def test_a_page_that_comes_late_lets_it_go(bench: "Bench") -> None:
    send(bench, here=False)
    bench.now_ms += 61_000
    assert settle(bench) == 1
    assert bench.states() == {"a": "held(no_facts)"}
    assert bench.rows("SELECT chat_id FROM notices") == [(1,)], "where alerts go"
    read(bench, Page(title="Late"))
    assert settle(bench) == 0
    assert bench.drain() == ["a"]


def test_links_of_sources_are_never_held_for_this(bench: "Bench") -> None:
    bench.poll(bench.watch(), "x")
    bench.db.execute("UPDATE history SET title = '', page_error = '[\"timeout\"]'")
    assert settle(bench) == 0
    assert bench.states() == {"x": "pending"}


def test_nobody_to_ask_yet(bench: "Bench") -> None:
    bench.alert = None
    send(bench, here=False)
    read(bench, error="timeout")
    assert settle(bench) == 0
    assert bench.states() == {"a": "held(no_facts)"}
    bench.alert = (1, 0)
    assert settle(bench) == 1


def test_settling_reads_no_table_as_a_whole(bench: "Bench") -> None:
    bench.poll(bench.watch(), *[str(number) for number in range(200)])
    send(bench)
    read(bench, error="timeout")
    bench.db.execute("ANALYZE")
    seen: list[str] = []
    bench.db.conn.set_trace_callback(seen.append)
    settle(bench)
    bench.db.conn.set_trace_callback(None)
    statements = [sql for sql in seen if sql.lstrip().startswith(("SELECT", "UPDATE"))]
    assert len(statements) >= 3
    assert full_scans(bench, statements) == []

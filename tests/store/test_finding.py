"""Finding links by their words: what is found, by whom, and what an index that lags behind may not do."""

from typing import TYPE_CHECKING

import pytest

from core.access import Access
from core.pages.page import Page
from core.protocol import Candidate, HistoryId, PageReport, Place, PollReport, Sent, SourceId
from core.searching import search_words
from store import accesses, by_hand, finding, links, lives, pages, sources
from store.finding import Scope
from tests.store.test_plans import full_scans

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def show(bench: "Bench", source_id: SourceId, name: str, title: str = "", summary: str = "") -> None:
    url = f"https://site.example/{name}"
    candidate = Candidate(key=url, url=f"{url}?token=secret", title=title, summary=summary)
    report = PollReport(source_id=source_id, status="ok", candidates=(candidate,))
    sources.record_poll(bench.db, report, policy=bench.polling, jitter=0.5, now_ms=bench.now_ms)


def index(bench: "Bench", since_ms: int = 0) -> None:
    while finding.is_behind(bench.db):
        assert finding.index(bench.db, since_ms=since_ms, limit=3)


def find(bench: "Bench", text: str, scope: Scope = None, since_ms: int = 0) -> list[str]:
    found = finding.find(bench.db, search_words(text), scope=scope, since_ms=since_ms, limit=10)
    return [each.url.partition("?")[0].rpartition("/")[2] for each in found.links]


def test_what_is_found(bench: "Bench") -> None:
    source_id = bench.watch()
    show(bench, source_id, "one", "Ёлки и Café", "<p class='hidden'>Summary <b>words</b></p>")
    show(bench, source_id, "%D0%B4%D0%B2%D0%B0", "Other words")
    assert find(bench, "words") == [], "not indexed yet"
    index(bench)
    assert find(bench, "words") == ["%D0%B4%D0%B2%D0%B0", "one"], "newest first"
    assert find(bench, "WORDS cafe") == ["one"]
    assert find(bench, "елки") == ["one"]
    assert find(bench, "summar") == ["one"], "a beginning"
    assert find(bench, "два") == ["%D0%B4%D0%B2%D0%B0"]
    assert find(bench, "site.example") != []
    assert find(bench, "hidden") == find(bench, "secret") == find(bench, "") == []


def test_what_changes_is_found_anew(bench: "Bench") -> None:
    source_id = bench.watch()
    show(bench, source_id, "one", "Before")
    show(bench, source_id, "two", "Before too")
    index(bench)
    bench.db.execute("UPDATE history SET state = 'fetching' WHERE id = 1")
    pages.record(bench.db, PageReport(history_id=HistoryId(1), page=Page(title="Afterwards")), now_ms=1)
    assert finding.is_behind(bench.db)
    index(bench)
    assert find(bench, "afterwards") == ["one"]
    links.merge(bench.db, 1, 2, now_ms=bench.now_ms)
    index(bench)
    assert find(bench, "before") == ["one"], "two are one"
    assert not finding.is_behind(bench.db)


def test_old_links_are_not_found(bench: "Bench") -> None:
    source_id = bench.watch()
    show(bench, source_id, "old", "Words")
    bench.now_ms += 10 * DAY_MS
    show(bench, source_id, "new", "Words")
    index(bench)
    assert find(bench, "words") == ["new", "old"]
    since_ms = bench.now_ms - DAY_MS
    assert find(bench, "words", since_ms=since_ms) == ["new"]
    while finding.forget(bench.db, before_ms=since_ms, limit=1):
        pass
    assert find(bench, "words") == ["new"]
    bench.db.execute("UPDATE history SET title = 'Words again'")
    index(bench, since_ms)
    assert find(bench, "words") == ["new"]


def test_who_may_see_what(bench: "Bench") -> None:
    show(bench, bench.watch("one", chat_id=10), "one", "Words")
    show(bench, bench.watch("two", chat_id=20), "two", "Words")
    by_hand.queue_link(bench.db, Place(chat_id=30), url="https://site.example/hand", title="Words", now_ms=1)
    own = bench.subscribe(bench.source("own"), chat_id=40)
    key = Access(origin="https://own.example:443", headers=(("X-Key", "k"),))
    mine = accesses.give(bench.db, own.subscription_id, key, now_ms=bench.now_ms)
    show(bench, mine, "private", "Words")
    index(bench)
    assert find(bench, "words", None) == ["private", "hand", "two", "one"]
    assert find(bench, "words", (10,)) == ["one"]
    assert find(bench, "words", (20, 30)) == ["hand", "two"]
    assert find(bench, "words", (40,)) == ["private"]
    assert find(bench, "words", ()) == []
    bench.subscribe(mine, chat_id=10)
    assert find(bench, "words", (10,)) == ["one"], "what another chat's access showed stays with it"


def test_pages_go_on_where_the_last_one_ended(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> None:
    source_id = bench.watch()
    for number in range(7):
        show(bench, source_id, str(number), "Words")
    index(bench)
    words = search_words("words")
    seen, before = [], None
    for _ in range(4):
        page = finding.find(bench.db, words, scope=None, since_ms=0, before=before, limit=2)
        seen += [each.url.partition("?")[0][-1] for each in page.links]
        before = page.older
    assert (seen, before) == (list("6543210"), None)
    monkeypatch.setattr(finding, "_WINDOW", 3)
    page = finding.find(bench.db, words, scope=(99,), since_ms=0, limit=2)
    assert (page.links, page.older) == ((), 5), (
        "where most is not for these eyes, the rest is for another page"
    )


def test_the_last_posts_of_a_chat(bench: "Bench") -> None:
    source_id = bench.watch()
    for name in ("a", "b", "c"):
        bench.poll(source_id, name)
        bench.now_ms += 5000
        bench.send(Sent(message_ids=(5,)))
    found = finding.posted(bench.db, 10, limit=2)
    assert [each.title for each in found] == ["C", "B"]
    assert finding.posted(bench.db, 11, limit=2) == []


def test_lives_are_told_to_those_who_may_know(bench: "Bench") -> None:
    for chat_id, name in ((10, "one"), (20, "two")):
        show(bench, bench.watch(name, chat_id=chat_id), "story", "Story")
    key = "https://site.example/story"
    everything = lives.life_for(bench.db, key, None)
    assert everything is not None
    assert (len(everything.sightings), len(everything.verdicts), len(everything.queue)) == (2, 2, 2)
    mine = lives.life_for(bench.db, key, (10,))
    assert mine is not None
    assert [each["url"] for each in mine.sightings] == ["https://one.example/"]
    assert {each["chat_id"] for each in (*mine.verdicts, *mine.queue)} == {10}
    assert lives.life_for(bench.db, key, (30,)) is None
    assert lives.life_for(bench.db, "https://site.example/other", None) is None


def test_nothing_is_read_as_a_whole(bench: "Bench") -> None:
    for number in range(10):
        bench.poll(bench.watch(f"feed{number}", chat_id=10 + number), *[f"{number}-{n}" for n in range(20)])
    bench.db.execute("UPDATE queue SET state = 'sent'")
    bench.db.execute("ANALYZE")
    seen: list[str] = []
    bench.db.conn.set_trace_callback(seen.append)
    finding.index(bench.db, since_ms=0)
    find(bench, "feed", (10,))
    finding.posted(bench.db, 10, limit=5)
    finding.forget(bench.db, before_ms=0)
    bench.db.conn.set_trace_callback(None)
    statements = [sql for sql in seen if sql.lstrip().startswith("SELECT") and "words_" not in sql]
    assert len(statements) >= 5
    assert [scan for scan in full_scans(bench, statements) if "SCAN words VIRTUAL" not in scan] == []

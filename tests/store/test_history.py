"""History: one row per link ever accepted, one sighting per source that showed it."""

import json
from typing import TYPE_CHECKING

from core.protocol import Candidate
from core.urls.normalize import RULES_VERSION
from store import history

if TYPE_CHECKING:
    from tests.store.conftest import Bench

LINKS = "https://links.example/"


def test_first_sight(bench: "Bench") -> None:
    source_id = bench.source()
    candidates = [Candidate(key=LINKS + name, url=LINKS + name, guid=f"g-{name}") for name in "ab"]
    accepted = history.accept(bench.db, source_id, candidates, now_ms=bench.now_ms)
    assert accepted.new_ids == accepted.new_sightings == set(accepted.ids.values())
    assert list(accepted.ids) == [LINKS + "a", LINKS + "b"]
    assert bench.rows("SELECT seen_ms, position, guid FROM sightings ORDER BY position") == [
        (bench.now_ms, 0, "g-a"),
        (bench.now_ms, 1, "g-b"),
    ]


def test_a_link_keeps_what_was_said_of_it_first(bench: "Bench") -> None:
    one, other = bench.source("one"), bench.source("other")
    first = Candidate(
        key=LINKS + "a",
        url=LINKS + "a?utm_source=x",
        title='"quoted" \\ \u2028 😀 </title>',
        summary="<p>" + "s" * 3000,
        image=LINKS + "a.png",
        author="Ann",
        tags=("a", "ё"),
        published_ms=-5,
    )
    history.accept(bench.db, one, [first], now_ms=bench.now_ms)
    second = Candidate(key=LINKS + "a", url=LINKS + "a", title="Other words")
    accepted = history.accept(bench.db, other, [second], now_ms=bench.now_ms + 1)
    assert accepted.new_ids == frozenset()
    assert len(accepted.new_sightings) == 1
    [row] = bench.rows(
        """SELECT url, title, summary, image, author, tags, published_ms, first_seen_ms, rules_version, state
        FROM history"""
    )
    assert row == (
        *(first.url, first.title, first.summary, first.image, first.author, json.dumps(["a", "ё"])),
        *(-5, bench.now_ms, RULES_VERSION, "known"),
    )


def test_nothing_to_accept(bench: "Bench") -> None:
    assert history.accept(bench.db, bench.source(), [], now_ms=0) == history.Accepted()


def test_an_alias_leads_to_its_link(bench: "Bench") -> None:
    source_id = bench.source()
    direct = Candidate(key=LINKS + "a", url=LINKS + "a")
    short = Candidate(key="https://short.example/1", url="https://short.example/1")
    known = history.accept(bench.db, source_id, [direct], now_ms=0).ids[direct.key]
    bench.db.execute("INSERT INTO aliases VALUES (?, ?, 'redirect')", (short.key, known))
    accepted = history.accept(bench.db, bench.source("other"), [short, direct], now_ms=1)
    assert accepted.ids == {short.key: known, direct.key: known}
    assert not accepted.new_ids
    assert accepted.new_sightings == {known}
    assert bench.one("SELECT COUNT(*) FROM history") == 1


def test_a_merged_link_leads_to_the_one_it_was_merged_into(bench: "Bench") -> None:
    source_id = bench.source()
    pair = [Candidate(key=LINKS + name, url=LINKS + name) for name in "ab"]
    ids = history.accept(bench.db, source_id, pair, now_ms=0).ids
    bench.db.execute("UPDATE history SET merged_into = ? WHERE id = ?", (ids[LINKS + "a"], ids[LINKS + "b"]))
    accepted = history.accept(bench.db, bench.source("other"), pair[1:], now_ms=1)
    assert accepted.ids == {LINKS + "b": ids[LINKS + "a"]}
    assert accepted.new_sightings == {ids[LINKS + "a"]}


def test_links_become_ready_once(bench: "Bench") -> None:
    source_id = bench.source()
    pair = [Candidate(key=LINKS + name, url=LINKS + name) for name in "ab"]
    ids = history.accept(bench.db, source_id, pair, now_ms=0).ids
    wanted = [ids[LINKS + "a"]]
    history.make_ready(bench.db, wanted, now_ms=5)
    history.make_ready(bench.db, wanted, now_ms=6)
    assert bench.rows("SELECT state, ready_by_ms FROM history ORDER BY id") == [("ready", 5), ("known", None)]


def test_a_large_document_is_accepted_whole(bench: "Bench") -> None:
    names = [f"n{number}" for number in range(5000)]
    assert bench.poll(bench.watch(), *names).queued == 5000
    assert list(bench.states()) == names


def test_what_is_somebodys_own_becomes_everybodys_with_public_words(bench: "Bench") -> None:
    source_id = bench.source()
    mine = bench.subscribe(source_id)

    def accept(title: str, private_to: int | None) -> None:
        candidate = Candidate(key="https://links.example/a", url="https://links.example/a", title=title)
        history.accept(bench.db, source_id, [candidate], now_ms=bench.now_ms, private_to=private_to)

    accept("In full", mine.subscription_id)
    assert bench.rows("SELECT title, private_to FROM history") == [("In full", mine.subscription_id)]
    accept("Teaser", None)
    assert bench.rows("SELECT title, private_to FROM history") == [("Teaser", None)]
    accept("In full", mine.subscription_id)
    assert bench.rows("SELECT title, private_to FROM history") == [("Teaser", None)]


def test_rows_get_their_numbers_in_the_order_of_the_document(bench: "Bench") -> None:
    one, other = (
        [Candidate(key=LINKS + name, url=LINKS + name) for name in names] for names in ("ab", "cbd")
    )
    history.accept(bench.db, bench.source("one"), one, now_ms=0)
    twice = Candidate(key=LINKS + "c", url=LINKS + "c#again", title="Said later")
    accepted = history.accept(bench.db, bench.source("other"), [*other, twice], now_ms=1)
    assert len(accepted.new_ids) == 2
    assert bench.rows("SELECT substr(normalized_url, -1), title FROM history ORDER BY id") == [
        (name, "") for name in "abcd"
    ]

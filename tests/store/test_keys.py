"""Newer rules for keys: every link gets its key, and what falls together is merged."""

import sqlite3
from typing import TYPE_CHECKING

import pytest

from core.urls.normalize import RULES_VERSION, RefusedUrl
from store import facts, history, keys, reads

if TYPE_CHECKING:
    from tests.store.conftest import Bench

LINKS = "https://links.example/"
NEXT = RULES_VERSION + 1
MOVES = {"x": "y", "y": "z", "left": "right", "right": "left"}


def newer(url: str, *, fragments: bool) -> str:
    """Drop ?ref=..., keep fragments where asked to, give some addresses each other's keys, refuse ftp."""
    if url.startswith(LINKS + "refused"):
        raise RefusedUrl("no_dot")
    page, _, fragment = url.partition("#")
    name = page.partition("?ref=")[0].removeprefix(LINKS)
    return LINKS + MOVES.get(name, name) + (f"#{fragment}" if fragments else "")


def renew(bench: "Bench") -> keys.Renewed:
    return keys.renew(bench.db, now_ms=bench.now_ms, advance=lambda _: None, normalized=newer, version=NEXT)


def know(bench: "Bench", *names: str) -> None:
    bench.poll(bench.source(), *names)


def keys_of(bench: "Bench") -> list[str]:
    rows = bench.rows("SELECT normalized_url FROM history WHERE merged_into IS NULL ORDER BY id")
    return [row[0].removeprefix(LINKS) for row in rows]


def test_a_link_gets_its_new_key(bench: "Bench") -> None:
    know(bench, "a?ref=1", "b")
    done = renew(bench)
    assert (done.looked_at, done.changed, done.merged, done.refused) == (2, 1, 0, 0)
    assert keys_of(bench) == ["a", "b"]
    assert bench.rows("SELECT url, rules_version FROM history") == [
        (LINKS + "a?ref=1", NEXT),
        (LINKS + "b", NEXT),
    ]


def test_links_that_fall_together_are_merged(bench: "Bench") -> None:
    know(bench, "a?ref=1", "b", "a", "a?ref=2")
    done = renew(bench)
    assert (done.looked_at, done.changed, done.merged) == (4, 2, 2)
    assert done.examples == [(LINKS + "a?ref=1", LINKS + "a"), (LINKS + "a?ref=2", LINKS + "a")]
    assert keys_of(bench) == ["a", "b"]
    assert bench.one("SELECT url FROM history WHERE normalized_url = ?", LINKS + "a") == LINKS + "a?ref=1"
    # Addresses by older rules lead there too.
    assert set(history.ids_of(bench.db, [LINKS + "a", LINKS + "a?ref=1", LINKS + "a?ref=2"]).values()) == {1}


def test_what_was_posted_under_an_older_key_is_not_posted_again(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a?ref=1")
    assert bench.drain() == ["a?ref=1"]
    renew(bench)
    bench.poll(source_id, "a")
    assert bench.drain() == []


def test_it_goes_on_where_it_was_interrupted(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> None:
    know(bench, *(f"{number}?ref=1" for number in range(10)), *(str(number) for number in range(10)))
    monkeypatch.setattr(keys, "_BATCH", 4)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keys.renew(bench.db, now_ms=5, advance=interrupt, normalized=newer, version=NEXT)
    assert bench.one("SELECT COUNT(*) FROM history WHERE rules_version = ?", NEXT) == 4
    assert keys.outdated(bench.db, version=NEXT) == 16
    renew(bench)
    assert keys_of(bench) == [str(number) for number in range(10)]
    assert keys.outdated(bench.db, version=NEXT) == 0
    assert renew(bench).looked_at == 0
    assert reads.duplicates(bench.db) == 0


def test_a_step_that_fails_changes_nothing(bench: "Bench") -> None:
    know(bench, "a?ref=1", "b", "fail")

    def failing(url: str, *, fragments: bool) -> str:
        if url.endswith("fail"):
            raise sqlite3.OperationalError("disk I/O error")
        return newer(url, fragments=fragments)

    with pytest.raises(sqlite3.OperationalError):
        keys.renew(bench.db, now_ms=5, advance=lambda _: None, normalized=failing, version=NEXT)
    assert keys_of(bench) == ["a?ref=1", "b", "fail"]


@pytest.mark.parametrize("order", [("x", "y", "z"), ("z", "y", "x"), ("y", "x", "z"), ("y", "z", "x")])
def test_a_key_that_moves_on_takes_no_other_link_with_it(order: tuple[str, ...], bench: "Bench") -> None:
    """`y` becomes `z`, and `x` becomes `y`: three pages, of which the first two are still different."""
    know(bench, *order)
    assert renew(bench).merged == 1
    kept = {row[0]: row[1] for row in bench.rows("SELECT url, COALESCE(merged_into, id) FROM history")}
    assert kept[LINKS + "y"] == kept[LINKS + "z"] != kept[LINKS + "x"]
    assert history.ids_of(bench.db, [LINKS + "y", LINKS + "z"]) == {
        LINKS + "y": kept[LINKS + "x"],
        LINKS + "z": kept[LINKS + "z"],
    }


def test_keys_can_change_places(bench: "Bench") -> None:
    know(bench, "left", "right")
    assert renew(bench).merged == 0
    assert bench.rows("SELECT url, normalized_url FROM history ORDER BY id") == [
        (LINKS + "left", LINKS + "right"),
        (LINKS + "right", LINKS + "left"),
    ]


def test_what_newer_rules_refuse_keeps_its_key(bench: "Bench") -> None:
    know(bench, "refused", "a")
    assert renew(bench).refused == 1
    assert keys_of(bench) == ["refused", "a"]


def test_fragments_that_tell_entries_apart_still_do(bench: "Bench") -> None:
    know(bench, "page#1", "page#2?ref=1", "page")
    assert renew(bench).merged == 0
    assert keys_of(bench) == ["page#1", "page#2?ref=1", "page"]
    assert keys.present_rules(LINKS + "page#1", fragments=True) == LINKS + "page#1"
    assert keys.present_rules(LINKS + "page#1", fragments=False) == LINKS + "page"
    assert keys.present_rules(LINKS + "#!page", fragments=True) == LINKS + "#!page"


def test_entries_without_a_link_keep_their_key(bench: "Bench") -> None:
    know(bench, "a")
    bench.db.execute("UPDATE history SET normalized_url = 'entry:1:abc'")
    renew(bench)
    assert bench.one("SELECT normalized_url FROM history") == "entry:1:abc"


def test_rows_that_were_merged_before_are_followed(bench: "Bench") -> None:
    """`b` was found to be `c`; now `b?ref=1` turns out to be `b`."""
    know(bench, "b?ref=1", "b", "c")
    bench.db.execute("UPDATE history SET merged_into = 3 WHERE id = 2")
    renew(bench)
    assert set(history.ids_of(bench.db, [LINKS + "b?ref=1", LINKS + "b", LINKS + "c"]).values()) == {1}


def test_aliases_follow_the_rules(bench: "Bench") -> None:
    know(bench, "a", "b", "c")
    for name, link in (("short?ref=1", 1), ("b?ref=2", 3), ("same", 2), ("refused", 2)):
        bench.db.execute("INSERT INTO aliases VALUES (?, ?, 'redirect')", (LINKS + name, link))
    assert renew(bench).merged == 1
    found = history.ids_of(bench.db, [LINKS + name for name in ("short", "b", "c", "same", "refused")])
    assert list(found.values()) == [1, 2, 2, 2, 2]


def test_a_new_key_that_is_an_alias_of_another_link(bench: "Bench") -> None:
    know(bench, "a?ref=1", "b")
    bench.db.execute("INSERT INTO aliases VALUES (?, 2, 'canonical')", (LINKS + "a",))
    assert renew(bench).merged == 1
    assert set(history.ids_of(bench.db, [LINKS + "a", LINKS + "b"]).values()) == {1}


def test_at_the_start_a_file_is_looked_through_once(bench: "Bench") -> None:
    know(bench, "a")
    assert keys.bring_up_to_date(bench.db, bench.path, now_ms=5) is None
    bench.db.execute("UPDATE history SET rules_version = 0")
    assert keys.bring_up_to_date(bench.db, bench.path, now_ms=5) is None, "the fact says that all are new"
    facts.forget(bench.db, "rules_version")
    renewed = keys.bring_up_to_date(bench.db, bench.path, now_ms=5)
    assert renewed is not None
    assert renewed.looked_at == 1
    copy = bench.path.with_name(f"{bench.path.name}.before-rules-{RULES_VERSION}")
    assert copy.stat().st_mode & 0o777 == 0o600

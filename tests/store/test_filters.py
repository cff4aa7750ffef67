"""The rules of chats and subscriptions as they are kept, and tried on what came before."""

from typing import TYPE_CHECKING

import pytest

from core.errors import UserError
from core.filters.lexing import LONGEST
from core.filters.parsing import MOST_RULES, parse_rules
from store import chats, filters
from store.dry_runs import LINKS, dry_run

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def add(bench: "Bench", number: int | None, text: str) -> tuple[str, ...]:
    done = filters.add(bench.db, chat_id=10, number=number, rules=parse_rules(text))
    assert done is not None
    return done.rules


def test_rules_are_kept_in_their_order_each_once(bench: "Bench") -> None:
    bench.watch()
    assert add(bench, 1, "block title = A; silent price > 5") == ("block title = A", "silent price > 5")
    assert add(bench, 1, "block  title=A; first tag = x")[2:] == ("first tag = x",)
    done = filters.remove(bench.db, chat_id=10, number=1, which=2)
    assert done is not None
    assert done.rules == ("block title = A", "first tag = x")
    assert (done.number, done.name) == (1, "Feed")


def test_the_rules_of_a_chat_are_apart_from_those_of_its_sources(bench: "Bench") -> None:
    bench.watch()
    assert add(bench, None, "block title = x") == ("block title = x",)
    add(bench, 1, "keep title = y")
    shown = filters.of_chat(bench.db, 10)
    assert [(each.number, each.rules) for each in shown] == [
        (None, ("block title = x",)),
        (1, ("keep title = y",)),
    ]
    filters.replace(bench.db, chat_id=10, number=None, rules=())
    filters.replace(bench.db, chat_id=10, number=1, rules=())
    assert [each.rules for each in filters.of_chat(bench.db, 10)] == [()]
    assert bench.rows("SELECT options FROM chats") == [("{}",)]
    assert bench.rows("SELECT filter FROM subscriptions") == [(None,)]


def test_the_rules_of_a_group_go_with_it_to_its_new_id(bench: "Bench") -> None:
    bench.watch()
    add(bench, None, "block title = x")
    chats.migrate(bench.db, old_id=10, new_id=-100, now_ms=bench.now_ms)
    [mine] = filters.of_chat(bench.db, -100)
    assert mine.rules == ("block title = x",)


def test_what_is_not_there(bench: "Bench") -> None:
    bench.watch()
    for number in (1, None):
        with pytest.raises(UserError, match="no rule 1"):
            filters.remove(bench.db, chat_id=10, number=number, which=1)
    assert filters.of(bench.db, chat_id=10, number=2) is None
    assert filters.add(bench.db, chat_id=10, number=2, rules=()) is None
    assert filters.replace(bench.db, chat_id=10, number=2, rules=()) is None
    assert filters.remove(bench.db, chat_id=10, number=2, which=1) is None
    assert dry_run(bench.db, chat_id=10, number=2) is None


def test_there_is_a_bound(bench: "Bench") -> None:
    bench.watch()
    add(bench, 1, ";".join(f"block title = x{number}" for number in range(MOST_RULES)))
    with pytest.raises(UserError, match=f"{MOST_RULES} rules"):
        add(bench, 1, "block title = y")
    long = [f"block title = {letter}{'x' * (LONGEST // 2 - 20)}" for letter in "abc"]
    add(bench, None, long[0])
    add(bench, None, long[1])
    with pytest.raises(UserError, match=f"{LONGEST} characters"):
        add(bench, None, long[2])
    assert bench.one("SELECT COUNT(*) FROM subscriptions WHERE filter LIKE '% y'") == 0


def test_a_dry_run_counts_and_gives_examples(bench: "Bench") -> None:
    source = bench.watch()
    bench.poll(source, *(f"{kind}{number}" for number in range(5) for kind in ("bad", "good")))
    bench.db.execute("""UPDATE history SET page = '{"price": "9"}' WHERE title = 'BAD3'""")
    run = dry_run(bench.db, chat_id=10, number=1, rules=parse_rules("block title ~ bad; silent price < 10"))
    assert run is not None
    assert (run.links, run.stopped) == (10, 5)
    block, silent = run.rules
    assert (block.rule, block.fits, block.unknown) == ("block title ~ bad", 5, 0)
    assert block.examples == ("BAD4", "BAD3", "BAD2")
    assert (silent.fits, silent.unknown, silent.examples) == (1, 9, ("BAD3",))
    assert bench.rows("SELECT DISTINCT verdict FROM verdicts") == [("wanted",)], "nothing changes"


def test_a_dry_run_of_what_holds_now(bench: "Bench") -> None:
    first, second = bench.watch("one"), bench.watch("two")
    bench.poll(first, "a", "b")
    bench.poll(second, "c")
    bench.poll(bench.watch("elsewhere", chat_id=11), "d")
    add(bench, 1, "keep title ~ a")
    add(bench, None, "block title ~ /C/")
    mine = dry_run(bench.db, chat_id=10, number=1)
    chats_own = dry_run(bench.db, chat_id=10, number=None)
    assert mine is not None
    assert (mine.links, mine.stopped, [each.fits for each in mine.rules]) == (2, 1, [1, 0])
    assert chats_own is not None
    assert (chats_own.links, chats_own.stopped, [each.fits for each in chats_own.rules]) == (3, 1, [1])


def test_a_dry_run_looks_at_the_latest_links_with_their_age_when_they_came(bench: "Bench") -> None:
    source = bench.watch()
    bench.poll(source, *(f"n{number:03}" for number in range(LINKS + 5)))
    bench.db.execute("UPDATE history SET published_ms = first_seen_ms - 3600000 WHERE title = 'N100'")
    bench.now_ms += 86_400_000
    for number in (1, None):
        run = dry_run(
            bench.db, chat_id=10, number=number, rules=parse_rules("block age > 30m; block title = n000")
        )
        assert run is not None
        assert (run.links, run.stopped) == (LINKS, 1)

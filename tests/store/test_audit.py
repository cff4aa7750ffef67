"""The audit log: one line for each act that changed something, bounded by age and number."""

import importlib
from typing import TYPE_CHECKING

from sqlite_utils import Database

from store import administration, audit, chats
from store.audit import Act

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def _act(bench: "Bench", words: str = "/pause 1") -> Act:
    return Act(kind="command", user_id=7, chat_id=10, words=words, now_ms=bench.now_ms)


def test_only_what_changed_something_is_told(bench: "Bench") -> None:
    def rename(db: Database) -> int:
        return db.execute("UPDATE chats SET title = 'Tenth' WHERE title = 'Ten'").rowcount

    chats.ensure(bench.db, 10, title="Ten")
    assert audit.told(bench.db, _act(bench), rename) == (1, True)
    assert audit.told(bench.db, _act(bench), rename) == (0, False)
    [done] = administration.log(bench.db, limit=9)
    assert (done.action, done.who, done.chat, done.args) == ("command", "7", "Tenth", {"words": "/pause 1"})


def test_what_notes_itself_is_not_noted_twice(bench: "Bench") -> None:
    def work(db: Database) -> None:
        audit.note_terminal(db, words="add x", chat_id=10, now_ms=bench.now_ms)

    assert audit.told(bench.db, _act(bench), work) == (None, True)
    assert [each.action for each in administration.log(bench.db, limit=9)] == ["terminal"]


def test_what_repeats_the_last_entry_is_not_noted_for_an_hour(bench: "Bench") -> None:
    def work(db: Database) -> None:
        db.execute("UPDATE chats SET title = 'Ten' WHERE chat_id = 10")

    chats.ensure(bench.db, 10, title="Ten")
    for words in ("a", "a", "b", "a", "a"):
        assert audit.told(bench.db, _act(bench, words), work) == (None, True)
    bench.now_ms += 3_600_000
    audit.told(bench.db, _act(bench, "a"), work)
    assert [each.args["words"] for each in administration.log(bench.db, limit=9)] == ["a", "a", "b", "a"]


def test_an_act_is_told_once_and_ends_with_its_block(bench: "Bench") -> None:
    act = _act(bench)
    assert audit.current("adding.add") is None
    with audit.acting(act):
        assert audit.current("adding.add") is act
        assert audit.current("chats.ensure") is None, "bookkeeping"
        act.told = True
        assert audit.current("removing.remove") is None
    assert audit.current("adding.add") is None


def test_old_and_too_many_entries_go_in_small_steps(bench: "Bench") -> None:
    for number in range(6):
        bench.now_ms += DAY_MS
        audit.note(bench.db, _act(bench, str(number)))
    last_ms = bench.now_ms

    def left(now_ms: int, most: int = 100) -> list[str]:
        while audit.forget(bench.db, now_ms=now_ms, most=most, limit=2):
            pass
        return [each.args["words"] for each in administration.log(bench.db, limit=9)]

    assert audit.forget(bench.db, now_ms=last_ms) == 0
    assert left(last_ms + 86 * DAY_MS) == ["5", "4", "3", "2", "1"]
    assert left(last_ms, most=2) == ["5", "4"]


def test_what_counts_as_bookkeeping_exists() -> None:
    for name in audit.BOOKKEEPING:
        module, _dot, function = name.partition(".")
        package = "actors.telegram" if module == "patience" else "store"
        assert callable(getattr(importlib.import_module(f"{package}.{module}"), function))

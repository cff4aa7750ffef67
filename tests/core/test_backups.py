"""Which backups there are, which are kept, and when the next one is due."""

from core import backups

DAY_MS = 86_400_000
NOW_MS = 1_790_000_000_000


def _name(days_ago: float) -> str:
    return backups.name_of("bot.db", now_ms=NOW_MS - round(days_ago * DAY_MS))


def test_a_name_tells_when_it_was_taken() -> None:
    assert backups.name_of("bot.db", now_ms=NOW_MS) == "bot.db.backup-20260921T141320Z.gz"
    assert backups.taken_ms("bot.db", _name(0)) == NOW_MS
    assert backups.taken_ms("bot.db", _name(3)) == NOW_MS - 3 * DAY_MS


def test_other_files_are_no_backups() -> None:
    for name in (
        "bot.db",
        "bot.db.before-4",
        "other.db.backup-20260921T141320Z.gz",
        "bot.db.backup-20260921T141320Z.gz.part",
        "botxdb.backup-20260921T141320Z.gz",
        "bot.db.backup-20269921T141320Z.gz",
    ):
        assert backups.taken_ms("bot.db", name) is None
        assert backups.to_remove("bot.db", [name], keep=0) == []


def test_the_oldest_go() -> None:
    names = [_name(2), "bot.db.before-4", _name(0), _name(1), _name(9)]
    assert backups.to_remove("bot.db", names, keep=2) == [_name(2), _name(9)]
    assert backups.to_remove("bot.db", names, keep=9) == []


def test_drafts_of_a_run_that_was_killed_go_too() -> None:
    names = [_name(0), _name(2) + ".part", _name(2) + ".gz.part", _name(0.5) + ".part", "x.part"]
    assert backups.to_remove("bot.db", names, keep=1) == names[1:3]
    assert backups.to_remove("bot.db", names[1:], keep=1) == []


def _due_in_h(*names: str, failed_h_ago: float | None = None) -> float:
    failed_ms = None if failed_h_ago is None else NOW_MS - round(failed_h_ago * 3_600_000)
    due_ms = backups.next_ms("bot.db", names, every_s=86_400, failed_ms=failed_ms, now_ms=NOW_MS)
    return (due_ms - NOW_MS) / 3_600_000


def test_when_the_next_one_is_due() -> None:
    assert _due_in_h() == 0
    assert _due_in_h(_name(0.25), _name(5)) == 18
    assert _due_in_h(_name(2)) == -24
    assert _due_in_h(_name(-5)) == 0, "a clock that was wrong"


def test_one_that_failed_is_tried_again_within_the_hour() -> None:
    assert _due_in_h(failed_h_ago=0.25) == 0.75
    assert _due_in_h(_name(2), failed_h_ago=3) == -2
    assert _due_in_h(failed_h_ago=-50) == 0

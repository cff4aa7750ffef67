"""Owners hear of commands in a channel once an hour."""

import json
from typing import TYPE_CHECKING

from store import channel_commands

if TYPE_CHECKING:
    from tests.store.conftest import Bench

_HOUR_MS = 3_600_000


def _tell(bench: "Bench", chat_id: int, command: str, *, after_ms: int = 0) -> list[tuple[int, str, str]]:
    channel_commands.tell(
        bench.db,
        (1, 2),
        chat_id=chat_id,
        chat="News",
        where="@news",
        command=command,
        deleted=True,
        now_ms=bench.now_ms + after_ms,
    )
    rows = bench.db.execute("SELECT chat_id, dedupe_key, args FROM notices ORDER BY dedupe_key, chat_id")
    return [(row["chat_id"], row["dedupe_key"], json.loads(row["args"])["command"]) for row in rows]


def test_each_owner_hears_of_each_channel_once_an_hour(bench: "Bench") -> None:
    bench.now_ms = 10 * _HOUR_MS
    heard = [(1, "channel:-5", "list"), (2, "channel:-5", "list")]
    assert _tell(bench, -5, "list") == heard
    assert _tell(bench, -5, "why", after_ms=_HOUR_MS - 1) == heard
    assert _tell(bench, -6, "why") == [*heard, (1, "channel:-6", "why"), (2, "channel:-6", "why")]
    assert (1, "channel:-5", "set") in _tell(bench, -5, "set", after_ms=_HOUR_MS)


def test_a_clock_that_was_ahead_silences_nothing(bench: "Bench") -> None:
    _tell(bench, -5, "list", after_ms=100 * _HOUR_MS)
    assert _tell(bench, -5, "why")[0] == (1, "channel:-5", "why")

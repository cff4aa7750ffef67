"""Daily receipts, from what the database keeps."""

import json
from typing import TYPE_CHECKING

from core.filters.parsing import parse_rules
from core.receipts import receipt_text
from store import defaults, filters, receipts

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def _told(bench: "Bench") -> list[str]:
    rows = bench.rows("SELECT args FROM notices WHERE code = 'receipt.day' ORDER BY id")
    return [receipt_text(json.loads(row[0])["fates"]) for row in rows]


def test_a_day_adds_up_and_is_told_once(bench: "Bench") -> None:
    first, second = bench.watch("one"), bench.watch("two")
    filters.add(bench.db, chat_id=10, number=1, rules=parse_rules("block title contains AD"))
    bench.watch("elsewhere", chat_id=11)
    bench.poll(first, "a", "b", "ad")
    bench.poll(second, "b", "c")
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE id = 1")
    assert receipts.tell(bench.db, alert=(1, 0), now_ms=bench.now_ms) == 0
    defaults.change(bench.db, chat_id=10, changes=(("receipt", True),))
    bench.now_ms += DAY_MS
    assert receipts.tell(bench.db, alert=None, now_ms=bench.now_ms) == 0
    assert receipts.tell(bench.db, alert=(1, 0), now_ms=bench.now_ms) == 1
    assert receipts.tell(bench.db, alert=(1, 0), now_ms=bench.now_ms + 3600) == 0
    assert _told(bench) == ["5 seen = 1 posted + 1 repeats + 1 filtered + 2 waiting + 0 unexplained"]
    assert bench.rows("SELECT COUNT(*) FROM verdicts")[0][0] == 5
    bench.now_ms += DAY_MS
    assert receipts.tell(bench.db, alert=(1, 0), now_ms=bench.now_ms) == 1
    assert _told(bench)[1] == "0 seen = 0 posted + 0 repeats + 0 filtered + 0 unexplained"
    defaults.change(bench.db, chat_id=10, changes=(("receipt", False),))
    assert receipts.tell(bench.db, alert=(1, 0), now_ms=bench.now_ms + DAY_MS) == 0

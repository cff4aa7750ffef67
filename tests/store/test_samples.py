"""The latest links of a source, as they would be posted."""

from typing import TYPE_CHECKING

from store import link_rules, samples

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def _shown(bench: "Bench", count: int, number: int = 1) -> list[str] | None:
    found = samples.latest(bench.db, chat_id=10, number=number, count=count, now_ms=bench.now_ms)
    return None if found is None else [sample.delivery.content.title for sample in found]


def test_the_last_ones_in_the_order_of_posts(bench: "Bench") -> None:
    source_id = bench.watch()
    assert _shown(bench, 3, number=2) is None
    assert _shown(bench, 3) == []
    bench.poll(source_id, *"abcd")
    assert _shown(bench, 1) == ["D"]
    assert _shown(bench, 3) == ["B", "C", "D"]
    assert _shown(bench, 9) == ["A", "B", "C", "D"]


def test_they_are_what_would_be_delivered(bench: "Bench") -> None:
    source_id = bench.watch()
    link_rules.change(bench.db, chat_id=10, text="add * via=me", now_ms=bench.now_ms)
    bench.db.execute("UPDATE subscriptions SET template = 'x', silent = 1, filter = 'tag #new title ~ /a/i'")
    bench.poll(source_id, "a")
    [sample] = samples.latest(bench.db, chat_id=10, number=1, count=1, now_ms=bench.now_ms) or []
    delivered = bench.claim_one()
    assert sample.delivery.content == delivered.content
    assert sample.delivery.content.labels
    assert (sample.delivery.template, sample.delivery.silent) == (delivered.template, delivered.silent)
    assert (sample.stopped_by, sample.lacks_erid) == (None, False)


def test_what_would_keep_them_back(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    link_rules.change(bench.db, chat_id=10, text="require erid *", now_ms=bench.now_ms)
    bench.db.execute("UPDATE subscriptions SET filter = 'block title ~ /a/i'")
    [sample] = samples.latest(bench.db, chat_id=10, number=1, count=1, now_ms=bench.now_ms) or []
    assert sample.stopped_by == "block title ~ /a/i"
    assert sample.lacks_erid

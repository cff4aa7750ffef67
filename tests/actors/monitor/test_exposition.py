"""Numbers as Prometheus reads them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from actors.monitor.exposition import PREFIX, Exposition, Gauges
from core.metrics import COUNTERS, GAUGES, HISTOGRAMS, Histogram, Metrics, result_of
from core.protocol import (
    ChatMoved,
    Deferred,
    NotSent,
    PictureRefused,
    PlaceSuspended,
    Rejected,
    SendOutcome,
    Sent,
    Uncertain,
)

GAUGES_NOW: Gauges = {
    "queue_links": {"pending": 3, "sent": 10},
    "oldest_pending_seconds": {"": 7.5},
    "sources": {"active": 2},
}


def samples(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_every_name_is_there_from_the_start() -> None:
    text = Exposition(Metrics()).text({}).decode()
    kinds = dict(line.split()[2:] for line in text.splitlines() if line.startswith("# TYPE"))
    assert {name: kinds[PREFIX + name] for name in COUNTERS} == dict.fromkeys(COUNTERS, "counter")
    assert {name: kinds[PREFIX + name] for name in HISTOGRAMS} == dict.fromkeys(HISTOGRAMS, "histogram")
    assert {name: kinds[PREFIX + name] for name in GAUGES} == dict.fromkeys(GAUGES, "gauge")
    assert "process_resident_memory_bytes" in kinds


def test_counters_and_gauges_carry_their_labels() -> None:
    metrics = Metrics()
    metrics.polls_total.add("not_modified")
    metrics.links_total.add("new", 5)
    metrics.flood_wait_seconds_total.add(amount=2.5)
    metrics.actor_restarts_total.add("poller")
    found = samples(Exposition(metrics).text(GAUGES_NOW))
    assert found["vestnik_polls_total", (("result", "not_modified"),)] == 1
    assert found["vestnik_polls_total", (("result", "gone"),)] == 0
    assert found["vestnik_links_total", (("result", "new"),)] == 5
    assert found["vestnik_flood_wait_seconds_total", ()] == 2.5
    assert found["vestnik_actor_restarts_total", (("actor", "poller"),)] == 1
    assert found["vestnik_queue_links", (("state", "pending"),)] == 3
    assert found["vestnik_oldest_pending_seconds", ()] == 7.5
    assert found["vestnik_sources", (("state", "active"),)] == 2


def test_buckets_hold_all_that_is_under_them() -> None:
    metrics = Metrics()
    for value in (0.5, 1.0, 1.5, 64.0, 100.0):
        metrics.db_batch_requests.observe(value)
    found = samples(Exposition(metrics).text({}))
    under = {bound: found["vestnik_db_batch_requests_bucket", (("le", bound),)] for bound in ("1.0", "2.0")}
    assert under == {"1.0": 2, "2.0": 3}
    assert found["vestnik_db_batch_requests_bucket", (("le", "64.0"),)] == 4
    assert found["vestnik_db_batch_requests_bucket", (("le", "+Inf"),)] == 5
    assert found["vestnik_db_batch_requests_count", ()] == 5
    assert found["vestnik_db_batch_requests_sum", ()] == 167


def test_two_runs_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.polls_total.add("ok")
    assert other.polls_total.total() == 0
    assert samples(Exposition(other).text({}))["vestnik_polls_total", (("result", "ok"),)] == 0


def test_a_histogram_counts_each_value_once() -> None:
    histogram = Histogram((1, 2))
    for value in (0, 1, 2, 3):
        histogram.observe(value)
    assert (histogram.counts, histogram.count(), histogram.sum) == ([2, 1, 1], 4, 6)


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (Sent(message_ids=(1,)), "sent"),
        (Deferred(retry_after_s=1), "deferred"),
        (NotSent(error="e"), "deferred"),
        (ChatMoved(new_chat_id=1), "deferred"),
        (PictureRefused(error="e"), "deferred"),
        (Rejected(error="e"), "dead"),
        (PlaceSuspended(reason="r"), "suspended"),
        (Uncertain(error="e"), "uncertain"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_every_outcome_has_its_label(outcome: SendOutcome, label: str) -> None:
    assert result_of(outcome) == label
    assert label in Metrics().sends_total.values

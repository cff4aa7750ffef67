"""What plots show of the last day."""

from actors.monitor.past import MINUTES, Past, bars
from core.metrics import Metrics


def test_minutes_become_quarters_of_an_hour() -> None:
    metrics = Metrics()
    past = Past(metrics)
    for minute in range(20):
        metrics.sends_total.add("sent", 2)
        metrics.polls_total.add("ok")
        past.note(waiting=minute)
    assert past.sent() == [10, 30]
    assert past.polls() == [5, 15]
    assert past.waiting() == [4, 19]


def test_it_forgets_what_is_older_than_a_day() -> None:
    past = Past(Metrics())
    for minute in range(MINUTES + 10):
        past.note(waiting=MINUTES - minute)
    assert len(past.waiting()) == 96
    assert max(past.waiting()) == MINUTES - 10


def test_what_happened_before_it_began_is_not_its_past() -> None:
    metrics = Metrics()
    metrics.sends_total.add("sent", 100)
    past = Past(metrics)
    past.note(waiting=0)
    assert past.sent() == [0]


def test_bars_end_at_the_right_edge_and_fill_the_height() -> None:
    one, two = bars([1, 4])
    assert (two.x + two.width, two.y, two.height) == (575, 0, 40)
    assert (one.x, one.y, one.height) == (two.x - 6, 30, 10)
    assert bars([]) == []
    assert bars([0])[0].height == 0

"""Warnings over and over."""

import logging
from dataclasses import dataclass

from cli.repeats import Repeats


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


def _record(said: object, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("n", level, "f", 1, said, None, None)


def test_a_few_are_written_and_the_rest_is_counted() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    passed = [repeats.filter(_record({"event": "e", "retry_in_s": n})) for n in range(30)]
    assert passed == [True] * 10 + [False] * 20
    clock.now_s = 61
    later = _record({"event": "e"})
    assert repeats.filter(later)
    assert later.msg == {"event": "e", "left_out_before": 20}


def test_others_are_not_held_back() -> None:
    repeats = Repeats(Clock())
    for _ in range(20):
        repeats.filter(_record({"event": "e", "error": "timeout"}))
        repeats.filter(_record("plain %s"))
    assert repeats.filter(_record({"event": "e", "error": "refused"}))
    assert repeats.filter(_record({"event": "e", "error": "timeout"}, logging.ERROR))
    assert not repeats.filter(_record("plain %s"))


def test_what_the_program_does_is_its_record() -> None:
    repeats = Repeats(Clock())
    assert all(repeats.filter(_record({"event": "polled"}, logging.INFO)) for _ in range(100))


def test_it_does_not_grow() -> None:
    repeats = Repeats(Clock())
    for number in range(5_000):
        repeats.filter(_record(f"kind {number}"))
    assert len(repeats._kinds) <= 1_000


def test_words_say_how_many_were_left_out() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    for _ in range(12):
        repeats.filter(_record("plain"))
    clock.now_s = 60
    later = _record("plain")
    assert repeats.filter(later)
    assert later.getMessage() == "plain (left out before: 2)"

"""The properties hold for the documents that fuzzing starts from, and can fail."""

from pathlib import Path

import pytest

from tests.fuzz.properties import TARGETS
from tests.fuzz.run_hypothesis import documents, words
from tests.fuzz.slowest import Timed

_RESULTS = Path(__file__).parent / "results"


@pytest.mark.parametrize("name", TARGETS)
def test_they_hold_for_the_seeds(name: str) -> None:
    bodies = documents(name)
    assert len(bodies) >= 4
    for body in (b"", *bodies[::3]):
        TARGETS[name](body)


@pytest.mark.parametrize("name", TARGETS)
def test_each_target_was_fuzzed(name: str) -> None:
    for tool in ("atheris", "hypothesis", "repeated"):
        text = (_RESULTS / f"{name}.{tool}.txt").read_text()
        assert f" {name} " in text
        assert "\nend: " in text
        assert "Traceback" not in text


def test_the_dictionary_is_read() -> None:
    assert {b"<?xml", b"HTTP/1.1 200 OK\r\n", b"\xff\xfe"} <= set(words())


def test_slow_and_wrong_inputs_are_failures(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[bytes] = []
    timed = Timed(seen.append, limit_s=0.0, says_at_s=0.0)
    with pytest.raises(AssertionError, match="for 3 bytes"):
        timed(b"abc")
    timed.report()
    said = capsys.readouterr().out
    assert "inputs: 1, the largest of 3 bytes" in said
    assert said.count("slowest:") == 2

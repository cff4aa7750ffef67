"""A little of the fuzzing of the chat; `run_chat.py` does as much as one likes."""

from pathlib import Path

import pytest

from tests.fuzz.chat import fuzz_chat
from tests.simulation.running import start_program


@pytest.mark.parametrize("seed", [104, 113])
def test_odd_words_presses_and_files_break_nothing(tmp_path: Path, seed: int) -> None:
    assert fuzz_chat(seed, 60, tmp_path, start_program) == []

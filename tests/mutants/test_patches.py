"""Each mistake still has its place in the code; `python -m tests.mutants` sees whether it is noticed."""

from pathlib import Path

import pytest

from tests.mutants.patches import MUTANTS, Mutant
from tests.mutants.table import is_up_to_date

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mistake_can_be_made(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    wrong = mutant.apply(text)
    assert wrong != text
    compile(wrong, mutant.file, "exec")
    for test in mutant.test.split():
        file, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8")


def test_the_page_names_each_mistake() -> None:
    assert is_up_to_date(ROOT), "python -m tests.mutants writes it, once each is noticed"

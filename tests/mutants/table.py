"""The table of mistakes in docs/guarantees.md, as a run of all of them writes it."""

from pathlib import Path

from tests.mutants.patches import MUTANTS

_PAGE = "docs/guarantees.md"
_BEGIN, _END = "<!-- mutants -->", "<!-- /mutants -->"
_HEAD = ("| mistake | what would happen | noticed by |", "|---|---|---|")


def written(root: Path) -> None:
    """Write the table into the page."""
    page = root / _PAGE
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    page.write_text(f"{before}{_BEGIN}\n{_table()}\n{_END}{after}", encoding="utf-8")


def is_up_to_date(root: Path) -> bool:
    """Whether the page has the table of the mistakes as they are."""
    return f"{_BEGIN}\n{_table()}\n{_END}" in (root / _PAGE).read_text(encoding="utf-8")


def _table() -> str:
    return "\n".join([*_HEAD, *(mutant.row for mutant in MUTANTS)])

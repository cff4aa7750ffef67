"""`python -m bench`, with the line that takes least time."""

import json
from pathlib import Path

from click.testing import CliRunner

from bench.__main__ import main
from bench.table import BEGIN, END


def test_a_quick_look_prints_its_line_and_keeps_it(tmp_path: Path) -> None:
    figures = tmp_path / "found.json"

    ended = CliRunner().invoke(main, ["--only", "p8", "--quick", "--rounds", "2", "--json", str(figures)])

    assert ended.exit_code == 0, ended.output
    assert "normalize a URL / can_ada.parse" in ended.stdout
    (line,) = json.loads(figures.read_text(encoding="utf-8"))["lines"]
    assert (line["name"], line["rounds"]) == ("P8", 2)
    assert 0 < line["low"] <= line["middle"] <= line["high"]


def test_a_part_of_the_table_does_not_replace_the_whole(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")

    ended = CliRunner().invoke(main, ["--only", "P8", "--write", str(document)])

    assert ended.exit_code == 2
    assert "--write needs the whole table" in ended.output


def test_a_line_that_does_not_exist_is_refused() -> None:
    ended = CliRunner().invoke(main, ["--only", "P99"])

    assert ended.exit_code == 2
    assert "no such line: P99" in ended.output

"""`render`: one line of JSON for each file, and the example of docs/posts.md."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
_DOC = Path(__file__).resolve().parents[2] / "docs" / "posts.md"
_BLOCK = re.compile(r"^```\w*(?: (?P<file>\S+))?\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)


def test_the_entry_of_the_docs_is_rendered_as_they_show(run: Run, folder: Path) -> None:
    entry, command, shown, *_ = _BLOCK.finditer(_DOC.read_text(encoding="utf-8"))
    (folder / entry["file"]).write_text(entry["text"], encoding="utf-8")
    printed = run(*shlex.split(command["text"].removeprefix("python run.py "))).output
    assert json.loads(printed) == json.loads(shown["text"])


def test_a_file_that_shows_nothing_does_not_stop_the_next(run: Run, folder: Path) -> None:
    (folder / "empty.html").write_bytes(b"<script>x</script>")
    (folder / "soup.html").write_bytes(b"<b>\x00&#x202e;</i>")
    (folder / "fine.html").write_text("one two three", encoding="utf-8")
    printed = run("render", "no.html", "empty.html", "soup.html", "fine.html", "--limit", "9")
    lines = [json.loads(line) for line in printed.output.splitlines()]
    assert [line["error"] for line in lines] == [
        "No such file or directory",
        "there is nothing to show",
        "there is nothing to show",
        None,
    ]
    assert lines[3] == {"file": "fine.html", "text": "one two…", "entities": [], "error": None}
    assert printed.exit_code == 0


def test_html_may_come_from_standard_input(run: Run) -> None:
    printed = json.loads(run("render", "-", text="<p>a <i>b</i>").output)
    assert printed["entities"] == [{"type": "italic", "offset": 2, "length": 1}]


@pytest.mark.parametrize(
    "words", [("render",), ("render", "-", "--limit", "0"), ("render", "-", "--limit", "5000")]
)
def test_wrong_usage(exit_code: Callable[..., int], words: tuple[str, ...]) -> None:
    assert exit_code(*words) == 2

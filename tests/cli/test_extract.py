"""`extract`: one line of JSON for each page, and the example of docs/pages.md."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
_DOC = Path(__file__).resolve().parents[2] / "docs" / "pages.md"
_BLOCK = re.compile(r"^```\w*(?: (?P<file>\S+))?\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)
_NAMES = (
    "file title description image canonical site author published language price currency old_price "
    "availability rating reviews error"
)


def test_the_page_of_the_docs_says_what_they_show(run: Run, folder: Path) -> None:
    page, command, shown = _BLOCK.finditer(_DOC.read_text(encoding="utf-8"))
    (folder / page["file"]).write_text(page["text"], encoding="utf-8")
    printed = run(*shlex.split(command["text"].removeprefix("python run.py "))).output
    assert json.loads(printed) == json.loads(shown["text"])
    assert set(_NAMES.split()) <= set(json.loads(printed))


def test_a_page_that_cannot_be_read_does_not_stop_the_next(run: Run, folder: Path) -> None:
    (folder / "pdf.html").write_bytes(b"%PDF-1.7")
    (folder / "wall.html").write_bytes(b"<title>Just a moment...</title>")
    (folder / "page.html").write_bytes(
        b"<title>\xcf\xf0\xe8\xe2\xe5\xf2</title><meta name=date content=2026-11-01>"
    )
    lines = [
        json.loads(line)
        for line in run("extract", "no.html", "pdf.html", "wall.html", "page.html").output.splitlines()
    ]
    assert [line["file"] for line in lines] == ["no.html", "pdf.html", "wall.html", "page.html"]
    assert [line["error"] for line in lines] == [
        "No such file or directory",
        "this is not a web page",
        "it asks visitors to prove that they are human",
        None,
    ]
    assert [line["title"] for line in lines] == ["", "", "", "Привет"]
    assert lines[3]["published"] == "2026-11-01T00:00:00Z"


def test_a_page_may_come_from_standard_input(run: Run) -> None:
    printed = run(
        "extract", "-", "--url", "https://a.example/b/", text='<title>T</title><link rel=canonical href="c">'
    )
    assert json.loads(printed.output)["canonical"] == "https://a.example/b/c"

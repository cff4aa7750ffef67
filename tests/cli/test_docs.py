"""The examples of docs and of the README are run as they stand."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from core.kinds import KINDS
from tests.store.older import generate

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(?P<lang>\w*)(?: (?P<file>\S+))?\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)
_COMMAND = "python run.py "

Run = Callable[..., Result]


def _blocks(name: str) -> list[re.Match[str]]:
    return list(_BLOCK.finditer((ROOT / name).read_text(encoding="utf-8")))


def _words(command: str) -> list[str]:
    return shlex.split(command.removeprefix(_COMMAND))


def test_documents_are_read_as_docs_show(run: Run, folder: Path) -> None:
    shown = []
    blocks = _blocks("docs/sources.md")
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block["file"]:
            (folder / block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["text"].startswith(_COMMAND + "parse"):
            assert following is not None
            assert json.loads(run(*_words(block["text"])).output) == json.loads(following["text"])
            shown.append(json.loads(following["text"])["kind"])
    assert sorted(shown) == sorted(KINDS), "one for each kind"


def test_moving_in_goes_as_docs_show(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export, adopt, adopted, migrate, migrated, _ = _blocks("docs/moving-in.md")
    (folder / export["file"]).write_text(export["text"], encoding="utf-8")
    assert run(*_words(adopt["text"])).stdout == adopted["text"] + "\n"
    setting, _, command = migrate["text"].partition(" ")
    monkeypatch.setenv(*setting.split("=", 1))
    generate(folder / "old_bot.db", 100)
    assert run(*_words(command)).stdout.replace(f"{folder}/", "") == migrated["text"] + "\n"


def test_lists_come_and_go_as_docs_show(run: Run, folder: Path) -> None:
    *_, lists = _blocks("docs/moving-in.md")
    (folder / "subscriptions.opml").write_text('<opml><outline xmlUrl="https://a.example/f"/></opml>')
    (folder / "feeds.txt").write_text("https://b.example/f")
    for line in lists["text"].splitlines():
        run(*_words(line))
    assert (folder / "mine.opml").read_text().count('type="rss"') == 2


_ADDED = [
    line
    for name in ("docs/sources.md", "README.md")
    for block in _blocks(name)
    for line in block["text"].splitlines()
    if line.startswith(_COMMAND + "add")
]


@pytest.mark.parametrize("command", _ADDED)
def test_commands_add_what_docs_say(run: Run, command: str) -> None:
    assert "added: https://" in run(*_words(command)).output


def test_readme_adds_each_kind() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"--as {kind}" in text for kind in KINDS)

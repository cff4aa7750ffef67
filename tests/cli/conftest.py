"""The command line in process, in a folder of its own and without the machine's settings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import main, program
from core.settings import Settings

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, without settings from outside."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Run a command and return its result; errors are raised as they are."""

    def invoke(*words: str, text: str | bytes | None = None) -> Result:
        return CliRunner().invoke(program, list(words), input=text, catch_exceptions=False)

    return invoke


@pytest.fixture
def exit_code(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the whole entry point and return the exit code."""

    def invoke(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["run.py", *words])
        try:
            main()
        except SystemExit as exit_:
            return int(exit_.code or 0)
        return 0

    return invoke

"""`setup`, as far as it gets without a network."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import program
from core.errors import SettingsError

Run = Callable[..., Result]


def test_what_is_typed_is_not_shown(folder: Path) -> None:
    result = CliRunner().invoke(program, ["setup"], input="my-secret-words\n")
    assert isinstance(result.exception, SettingsError)
    assert "BotFather" in result.output
    assert "Token (not shown)" in result.output
    assert "my-secret-words" not in result.output
    assert not (folder / ".env").exists()


def test_other_wrong_settings_are_said_first(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_KEEP", "0")
    monkeypatch.setenv("BOT_TOKEN", "what is there may be wrong")
    with pytest.raises(SettingsError) as caught:
        run("setup", text="1234567:AAabcdefghijklmnopqrstuvwxyz\n")
    assert [problem.partition(":")[0] for problem in caught.value.problems] == ["BACKUP_KEEP"]

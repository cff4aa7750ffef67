"""One setting among the lines of somebody's `.env`."""

import pytest

from core.env_file import with_setting


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "BOT_TOKEN=1:a\n"),
        ("# mine\nOWNER_IDS=5", "# mine\nOWNER_IDS=5\nBOT_TOKEN=1:a\n"),
        ("A=1\nBOT_TOKEN=\nB=2\n", "A=1\nBOT_TOKEN=1:a\nB=2\n"),
        ("export BOT_TOKEN = old\nB=2\nBOT_TOKEN=older\n", "BOT_TOKEN=1:a\nB=2\n"),
        ("#BOT_TOKEN=x\nBOT_TOKEN_FILE=/t\n", "#BOT_TOKEN=x\nBOT_TOKEN_FILE=/t\nBOT_TOKEN=1:a\n"),
    ],
    ids=["nothing", "appended", "replaced", "several", "other names"],
)
def test_only_that_setting_changes(before: str, after: str) -> None:
    assert with_setting(before, "BOT_TOKEN", "1:a") == after

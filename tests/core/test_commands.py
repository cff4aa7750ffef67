"""The table of commands."""

import re

import pytest

from core.commands import COMMANDS, find_command


def test_no_name_is_given_twice() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(names) == len(set(names))


def test_names_and_descriptions_are_what_telegram_takes() -> None:
    """https://core.telegram.org/bots/api#botcommand."""
    for command in COMMANDS:
        assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in command.names)
        assert 1 <= len(command.does) <= 256
        assert command.usage.startswith(f"/{command.name}")


@pytest.mark.parametrize(
    ("name", "found"),
    [("add", "add"), ("/SUB", "add"), ("unsub_all", "remove"), ("/ping", "stats"), ("rss", "list")],
)
def test_finding_by_name_and_alias(name: str, found: str) -> None:
    command = find_command(name)
    assert command is not None
    assert command.name == found


@pytest.mark.parametrize("name", ["", "/", "nothing", "add subscribe"])
def test_unknown_commands(name: str) -> None:
    assert find_command(name) is None

"""Filters for commands by their table, so that aliases live in one place."""

from aiogram.filters import Command

from core.commands import find_command


def named(name: str) -> Command:
    """Return the filter for a command and all its aliases.

    Raises:
        KeyError: the table has no such command.
    """
    command = find_command(name)
    if command is None:
        raise KeyError(name)
    return Command(*command.names, ignore_case=True)

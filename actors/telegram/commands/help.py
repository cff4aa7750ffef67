"""/help: what there is, from the table of commands."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.telegram.matching import named
from core.commands import COMMANDS, ChatCommand, find_command
from core.errors import UserError
from core.languages import gettext as _


def router() -> Router:
    """Return the router of /help."""
    routes = Router(name="help")

    @routes.message(named("help"))
    async def show_help(message: Message, command: CommandObject) -> None:
        await message.answer(help_text((command.args or "").strip()))

    return routes


def help_text(about: str) -> str:
    """Return the help for one command, or for all.

    Raises:
        UserError: there is no such command.
    """
    if not about:
        lines = [f"{command.usage}\n    {_(command.does)}" for command in COMMANDS]
        head = _("I watch feeds and publish each new link to your chats, once.")
        return head + "\n\n" + "\n".join(lines)
    command = find_command(about)
    if command is None:
        raise UserError("There is no command “{about}”. /help lists them all.", about=about[:40])
    return _one(command)


def _one(command: ChatCommand) -> str:
    also = (
        "\n" + _("Also: {aliases}").format(aliases=", ".join("/" + alias for alias in command.aliases))
        if command.aliases
        else ""
    )
    return f"{command.usage}\n{_(command.does)}{also}"

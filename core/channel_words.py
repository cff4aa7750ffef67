"""What owners are told of commands that somebody posts in a channel."""

from collections.abc import Callable, Mapping
from typing import Any

from core.commands import find_command
from core.languages import gettext as _
from core.protocol import Button

_Spoken = tuple[str, tuple[tuple[Button, ...], ...]]


def in_private(command: str, where: str) -> str:
    """Return how a command about a chat is said in private; `where` is the name or id of the chat."""
    known = find_command(command)
    usage = known.usage if known is not None else ""
    words = [f"/{command}"]
    words += [where] if "[@chat]" in usage else []
    words += ["…"] if " " in usage else []
    return " ".join(words)


def _command(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    if args["deleted"]:
        text = _("🔒 Somebody posted /{command} in {chat}, where everybody can read it; I have deleted it.")
    else:
        text = _(
            "⚠️ Somebody posted /{command} in {chat}, where everybody can read it. I may not delete messages "
            "there: please delete it yourself."
        )
    how = _(
        "A post in a channel does not say who wrote it, so I obey none. In our private chat it is: {words}"
    )
    said = text.format(command=args["command"], chat=args["chat"])
    return f"{said}\n{how.format(words=in_private(args['command'], args['where']))}", ()


CHANNEL_NOTICES: Mapping[str, Callable[[Mapping[str, Any], int], _Spoken]] = {"channel.command": _command}

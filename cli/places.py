"""Which chat a command of the terminal means: by its id, or by its name where Telegram may be asked."""

from cli.starting import need_token, real_environment
from core.errors import UserError
from core.protocol import Place
from core.requests import Target, split_target
from core.settings import Settings


def target_of(chat: str, topic: int = 0) -> Target:
    """Read what was written behind --chat (and --topic).

    Raises:
        UserError: it is neither an id nor a name.
    """
    if chat.removeprefix("-").isdecimal():
        return Target(chat=int(chat), topic_id=topic)
    target, _ = split_target([chat])
    if target is None:
        raise UserError(f"--chat {chat}: write a numeric id such as -1001234567890, or @name")
    return Target(chat=target.chat, topic_id=topic or target.topic_id)


async def find_place(settings: Settings, target: Target) -> tuple[Place, str, str]:
    """Return the place, and the type and title of its chat where Telegram was asked for them.

    Raises:
        SettingsError: a name, and no token to ask with.
    """
    if isinstance(target.chat, int):
        return Place(chat_id=target.chat, topic_id=target.topic_id), "", ""
    need_token(settings)
    import supervisor
    from actors.telegram.places import look_up

    async with supervisor.telegram_bot(real_environment(settings)) as bot:
        chat = await look_up(bot, target)
    return Place(chat_id=chat.chat_id, topic_id=chat.topic_id), chat.type, chat.title

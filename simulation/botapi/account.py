"""Methods about the bot itself."""

import re

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.cloud import Cloud
from simulation.botapi.parameters import Parameters

MAX_COMMANDS = 100
COMMAND = re.compile("/?[a-z0-9_]{1,32}")
MAX_DESCRIPTION = 256
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


def get_me(cloud: Cloud, _ask: Parameters) -> Json:
    """`getMe`."""
    return cloud.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def delete_webhook(cloud: Cloud, ask: Parameters) -> bool:
    """`deleteWebhook`."""
    cloud.updates.webhook_url = ""
    if ask.flag("drop_pending_updates"):
        cloud.updates.drop()
    return True


def set_my_commands(cloud: Cloud, ask: Parameters) -> bool:
    """`setMyCommands`, kept for each scope and language."""
    commands = ask.value("commands")
    if not isinstance(commands, list) or len(commands) > MAX_COMMANDS:
        raise bad_request("can't parse commands list")
    for one in commands:
        if not COMMAND.fullmatch(str(one.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= MAX_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    cloud.commands[_scope(ask)] = commands
    return True


def get_my_commands(cloud: Cloud, ask: Parameters) -> list[Json]:
    """`getMyCommands`."""
    return cloud.commands.get(_scope(ask), [])


def answer_callback_query(cloud: Cloud, ask: Parameters) -> bool:
    """`answerCallbackQuery`: each query takes one answer."""
    query_id = ask.text("callback_query_id")
    if query_id not in cloud.open_queries:
        raise bad_request(OLD_QUERY)
    cloud.open_queries.discard(query_id)
    cloud.callback_answers.append(
        {"id": query_id, "text": ask.text("text"), "show_alert": ask.flag("show_alert"), "at": cloud.now()}
    )
    return True


def _scope(ask: Parameters) -> str:
    scope = ask.value("scope") or {"type": "default"}
    return f"{scope.get('type')}/{scope.get('chat_id', '')}/{ask.text('language_code')}"

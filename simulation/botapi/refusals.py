"""Texts in which the Bot API refuses a message, by short names, for scripts of faults.

Those without a state of a chat behind them, or that a test wants regardless of it.
"""

from simulation.botapi.faults import Fault

TEXTS: dict[str, tuple[int, str]] = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "never started": (403, "Forbidden: bot can't initiate conversation with a user"),
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "kicked from channel": (403, "Forbidden: bot was kicked from the channel chat"),
    "not a member": (403, "Forbidden: bot is not a member of the channel chat"),
    "deleted group": (403, "Forbidden: the group chat was deleted"),
    "to a bot": (403, "Forbidden: bots can't send messages to bots"),
    "chat not found": (400, "Bad Request: chat not found"),
    "upgraded": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
    "topic closed": (400, "Bad Request: TOPIC_CLOSED"),
    "topic gone": (400, "Bad Request: message thread not found"),
    "no rights": (400, "Bad Request: not enough rights to send text messages to the chat"),
    "no rights at all": (400, "Bad Request: have no rights to send a message"),
    "write forbidden": (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    "no administrator": (400, "Bad Request: need administrator rights in the channel chat"),
    "entities": (400, 'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 0'),
    "too long": (400, "Bad Request: message is too long"),
    "empty": (400, "Bad Request: text must be non-empty"),
    "button": (400, "Bad Request: BUTTON_DATA_INVALID"),
    "half an album": (
        400,
        'Bad Request: failed to send message #2 with the error message "Too Many Requests: retry after 8"',
    ),
    "server error": (500, "Internal Server Error"),
    "bad gateway": (502, "Bad Gateway"),
    "conflict": (409, "Conflict: terminated by other getUpdates request"),
}


def refusal(name: str, *, chat_id: int | None = None, method: str = "sendmessage", count: int = 1) -> Fault:
    """Return the fault that answers with one of these texts."""
    status, description = TEXTS[name]
    return Fault(
        what="error", status=status, description=description, method=method, chat_id=chat_id, count=count
    )

"""What the Bot API says when it refuses a message for good, and what that is about: the place or the message.

The texts are those of the open-source Bot API server and of the API behind it, in lower case.
"""

from core.protocol import PlaceSuspended

_OF_A_TOPIC = {
    "topic_closed": "topic_closed",
    "topic_deleted": "topic_gone",
    "message thread not found": "topic_gone",
}
_OF_A_CHAT = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "input_user_deactivated": "deactivated",
    "can't initiate conversation": "never_started",
    "was kicked": "kicked",
    "not a member": "kicked",
    "chat was deleted": "kicked",
    "chat was deactivated": "kicked",
    "chat not found": "not_found",
    "peer_id_invalid": "not_found",
    "was upgraded to a supergroup": "upgraded",
    "not enough rights": "no_rights",
    "have no rights": "no_rights",
    "write_forbidden": "no_rights",
    "need administrator rights": "no_rights",
    "chat_admin_required": "no_rights",
    "chat_restricted": "no_rights",
    "chat_send_plain_forbidden": "no_rights",
}


def place_out_of_reach(description: str) -> PlaceSuspended | None:
    """Return what keeps the bot from a place, as the description of a 400 or 403 says; None: nothing does."""
    said = description.lower()
    for words, reason in _OF_A_TOPIC.items():
        if words in said:
            return PlaceSuspended(reason=reason, topic_only=True)
    for words, reason in _OF_A_CHAT.items():
        if words in said:
            return PlaceSuspended(reason=reason)
    return None


def forbidden(description: str) -> PlaceSuspended:
    """Return the same for a 403, which is about the place whatever it says."""
    return place_out_of_reach(description) or PlaceSuspended(reason="kicked")

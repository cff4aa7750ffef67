"""What the Bot API says when it refuses a message for good, and what that is about: the place or the message.

The texts are those of the open-source Bot API server and of the API behind it, in lower case.
"""

from core.protocol import PlaceSuspended

_PLACES = {
    "topic_closed": PlaceSuspended(reason="topic_closed", topic_only=True),
    "topic_deleted": PlaceSuspended(reason="topic_gone", topic_only=True),
    "message thread not found": PlaceSuspended(reason="topic_gone", topic_only=True),
    "bot was blocked": PlaceSuspended(reason="blocked"),
    "user is deactivated": PlaceSuspended(reason="deactivated"),
    "input_user_deactivated": PlaceSuspended(reason="deactivated"),
    "can't initiate conversation": PlaceSuspended(reason="never_started"),
    "was kicked": PlaceSuspended(reason="kicked"),
    "not a member": PlaceSuspended(reason="kicked"),
    "chat was deleted": PlaceSuspended(reason="kicked"),
    "chat was deactivated": PlaceSuspended(reason="kicked"),
    "chat not found": PlaceSuspended(reason="not_found"),
    "peer_id_invalid": PlaceSuspended(reason="not_found"),
    "was upgraded to a supergroup": PlaceSuspended(reason="upgraded"),
    "not enough rights": PlaceSuspended(reason="no_rights"),
    "have no rights": PlaceSuspended(reason="no_rights"),
    "write_forbidden": PlaceSuspended(reason="no_rights"),
    "need administrator rights": PlaceSuspended(reason="no_rights"),
    "chat_admin_required": PlaceSuspended(reason="no_rights"),
    "chat_restricted": PlaceSuspended(reason="no_rights"),
    "chat_send_plain_forbidden": PlaceSuspended(reason="no_rights"),
}


def place_out_of_reach(description: str) -> PlaceSuspended | None:
    """Return what keeps the bot from a place, as the description of a 400 or 403 says; None: nothing does."""
    said = description.lower()
    return next((suspended for words, suspended in _PLACES.items() if words in said), None)


def forbidden(description: str) -> PlaceSuspended:
    """Return the same for a 403, which is about the place whatever it says."""
    return place_out_of_reach(description) or PlaceSuspended(reason="kicked")

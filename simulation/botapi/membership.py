"""Methods about chats and those in them."""

from simulation.botapi.answers import Json, Refused, bad_request
from simulation.botapi.chats import Chat, MemberStatus
from simulation.botapi.cloud import Cloud
from simulation.botapi.parameters import Parameters
from simulation.botapi.users import User

GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
    "can_manage_topics",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def get_chat(cloud: Cloud, ask: Parameters) -> Json:
    """`getChat`."""
    chat = _chat(cloud, ask)
    shown = chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.protected:
        shown["has_protected_content"] = True
    return shown


def get_chat_member(cloud: Cloud, ask: Parameters) -> Json:
    """`getChatMember`."""
    chat = _chat(cloud, ask)
    user_id = ask.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if user_id == cloud.bot.user_id:
        return member_json(cloud.bot, chat.bot_status)
    return member_json(cloud.users.get(user_id), _status(chat, user_id))


def get_chat_administrators(cloud: Cloud, ask: Parameters) -> list[Json]:
    """`getChatAdministrators`."""
    chat = _chat(cloud, ask)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    found = [(cloud.users.get(user_id), status) for user_id, status in chat.members.items()]
    found.append((cloud.bot, chat.bot_status))
    return [member_json(user, status) for user, status in found if status in ("creator", "administrator")]


def leave_chat(cloud: Cloud, ask: Parameters) -> bool:
    """`leaveChat`."""
    chat = _chat(cloud, ask)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.state = "left"
    chat.bot_status = "left"
    return True


def send_chat_action(cloud: Cloud, ask: Parameters) -> bool:
    """`sendChatAction`."""
    chat = cloud.chat_to_write(ask, ask.integer("message_thread_id"))
    cloud.actions.append((chat.chat_id, ask.text("action")))
    return True


def member_json(user: User, status: MemberStatus) -> Json:
    """The API's `ChatMember` of this status."""
    shown: Json = {"status": status, "user": user.as_json()}
    if status == "creator":
        shown |= {"is_anonymous": False}
    elif status == "administrator":
        shown |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
    elif status == "restricted":
        shown |= {"is_member": True, "until_date": 0} | dict.fromkeys(PERMISSIONS, False)
    elif status == "kicked":
        shown |= {"until_date": 0}
    return shown


def _chat(cloud: Cloud, ask: Parameters) -> Chat:
    chat = cloud.chats.find(ask.text("chat_id"))
    chat.require_access()
    return chat


def _status(chat: Chat, user_id: int) -> MemberStatus:
    if chat.kind == "private":
        if user_id != chat.chat_id:
            raise Refused(400, "Bad Request: PARTICIPANT_ID_INVALID")
        return "member"
    return chat.members.get(user_id, "left")

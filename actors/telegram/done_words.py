"""Entries of the audit log in words."""

from core.languages import gettext as _
from core.languages import marked
from core.state_words import role_name
from core.text import cut, one_line
from store.administration import Done

_IN_WORDS = {
    "role.invited": marked("{who} made a link for an {role} of {chat}"),
    "role.accepted": marked("{who} became {role} of {chat}"),
    "role.removed": marked("{who} took the role {role} from {of} in {chat}"),
    "role.revoked": marked("{who} took back a link for an {role} of {chat}"),
    "chat.resumed": marked("{who} resumed {chat}"),
    "source.moved": marked("source {source} moved to another address"),
    "source.mute": marked("{who} paused No. {number} of {chat}"),
    "source.unmute": marked("{who} resumed No. {number} of {chat}"),
    "filter.add": marked("{who} added a filter in {chat}: {rule}"),
    "post.edit": marked("{who} changed a post in {chat}"),
    "post.sold": marked("{who} marked a post in {chat} as sold out"),
    "post.delete": marked("{who} deleted a post in {chat}"),
    "post.again": marked("{who} had a link posted again in {chat}"),
    "command": marked("{who} in {chat}: {words}"),
    "answer": marked("{who} answered in {chat}: {words}"),
    "press": marked("{who} pressed “{words}” in {chat}"),
    "terminal": marked("at the terminal, for {chat}: {words}"),
}
"""By the code that is stored; others are shown as they are."""
_ARGUMENTS = ("of", "source", "number", "rule", "words")
_LONGEST = 200


def done_text(done: Done) -> str:
    """Return what somebody did, in the language that holds now."""
    known = _IN_WORDS.get(done.action)
    if known is None:
        return cut(f"{one_line(done.who)}: {done.action} {one_line(done.chat)}", _LONGEST)
    spoken = {name: one_line(str(done.args.get(name) or "…")) for name in _ARGUMENTS}
    role = role_name(str(done.args.get("role", "")))
    who = one_line(done.who) or _("an administrator")
    chat = cut(one_line(done.chat), 60) or _("all chats")
    return cut(_(known).format(**spoken, role=role, who=who, chat=chat), _LONGEST)

"""States of sources and posts, as the database calls them, in words."""

from core.languages import gettext as _
from core.languages import marked

_STATES = {
    "active": marked("active"),
    "probing": marked("probing"),
    "paused": marked("paused"),
    "gone": marked("gone"),
    "moved": marked("moved"),
    "pending": marked("pending"),
    "sending": marked("sending"),
    "sent": marked("sent"),
    "uncertain": marked("uncertain"),
    "held": marked("held"),
    "dropped": marked("dropped"),
    "dead": marked("dead"),
}
_ROLES = {"owner": marked("owner"), "editor": marked("editor"), "viewer": marked("viewer")}


def state_text(state: str) -> str:
    """Return the word for a state; an unknown one speaks for itself."""
    return _(_STATES.get(state, state))


def role_name(role: str) -> str:
    """Return the word for a role."""
    return _(_ROLES.get(role, role))

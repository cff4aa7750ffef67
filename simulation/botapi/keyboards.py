"""Inline keyboards, checked as Telegram checks them."""

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.parameters import Parameters
from simulation.botapi.urls import WrongUrlError, checked_url, mentioned_user

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
KINDS = (
    "url",
    "callback_data",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "web_app",
    "copy_text",
)
TEXT_ONLY = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def checked_keyboard(ask: Parameters) -> Json | None:
    """The `reply_markup` as stored, or None; empty keyboards are none.

    Raises:
        Refused: A button has no text, nothing to do, or data or a URL that Telegram refuses.
    """
    markup = ask.value("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept = [[_checked(button) for button in row] for row in rows if row]
    if sum(len(row) for row in kept) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _checked(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("can't parse inline keyboard button: Text of the button must be non-empty")
    does = [kind for kind in KINDS if button.get(kind) is not None]
    if not does:
        raise bad_request(TEXT_ONLY)
    kept: Json = {"text": text, does[0]: button[does[0]]}
    if does[0] == "callback_data":
        _require_data(button["callback_data"])
    elif does[0] == "url":
        kept["url"] = _checked_link(str(button["url"]))
    return kept


def _require_data(data: object) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "surrogatepass")) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _checked_link(url: str) -> str:
    if mentioned_user(url):
        return url
    try:
        return checked_url(url)
    except WrongUrlError as reason:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}") from None

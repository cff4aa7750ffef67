"""The entities that a bot sends: offsets, types and links checked as Telegram checks them."""

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.urls import WrongUrlError, checked_url, mentioned_user
from simulation.botapi.utf16 import unit_offsets

MAX_ENTITIES = 100
MAX_OFFSET = 1_000_000

STYLES = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "blockquote",
        "expandable_blockquote",
    ]
)
FOUND_BY_TELEGRAM = frozenset(
    ["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"]
)
OTHERS = frozenset({"text_link", "text_mention", "custom_emoji", "date_time"})
EXTRAS = ("url", "user", "language", "custom_emoji_id", "unix_time", "date_time_format")


def checked_entities(text: str, raw: object, *, refuse_links: bool = False) -> list[Json]:
    """The entities of `raw` that are kept, sorted; offsets still those of `text` as sent.

    Args:
        text: What they lie in.
        raw: The parsed `entities` parameter.
        refuse_links: Whether a text_link with a wrong URL is a 400; else it is dropped in silence.

    Raises:
        Refused: One of them is malformed, outside of the text, or splits a surrogate pair.
    """
    if not isinstance(raw, list):
        return []
    kept = [entity for one in raw if (entity := _parsed(one, refuse_links=refuse_links)) is not None]
    kept = [entity for entity in kept if entity["length"]]
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    boundaries = unit_offsets(text)
    inside = set(boundaries)
    for entity in kept:
        _require_inside(entity, inside, boundaries[-1])
    return kept[:MAX_ENTITIES]


def _parsed(raw: object, *, refuse_links: bool) -> Json | None:
    if not isinstance(raw, dict):
        raise _unreadable("expected an Object")
    for name in ("offset", "length"):
        if not isinstance(raw.get(name), int) or isinstance(raw.get(name), bool):
            raise _unreadable(f'Field "{name}" must be of type Number')
        if not 0 <= raw[name] <= MAX_OFFSET:
            raise bad_request(f"receive an entity with incorrect {name} {raw[name]}")
    kind = raw.get("type")
    if kind in FOUND_BY_TELEGRAM:
        return None
    if kind not in STYLES and kind not in OTHERS:
        raise _unreadable("Unsupported type specified")
    entity = {name: raw[name] for name in ("type", "offset", "length", *EXTRAS) if raw.get(name) is not None}
    return _linked(entity, refuse_links=refuse_links) if kind == "text_link" else entity


def _linked(entity: Json, *, refuse_links: bool) -> Json | None:
    """The text_link with the URL that Telegram stores, a mention of a user, or nothing."""
    url = entity.get("url")
    if not isinstance(url, str):
        raise _unreadable('Can\'t find field "url"')
    place = {"offset": entity["offset"], "length": entity["length"]}
    if user_id := mentioned_user(url):
        user = {"id": user_id, "is_bot": False, "first_name": f"User {user_id}"}
        return {"type": "text_mention", **place, "user": user}
    try:
        return {"type": "text_link", **place, "url": checked_url(url)}
    except WrongUrlError as reason:
        if refuse_links:
            raise bad_request(f"entity URL '{url}' is invalid: {reason}") from None
        return None


def _require_inside(entity: Json, inside: set[int], end: int) -> None:
    start, stop = entity["offset"], entity["offset"] + entity["length"]
    if start >= end:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
    if start not in inside:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")
    if stop > end:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text "
            f"at UTF-16 offset {stop}"
        )
    if stop not in inside:
        raise bad_request(f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol")


def _unreadable(reason: str) -> Exception:
    return bad_request(f"can't parse MessageEntity: {reason}")

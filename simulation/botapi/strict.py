"""What Telegram would take but change, drop or show otherwise: for programs that want none of it.

`message_text` refuses what Telegram refuses. Beyond that a message can lose a link, its hundred and first
entity, or some of its characters without any error; here each of these has a name.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from simulation.botapi.answers import Json, Refused
from simulation.botapi.entities import MAX_ENTITIES
from simulation.botapi.keyboards import checked_keyboard
from simulation.botapi.parameters import Parameters
from simulation.botapi.texts import MAX_CAPTION, MAX_TEXT, caption_text, message_text
from simulation.botapi.utf16 import units

MOST_MARKS = 6
"""Combining marks upon one character that some language needs."""
MOST_BUTTON_TEXT = 64

_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029\u0333\u033f\u030a\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BEFORE, _BEHIND = re.compile(r"\s"), re.compile(r"\s\Z")
_CLOSED = frozenset(["text_link", "pre", "code"])
_QUOTES = frozenset(["blockquote", "expandable_blockquote"])
_PURE = frozenset(["pre", "code"])


def complaints(
    text: str, entities: Sequence[Json], *, caption: bool = False, keyboard: Json | None = None
) -> list[str]:
    """What is wrong with a message, or would not arrive as it was sent; nothing if all is well.

    Args:
        text: Its text.
        entities: Its entities, as they go into the request.
        caption: Whether it is the caption of a picture.
        keyboard: Its `reply_markup`.
    """
    found = [*_of_text(text, MAX_CAPTION if caption else MAX_TEXT), *_of_entities(text, entities)]
    if not found:  # offsets can be trusted now
        found += [*_of_borders(text, entities), *_of_nesting(entities)]
        found += _of_the_server(text, entities, caption=caption)
    return found + list(_of_keyboard(keyboard))


def _of_text(text: str, limit: int) -> Iterator[str]:
    if units(text) > limit:
        yield "too long"
    if any("\ud800" <= char <= "\udfff" for char in text):
        yield "half a pair"
        return
    if found := _UNSEEN.search(text):
        yield f"holds U+{ord(found[0]):04X}"
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks > MOST_MARKS:
            yield "marks are piled up"
            return


def _of_entities(text: str, entities: Sequence[Json]) -> Iterator[str]:
    if len(entities) > MAX_ENTITIES:
        yield "too many entities"
    places = [(one["offset"], -one["length"]) for one in entities]
    if places != sorted(places):
        yield "entities are not sorted"
    end = units(text)
    if any(
        one["length"] <= 0 or one["offset"] < 0 or one["offset"] + one["length"] > end for one in entities
    ):
        yield "an entity is empty or outside"


def _of_borders(text: str, entities: Sequence[Json]) -> Iterator[str]:
    raw = text.encode("utf-16-le")
    for one in entities:
        try:
            inner = raw[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        except UnicodeDecodeError:
            yield f"{one['type']} splits a pair"
            continue
        if _BEFORE.match(inner) or _BEHIND.search(inner):
            yield f"{one['type']} has blanks at its ends"


def _of_nesting(entities: Sequence[Json]) -> Iterator[str]:
    """https://core.telegram.org/bots/api#formatting-options."""
    opened: list[Json] = []
    for one in entities:
        while opened and _end(opened[-1]) <= one["offset"]:
            opened.pop()
        for outer in opened:
            names = f"{one['type']} in {outer['type']}"
            if _end(outer) < _end(one):
                yield f"{names}, and crosses its end"
            elif _wrong(outer["type"], one["type"]):
                yield names
        opened.append(one)


def _wrong(outer: str, inner: str) -> bool:
    if outer == inner or outer in _PURE or (inner in _PURE and outer not in _QUOTES):
        return True
    return (outer in _QUOTES and inner in _QUOTES) or (outer in _CLOSED and inner in _CLOSED | _QUOTES)


def _of_the_server(text: str, entities: Sequence[Json], *, caption: bool) -> Iterator[str]:
    names = ("caption", "caption_entities") if caption else ("text", "entities")
    ask = Parameters({names[0]: text, names[1]: list(entities)})
    try:
        stored = (caption_text if caption else message_text)(ask, refuse_links=True)
    except Refused as refused:
        yield refused.description
        return
    if stored.text != text:
        yield "the text is changed"
    sent = [(one["type"], one["offset"], one["length"]) for one in entities]
    kept = [(one["type"], one["offset"], one["length"]) for one in stored.entities]
    lost = set(sent) - set(kept)
    if lost:
        yield f"lost: {sorted(lost)}"
    if any(one["type"] == "text_mention" for one in stored.entities):
        yield "somebody is called into the chat"


def _of_keyboard(keyboard: Json | None) -> Iterator[str]:
    if keyboard is None:
        return
    try:
        stored = checked_keyboard(Parameters({"reply_markup": keyboard}))
    except Refused as refused:
        yield refused.description
        return
    for row in (stored or {"inline_keyboard": []})["inline_keyboard"]:
        if any(units(button["text"]) > MOST_BUTTON_TEXT for button in row):
            yield "the text of a button is cut"


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])

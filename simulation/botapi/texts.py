"""Texts as Telegram accepts them: cleaned, trimmed, measured."""

import re
from dataclasses import dataclass, field

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.entities import checked_entities
from simulation.botapi.found import found_entities
from simulation.botapi.markup import parsed_html
from simulation.botapi.parameters import Parameters
from simulation.botapi.utf16 import piece, unit_offsets, units

MAX_RAW_BYTES = 32_768
MAX_TEXT = 4096
MAX_CAPTION = 1024

BLANKS = " \n"
REMOVED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
MADE_SPACE = re.compile("[\x00-\x09\x0b-\x0c\x0e-\x20]")
NOTHING_TO_SEE = re.compile(
    "[\\s\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as stored: what the bot said and what Telegram found."""

    text: str = ""
    entities: list[Json] = field(default_factory=list)

    @property
    def links(self) -> list[str]:
        """Every URL a reader can tap, in order of appearance."""
        return [
            one["url"] if one["type"] == "text_link" else piece(self.text, one["offset"], one["length"])
            for one in sorted(self.entities, key=lambda one: int(one["offset"]))
            if one["type"] in ("text_link", "url")
        ]


def message_text(ask: Parameters, *, refuse_links: bool = False) -> Text:
    """The checked `text` and `entities` of a message."""
    if not ask.text("text"):
        raise bad_request("message text is empty")
    text = _checked(ask, "text", "entities", refuse_links=refuse_links)
    if units(text.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text


def caption_text(ask: Parameters, *, refuse_links: bool = False) -> Text:
    """The checked `caption` and `caption_entities`, which may be empty."""
    if not ask.text("caption"):
        return Text()
    text = _checked(ask, "caption", "caption_entities", refuse_links=refuse_links)
    if units(text.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text


def _checked(ask: Parameters, name: str, entities_name: str, *, refuse_links: bool) -> Text:
    raw = ask.text(name)
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    if any("\ud800" <= char <= "\udfff" for char in raw):
        raise bad_request("strings must be encoded in UTF-8")
    given = ask.value(entities_name)
    mode = ask.text("parse_mode").lower()
    if mode == "html":
        raw, given = parsed_html(raw)
        refuse_links = False
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    text, entities = cleaned(raw, checked_entities(raw, given, refuse_links=refuse_links))
    if NOTHING_TO_SEE.fullmatch(text):
        raise bad_request("text must be non-empty")
    return Text(text, _merged(entities, text))


def _merged(entities: list[Json], text: str) -> list[Json]:
    closed = [one for one in entities if one["type"] in ("text_link", "text_mention", "code", "pre")]
    both = [*entities, *found_entities(text, taken=closed)]
    return sorted(both, key=lambda one: (one["offset"], -one["length"]))


def cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text and entities after control characters became spaces, some signs vanished, ends were cut.

    Entities that cover nothing but blanks are gone; leading blanks stay where an entity begins.
    """
    kept = [_cleaned_char(char) for char in text]
    result = "".join(kept)
    place = dict(zip(unit_offsets(text), _offsets_of(kept), strict=True))
    moved = []
    for one in entities:
        start, stop = place[one["offset"]], place[one["offset"] + one["length"]]
        if piece(result, start, stop - start).strip(BLANKS):
            moved.append({**one, "offset": start, "length": stop - start})
    first = min((one["offset"] for one in moved), default=len(result))
    lead = min(len(result) - len(result.lstrip(BLANKS)), first)
    result = result.rstrip(BLANKS)
    end = units(result)
    trimmed = [
        {**one, "offset": one["offset"] - lead, "length": min(one["length"], end - one["offset"])}
        for one in moved
    ]
    return result[lead:], trimmed


def _cleaned_char(char: str) -> str:
    return " " if MADE_SPACE.match(char) else "" if REMOVED.match(char) else char


def _offsets_of(pieces: list[str]) -> list[int]:
    offsets = [0]
    for one in pieces:
        offsets.append(offsets[-1] + units(one))
    return offsets

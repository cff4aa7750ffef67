"""What Telegram itself finds in a text: links, commands, hashtags, mentions."""

import re

from simulation.botapi.answers import Json
from simulation.botapi.urls import WrongUrlError, checked_url
from simulation.botapi.utf16 import unit_offsets

PATTERNS = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"«»]+[^\s<>\"«».,;:!?')\]}]", re.IGNORECASE)),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\w|/)")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
)


def found_entities(text: str, *, taken: list[Json] | None = None) -> list[Json]:
    """Entities of `text` in order, none of them touching another one or one of `taken`."""
    offsets = unit_offsets(text)
    spans = [(one["offset"], one["offset"] + one["length"]) for one in taken or ()]
    found: list[Json] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            start, stop = offsets[match.start()], offsets[match.end()]
            if kind == "url" and not _is_link(match[0]):
                continue
            if all(stop <= low or start >= high for low, high in spans):
                spans.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    return sorted(found, key=lambda one: int(one["offset"]))


def _is_link(url: str) -> bool:
    try:
        checked_url(url)
    except WrongUrlError:
        return False
    return True

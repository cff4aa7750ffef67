"""Posts that are changed where they stand: text and entities as the Bot API has them, in UTF-16 units."""

from collections.abc import Mapping, Sequence

from core.languages import gettext as _
from core.languages import marked
from core.text import cut, one_line, utf16_length

SOLD_OUT = marked("Sold out: ")
_KEEP_TOGETHER = "strikethrough"

Entities = list[dict[str, object]]


def sold_out(
    text: str, entities: Sequence[Mapping[str, object]], *, title: str, limit: int
) -> tuple[str, Entities] | None:
    """Return a post with a word before it and its title struck out; None where there is no room for that.

    The word is in the language that holds now, which should be that of the chat.

    Args:
        text: what the message says.
        entities: its formatting.
        title: of its link; where the text does not have it, its first line is struck out.
        limit: UTF-16 units of a text, or of a caption.
    """
    said = _(SOLD_OUT)
    moved_by = utf16_length(said)
    if utf16_length(text) + moved_by > limit:
        return None
    start, length = _place_of(text, title)
    moved: Entities = [
        {**one, "offset": int(str(one["offset"])) + moved_by}
        for one in entities
        if one.get("type") != _KEEP_TOGETHER
    ]
    struck: Entities = [{"type": _KEEP_TOGETHER, "offset": moved_by + start, "length": length}]
    frame: Entities = [{"type": "bold", "offset": 0, "length": utf16_length(said.rstrip(": "))}]
    in_order = sorted(
        [*frame, *struck, *moved], key=lambda one: (int(str(one["offset"])), -int(str(one["length"])))
    )
    return said + text, in_order


def _place_of(text: str, title: str) -> tuple[int, int]:
    """Return where a title stands, as offset and length; it may have been cut."""
    words = one_line(title)
    for wanted in (words, cut(words, 100).rstrip("…")):
        place = text.find(wanted) if wanted else -1
        if place >= 0:
            return utf16_length(text[:place]), utf16_length(wanted)
    line = text.lstrip().partition("\n")[0]
    return utf16_length(text[: text.find(line)]), utf16_length(line)

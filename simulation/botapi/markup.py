"""Telegram's HTML, as far as a bot that sends entities needs it: what is wrong must be refused."""

import html
import re

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.utf16 import units

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^<>]*)>")
TOKEN = re.compile(r"(<[^>]*>?|&(?:lt|gt|amp|quot|#\d+|#[xX][0-9A-Fa-f]+);|[^<&]+|&)")
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}


def parsed_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of Telegram's HTML.

    Raises:
        Refused: A tag is unknown, unclosed or crossed.
    """
    text: list[str] = []
    offset = 0
    opened: list[Json] = []
    entities: list[Json] = []
    for token in TOKEN.findall(source):
        if token.startswith("<"):
            _tag(token, offset, opened, entities)
            continue
        plain = html.unescape(token) if token.startswith("&") else token
        text.append(plain)
        offset += units(plain)
    if opened:
        raise _broken(f'can\'t find end tag corresponding to start tag "{opened[-1]["tag"]}"')
    return "".join(text), entities


def _tag(token: str, offset: int, opened: list[Json], entities: list[Json]) -> None:
    tag = TAG.fullmatch(token)
    if tag is None:
        raise _broken(f"unclosed start tag at byte offset {offset}")
    name = tag[2].lower()
    if name not in STYLES:
        raise _broken(f'unsupported start tag "{name}" at byte offset {offset}')
    if not tag[1]:
        opened.append({"tag": name, "offset": offset, "url": _href(tag[3])})
        return
    if not opened or opened[-1]["tag"] != name:
        raise _broken(f'unexpected end tag "{name}" at byte offset {offset}')
    start = opened.pop()
    entity: Json = {"type": STYLES[name], "offset": start["offset"], "length": offset - start["offset"]}
    if name == "a":
        entity["url"] = start["url"]
    entities.append(entity)


def _href(attributes: str) -> str:
    found = HREF.search(attributes)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else ""


def _broken(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")

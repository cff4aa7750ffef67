"""What Telegram Desktop would export of a chat of the world."""

import json
from pathlib import Path
from typing import Any

from simulation.botapi import Accepted
from simulation.world import World

_KINDS = {"url": "link"}


def export_chat(world: World, chat_id: int, path: Path) -> Path:
    """Write the history of a channel, as result.json; return where."""
    messages = [_message(each) for each in world.api.journal if each.chat_id == chat_id]
    chat = {"name": "Channel", "type": "private_channel", "id": -chat_id - 10**12, "messages": messages}
    path.write_text(json.dumps(chat, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _message(message: Accepted) -> dict[str, Any]:
    return {
        "id": message.message_id,
        "type": "message",
        "date_unixtime": str(round(message.at)),
        "text": list(_parts(message)),
        "inline_bot_buttons": [[{"type": "url", "text": t, "data": data} for t, data in message.buttons]],
    }


def _parts(message: Accepted) -> list[Any]:
    text, at = message.text.encode("utf-16-le"), 0
    parts: list[Any] = []
    for entity in sorted(message.entities, key=lambda each: (each["offset"], "url" not in each)):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        if start < at:
            continue  # one inside another, such as bold in a link
        parts.append(text[at:start].decode("utf-16-le"))
        part = {
            "type": _KINDS.get(entity["type"], entity["type"]),
            "text": text[start:end].decode("utf-16-le"),
        }
        parts.append(part | ({"href": entity["url"]} if "url" in entity else {}))
        at = end
    return [*parts, text[at:].decode("utf-16-le")]

"""Messages as the page gets them: what is in them, never how it looks."""

import json
from typing import Any

from simulation.botapi import Accepted
from simulation.botapi.answers import Json
from simulation.botapi.cloud import Cloud
from simulation.botapi.photos import UPLOADED
from simulation.feeds import FeedWorld

SNIPPET = 80


def key_of(message: Accepted) -> Json:
    """What names a message."""
    return {"chat": message.chat_id, "id": message.message_id}


def shown(message: Accepted, cloud: Cloud, web: FeedWorld) -> Json:
    """A message that stands in its chat: text, entities (offsets in UTF-16 units), picture, card, buttons."""
    answered = cloud.journal.find(message.chat_id, message.reply_to)
    return {
        **key_of(message),
        "mine": message.method == "user",
        "author": message.sender.first_name,
        "at": message.at,
        "edited": message.edited,
        "silent": message.silent,
        "text": message.text,
        "entities": message.entities,
        "picture": _picture(message.photo),
        "card": _card(message, web),
        "file": message.extra.get("document", {}).get("file_name", ""),
        "buttons": (message.reply_markup or {}).get("inline_keyboard", []),
        "reply": None if answered is None else {"id": answered.message_id, "text": answered.text[:SNIPPET]},
        "forwarded": "" if message.origin is None else message.origin.chat.title,
    }


def _picture(photo: str) -> str:
    """What to ask this server for: a picture by its address, or by the number of its upload."""
    return photo.replace(f"{UPLOADED} ", "upload:") if photo.startswith(UPLOADED) else photo


def _card(message: Accepted, web: FeedWorld) -> Json | None:
    """The preview of the first link, as far as it leads into this world."""
    options = _options(message)
    if message.photo or not message.links or options.get("is_disabled"):
        return None
    url = options.get("url") or message.links[0]
    for feed in web:
        if not url.startswith(f"{feed.base}/"):
            continue
        for entry in reversed(feed.entries):
            if entry.link == url:
                about = f"All about entry {entry.number}."
                card = {"url": url, "site": feed.title, "title": entry.title, "about": about}
                return card | {"picture": entry.image}
    return None


def _options(message: Accepted) -> dict[str, Any]:
    raw = message.parameters.get("link_preview_options") or {}
    options = json.loads(raw) if isinstance(raw, str) else raw
    return options if isinstance(options, dict) else {}

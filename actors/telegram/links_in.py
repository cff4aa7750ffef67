"""The links of a message: those in its text, under its words and on its buttons."""

from aiogram.types import InlineKeyboardMarkup, Message

_MOST = 5


def links_in(message: Message) -> list[str]:
    """Return the first links of a message and of the one that it answers, each once."""
    found = _own(message)
    if message.reply_to_message is not None:
        found += _own(message.reply_to_message)
    return list(dict.fromkeys(found))[:_MOST]


def _own(message: Message) -> list[str]:
    text = message.text or message.caption or ""
    found = []
    for entity in message.entities or message.caption_entities or ():
        if entity.type == "text_link" and entity.url:
            found.append(entity.url)
        elif entity.type == "url":
            found.append(entity.extract_from(text))
    if isinstance(message.reply_markup, InlineKeyboardMarkup):
        found += [button.url for row in message.reply_markup.inline_keyboard for button in row if button.url]
    return found

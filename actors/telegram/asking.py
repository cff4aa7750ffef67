"""Which of a person's messages answers what I asked them in private."""

from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import said_in_private
from store import conversations
from store.conversations import Asked

CANCEL = "/cancel"


async def question_for(ctx: Context, message: Message) -> Asked | None:
    """Return the question that a message answers; None where it is no answer to any."""
    if message.from_user is None or not await said_in_private(message):
        return None
    asked = await ctx.store.read(conversations.asked, message.from_user.id)
    replied = message.reply_to_message
    reply_to = 0 if replied is None else replied.message_id
    if asked is None or not asked.is_answered_by(message.message_id, reply_to=reply_to, now_ms=ctx.now_ms()):
        return None
    return asked


async def calls_off(message: Message) -> bool:
    """Accept the word that ends a question, in a private chat."""
    word = (message.text or "").partition("@")[0]
    return message.chat.type == "private" and word.strip().lower() == CANCEL


async def concerns_a_question(ctx: Context, message: Message) -> bool:
    """Tell whether a message answers a question, or calls one off."""
    if await calls_off(message):
        return await ctx.store.read(conversations.asked, message.chat.id) is not None
    return await question_for(ctx, message) is not None

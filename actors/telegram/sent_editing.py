"""[Edit] of posts that are in their chats, and the answers to what it asks in private."""

from dataclasses import asdict, replace

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.editing import entities_in
from actors.telegram.matching import pressed, said_in_private
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.rendering.post import RenderedPost, render
from core.rendering.written import read_written, with_link
from core.text import is_blank
from core.words import say
from store import amendments, queue, sent_posts
from store.amendments import CAPTION_LIMIT, TEXT_LIMIT, By
from store.conversations import Asked
from store.outbox import moving
from store.sent_posts import SentPost

_ASK = marked(
    "Send me the new text: what is bold stays bold, links stay links, and the link of the post is added if "
    "you leave it out. Then I change the post in its chat. /cancel leaves it as it is."
)


def router(ctx: Context) -> Router:
    """Return the router of this button and its answers; it must come before that of posts that wait."""
    routes = Router(name="sent_editing")

    @routes.callback_query(pressed(r"sent:edit:\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        queue_id = int((press.data or "").split(":")[2])
        await _require(ctx, press.from_user, queue_id)
        _refuse(amendments.why_not(await ctx.store.read(sent_posts.get, queue_id)))
        await ask_in_private(ctx, bot, press.from_user, "sent", queue_id, _(_ASK))
        await press.answer()

    @routes.message(said_in_private)
    async def answered(message: Message) -> None:
        person, asked = message.from_user, await question_for(ctx, message)
        if person is None or asked is None or asked.about != "sent":
            raise SkipHandler  # it is for those behind
        await _require(ctx, person, asked.subject)
        await _take(ctx, message, person, asked)

    return routes


async def _require(ctx: Context, user: User, queue_id: int) -> None:
    chat_id = await ctx.store.read(moving.chat_of, queue_id)
    await require(ctx, user, chat_id or 0, "editor")


async def _take(ctx: Context, message: Message, person: User, asked: Asked) -> None:
    """Have an answer made what a post says."""
    if message.text is None or is_blank(message.text):
        raise UserError("Send the new text as a message of its own, without pictures, or /cancel.")
    post = await ctx.store.read(sent_posts.get, asked.subject)
    _refuse(amendments.why_not(post))
    if post is None:
        return
    written = await _written(ctx, message, post)
    refused = await ctx.store.write(
        amendments.edit,
        asked,
        By(user_id=person.id, name=person.full_name, now_ms=ctx.now_ms()),
        message_id=message.message_id,
        text=written.text,
        entities=[_plain(asdict(one)) for one in written.entities],
    )
    _refuse(refused)
    ctx.bells.speaker.ring()
    await message.answer(say("sent_changing"))


async def _written(ctx: Context, message: Message, post: SentPost) -> RenderedPost:
    """Return what a message says, as a post with the link of another one, and with the marks of its chat."""
    delivery, _rest = await ctx.store.read(queue.delivery, post.queue_id)
    own = read_written(message.text or "", entities_in(message))
    content = with_link(replace(delivery.content, own=own), delivery.content.url)
    return render(content, limit=CAPTION_LIMIT if post.photo else TEXT_LIMIT)


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _refuse(code: str | None) -> None:
    if code is not None:
        raise UserError(say(code))

"""Buttons [Edit] and [Time] of posts that wait, and the answers to what they ask in private."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove, User

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, calls_off, question_for
from actors.telegram.matching import pressed, said_in_private
from actors.telegram.messenger import TelegramMessenger
from actors.telegram.previewing import show
from actors.telegram.queue_card import queue_card
from core.delivery_cards import approval_buttons, waiting_buttons
from core.errors import UserError
from core.languages import gettext as _
from core.posting.shown import moment_text
from core.posting.when import EXAMPLES, parse_when
from core.posting.zones import zone_of
from core.protocol import Button, Place
from core.rendering.written import FORMATS
from core.text import is_blank
from core.words import say
from store import approvals, conversations, editing, own_texts, queue
from store.conversations import Asked
from store.outbox import moving, schedules


def router(ctx: Context) -> Router:
    """Return the router of these buttons and answers. Their data is an id, never a right.

    It must come behind all commands and before whatever else is said in private.
    """
    routes = Router(name="editing")

    @routes.callback_query(pressed(r"(edit|time):\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        about, _colon, number = (press.data or "").partition(":")
        await _require(ctx, press.from_user, int(number))
        if about == "edit":
            await _ask_text(ctx, bot, press.from_user, int(number))
        else:
            await _ask_time(ctx, bot, press.from_user, int(number))
        here = press.message is not None and press.message.chat.type == "private"
        await press.answer("" if here else _("I asked you in private."))

    @routes.message(calls_off)
    async def cancel(message: Message) -> None:
        was = await ctx.store.write(conversations.call_off, message.chat.id)
        said = _("It stays as it is.") if was else _("There is nothing to cancel.")
        await message.answer(said, reply_markup=ReplyKeyboardRemove())

    @routes.message(said_in_private)
    async def answered(message: Message, bot: Bot) -> None:
        person, asked = message.from_user, await question_for(ctx, message)
        if person is None or asked is None or asked.about not in {"edit", "time"}:
            raise SkipHandler  # it is for those behind
        await _require(ctx, person, asked.subject)
        take = _take_text if asked.about == "edit" else _take_time
        await take(ctx, bot, message, person, asked)

    return routes


async def _require(ctx: Context, user: User, queue_id: int) -> None:
    chat_id = await ctx.store.read(moving.chat_of, queue_id)
    await require(ctx, user, chat_id or 0, "editor")


async def _ask_text(ctx: Context, bot: Bot, user: User, queue_id: int) -> None:
    """Show a post as it would go out, and ask for another text."""
    _refuse(await ctx.store.read(own_texts.why_not, queue_id))
    delivery, _rest = await ctx.store.read(queue.delivery, queue_id)
    await show(TelegramMessenger(bot), delivery, to=Place(chat_id=user.id))
    words = _(
        "That is how it would look. Send me the new text: what is bold stays bold, links stay links, and "
        "the link of the post is added if you leave it out. /cancel leaves it as it is."
    )
    await ask_in_private(ctx, bot, user, "edit", queue_id, words)


async def _ask_time(ctx: Context, bot: Bot, user: User, queue_id: int) -> None:
    if not await ctx.store.read(moving.waits, queue_id):
        raise UserError(say("queue_settled"))
    zone = await _zone(ctx, queue_id)
    words = _(
        "When shall it go out, by the clock of {zone}? Write {examples}. /cancel leaves it as it is."
    ).format(zone=zone, examples=_(EXAMPLES))
    await ask_in_private(ctx, bot, user, "time", queue_id, words)


async def _take_text(ctx: Context, bot: Bot, message: Message, person: User, asked: Asked) -> None:
    """Make an answer the text of a post, and show it with the buttons of its card."""
    if message.text is None or is_blank(message.text):
        raise UserError("Send the new text as a message of its own, without pictures, or /cancel.")
    refused = await ctx.store.write(
        editing.take_text,
        person.id,
        asked,
        message_id=message.message_id,
        text=message.text,
        entities=entities_in(message),
        by=person.full_name,
        now_ms=ctx.now_ms(),
    )
    _refuse(refused)
    ctx.bells.speaker.ring()
    delivery, _rest = await ctx.store.read(queue.delivery, asked.subject)
    buttons = await _buttons(ctx, asked.subject)
    await show(TelegramMessenger(bot), delivery, to=Place(chat_id=person.id), buttons=(buttons,))


async def _take_time(ctx: Context, _bot: Bot, message: Message, person: User, asked: Asked) -> None:
    """Let a post go out when an answer says, and show what waits then."""
    zone = await _zone(ctx, asked.subject)
    now_ms = ctx.now_ms()
    at_ms = parse_when(message.text or "", zone_of(zone), now_ms)
    _refuse(
        await ctx.store.write(
            editing.take_time, person.id, asked, message_id=message.message_id, at_ms=at_ms, now_ms=now_ms
        )
    )
    ctx.bells.publisher.ring()
    chat_id = await ctx.store.read(moving.chat_of, asked.subject)
    card = await queue_card(ctx, chat_id or 0)
    when = (
        _("At {moment_text}.").format(moment_text=moment_text(at_ms, zone, now_ms=now_ms))
        if at_ms > now_ms
        else say("queue_now")
    )
    await message.answer(f"{when}\n\n{card.text}", parse_mode=None, reply_markup=card.keyboard)


def _refuse(code: str | None) -> None:
    if code is not None:
        raise UserError(say(code))


async def _zone(ctx: Context, queue_id: int) -> str:
    """Return the time zone of the chat that a post is for."""
    chat_id = await ctx.store.read(moving.chat_of, queue_id)
    found = await ctx.store.read(
        schedules.schedule_of, chat_id or 0, pacing=pacing_policy(ctx.settings), now_ms=ctx.now_ms()
    )
    return found.zone


async def _buttons(ctx: Context, queue_id: int) -> tuple[Button, ...]:
    """Return the buttons of the card that a post has now."""
    if await ctx.store.read(approvals.is_asked, queue_id):
        return approval_buttons(queue_id, await ctx.store.read(own_texts.version_of, queue_id))
    if await ctx.store.read(moving.waits, queue_id):
        return waiting_buttons(queue_id)
    return (Button(text=_("Edit"), data=f"edit:{queue_id}"),)


def entities_in(message: Message) -> list[dict[str, str | int | None]]:
    """Return the formatting of a message that a post keeps."""
    return [
        {
            "type": one.type,
            "offset": one.offset,
            "length": one.length,
            "url": one.url,
            "language": one.language,
        }
        for one in message.entities or ()
        if one.type in FORMATS
    ]

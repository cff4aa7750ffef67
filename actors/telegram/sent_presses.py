"""Posts that are forwarded in private, and the buttons of their cards."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import forwarded, pressed
from actors.telegram.sent_card import SentCard, sent_card, shown_post
from core.errors import UserError
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.text import cut
from core.words import say
from store import amendments, less_like, sent_actions, sent_posts
from store.amendments import By
from store.less_like import Proposals
from store.outbox import moving

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LABEL_LIMIT = 60
_TELLING = frozenset({"sent_digest", "sent_unknown", "sent_no_room"})
"""What came of a press that somebody has to read."""


def router(ctx: Context) -> Router:
    """Return the router of cards. Data of buttons is an id, never a right: each press is checked."""
    routes = Router(name="sent")

    @routes.message(forwarded)
    async def a_post(message: Message, bot: Bot) -> None:
        queue_id = await shown_post(ctx, bot, message)
        if queue_id is None or message.from_user is None:
            raise SkipHandler  # somebody else's, of whose links something may be known
        card = await sent_card(ctx, message.from_user, queue_id)
        await message.answer(
            card.text, parse_mode=None, link_preview_options=_NO_PREVIEW, reply_markup=card.keyboard
        )

    @routes.callback_query(pressed(r"sent:(sold|sure|mute|unmute):\d{1,18}"))
    @routes.callback_query(pressed(r"sent:again:\d{1,18}:\d{1,9}"))
    @routes.callback_query(pressed(r"sent:rule:\d{1,18}:[0-9a-f]{8}"))
    async def act(press: CallbackQuery) -> None:
        queue_id = await _allowed(ctx, press)
        did = await _act(ctx, press, queue_id)
        for bell in (ctx.bells.speaker, ctx.bells.publisher, ctx.bells.poller, ctx.bells.fetcher):
            bell.ring()
        await press.answer(say(did), show_alert=did in _TELLING)
        await _show(press, await sent_card(ctx, press.from_user, queue_id))

    @routes.callback_query(pressed(r"sent:(delete|back|less):\d{1,18}"))
    async def turn(press: CallbackQuery) -> None:
        card = await _turned(ctx, press, await _allowed(ctx, press))
        await press.answer()
        await _show(press, card)

    return routes


async def _allowed(ctx: Context, press: CallbackQuery) -> int:
    """Return the row that a button names, if who presses may edit its chat.

    Raises:
        UserError: they may not, or it is no post, or none any more.
    """
    queue_id = int((press.data or "").split(":")[2])
    chat_id = await ctx.store.read(moving.chat_of, queue_id)
    await require(ctx, press.from_user, chat_id or 0, "editor")
    if await ctx.store.read(sent_posts.get, queue_id) is None:
        raise UserError(say("sent_gone"))
    return queue_id


async def _act(ctx: Context, press: CallbackQuery, queue_id: int) -> str:
    """Do what a button says, and return what came of it, as a code."""
    by = By(user_id=press.from_user.id, name=press.from_user.full_name, now_ms=ctx.now_ms())
    pages = PagePolicy(fetch=ctx.settings.fetch_pages)
    _rest, word, _rest, *more = (press.data or "").split(":")
    match word:
        case "sold":
            usual = ctx.settings.bot_language
            return await ctx.store.write(amendments.sell_out, queue_id, by, language=usual)
        case "sure":
            return await ctx.store.write(amendments.delete, queue_id, by)
        case "rule":
            return await ctx.store.write(less_like.add, queue_id, more[0], by)
        case "again":
            return await ctx.store.write(
                sent_actions.post_again, queue_id, seen=int(more[0]), pages=pages, by=by
            )
        case _:
            return await ctx.store.write(sent_actions.mute, queue_id, mute=word == "mute", pages=pages, by=by)


async def _turned(ctx: Context, press: CallbackQuery, queue_id: int) -> SentCard:
    """Return another side of a card: the question before a deletion, proposed rules, or its front."""
    card = await sent_card(ctx, press.from_user, queue_id)
    match (press.data or "").split(":")[1]:
        case "delete":
            return SentCard(card.text, _sure(queue_id))
        case "less":
            found = await ctx.store.read(less_like.proposals, queue_id, now_ms=ctx.now_ms())
            if found is None or not found.rules:
                raise UserError("Nothing is known of it that a rule could go by.")
            return _proposed(queue_id, found)
        case _:
            return card


async def _show(press: CallbackQuery, card: SentCard) -> None:
    if isinstance(press.message, Message) and press.message.text is not None:
        await press.message.edit_text(
            card.text, parse_mode=None, link_preview_options=_NO_PREVIEW, reply_markup=card.keyboard
        )


def _sure(queue_id: int) -> InlineKeyboardMarkup:
    row = [(_("Yes, delete it there"), "sure"), (_("Back"), "back")]
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=f"sent:{action}:{queue_id}")]
            for text, action in row
        ]
    )


def _proposed(queue_id: int, found: Proposals) -> SentCard:
    """Return rules with how they would have done, one button for each."""
    whose = _("the whole chat") if found.number is None else _("No. {number}").format(number=found.number)
    lines = [_("Press a rule to add it for {whose}:").format(whose=whose)]
    rows = []
    for place, each in enumerate(found.rules, 1):
        lines.append(
            _("{place}. {rule}: would have stopped {stopped} of the last {links}").format(
                place=place, rule=each.rule, stopped=each.stopped, links=each.links
            )
        )
        label = cut(
            _("{place}. {rule} ({stopped} of {links})").format(
                place=place, rule=each.rule, stopped=each.stopped, links=each.links
            ),
            _LABEL_LIMIT,
        )
        rows.append([InlineKeyboardButton(text=label, callback_data=f"sent:rule:{queue_id}:{each.mark}")])
    rows.append([InlineKeyboardButton(text=_("Back"), callback_data=f"sent:back:{queue_id}")])
    return SentCard("\n".join(lines), InlineKeyboardMarkup(inline_keyboard=rows))

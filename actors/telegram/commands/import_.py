"""/import: subscribes a chat to all that a file lists; a file without a command is offered for that."""

from contextlib import suppress
from dataclasses import dataclass

import trio
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Document, InlineKeyboardButton, InlineKeyboardMarkup, Message

from actors.context import Context
from actors.importing import Intake
from actors.telegram.access import require
from actors.telegram.commands.add import here_topic
from actors.telegram.matching import lone_file, named, pressed
from actors.telegram.places import ChatHere, allowed_place, here_or_there
from actors.telegram.received import check_list, content_of, file_of, pieces
from core.errors import UserError
from core.import_request import ImportRequest, parse_import
from core.incoming import Ways
from core.inside import Outside
from core.opml import BrokenList, outlines
from core.protocol import Place
from core.text import cut
from store import exchange
from store.adding import Wish

_TOLD = 10
_LONGEST = 4_000
_PROGRESS_S = 3.0
_BREATH = 500
"""After so many lines others get a turn."""
_HOW = (
    "Send me a list of subscriptions with /import as its caption, or answer one with /import: OPML, or a "
    "text with one address a line. Options: every=30m, backlog=1, as=feed, topic=7, topic=by-folder."
)


def router(ctx: Context) -> Router:
    """Return the router of /import, of files in private chats and of their button."""
    routes = Router(name="import")

    @routes.message(named("import"))
    async def import_(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_import(command.args or "", interval_min_s=ctx.settings.interval_min)
        document = file_of(message)
        if document is None:
            await message.answer(_HOW)
            return
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        await _Import(ctx, bot, message, request, chat).run(document)

    @routes.message(lone_file)
    async def offer(message: Message) -> None:
        document = file_of(message)
        if document is not None:
            check_list(document)
        button = InlineKeyboardButton(text="Import", callback_data="import")
        await message.reply(
            "Shall I watch everything that this file lists, here? For another chat, answer the file with "
            "/import @chat",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )

    @routes.callback_query(pressed("import"))
    async def accept(press: CallbackQuery, bot: Bot) -> None:
        shown = press.message if isinstance(press.message, Message) else None
        document = file_of(shown) if shown is not None else None
        if shown is None or document is None:
            raise UserError("The file is gone. Please send it again.")
        await require(ctx, press.from_user, shown.chat.id, "editor")
        await press.answer()
        chat = await here_or_there(bot, shown, None)
        await _Import(ctx, bot, shown, ImportRequest(), chat).run(document)

    return routes


@dataclass
class _Import:
    """One import with its message, which tells how it goes. Safe to repeat: what is there stays as it is."""

    ctx: Context
    bot: Bot
    message: Message
    request: ImportRequest
    chat: ChatHere

    async def run(self, document: Document) -> None:
        check_list(document)
        card = await self.message.answer("⏳ Reading the list…")
        body = await content_of(self.bot, document)
        intake = await self._intake()
        told_s = trio.current_time()
        try:
            for number, outline in enumerate(outlines(pieces(body)), 1):
                await intake.take(outline)
                if number % _BREATH == 0:
                    await trio.lowlevel.checkpoint()
                if trio.current_time() - told_s >= _PROGRESS_S:
                    told_s = trio.current_time()
                    await _tell(card, f"⏳ {intake.taken:,} subscriptions…")
        except BrokenList as error:
            intake.troubles.append(f"{error}; what follows is not read")
        await intake.write()
        self.ctx.bells.poller.ring()
        if not await _tell(card, result_text(intake)):
            await self.message.answer(result_text(intake), parse_mode=None)

    async def _intake(self) -> Intake:
        settings, request, chat = self.ctx.settings, self.request, self.chat
        topic_id = chat.topic_id or (here_topic(self.message) if request.target is None else 0)
        ways = Ways(
            interval_min_s=settings.interval_min,
            topics=await self.ctx.store.read(exchange.topics_by_name, chat.chat_id),
            topic=request.topic or (str(topic_id) if topic_id else ""),
            kind=request.kind,
            interval_s=request.interval_s,
        )
        wish = Wish(
            place=Place(chat_id=chat.chat_id, topic_id=topic_id),
            url="",
            backlog=request.backlog,
            chat_type=chat.type,
            chat_title=chat.title,
        )
        outside = Outside(settings.allow_networks, settings.allow_hosts)
        return Intake(store=self.ctx.store, now_ms=self.ctx.now_ms, wish=wish, ways=ways, check=outside.check)


def result_text(intake: Intake) -> str:
    """Return what became of a list, in one message."""
    known = intake.taken - intake.new
    if not intake.taken:
        head = (
            "Nothing in this file can be watched." if intake.troubles else "There is no address in this file."
        )
    else:
        head = f"✔️ {intake.new:,} added, {known:,} were here already, {len(intake.troubles):,} not taken."
    more = len(intake.troubles) - _TOLD
    lines = [head, *(cut(f"Not taken: {trouble}", 300) for trouble in intake.troubles[:_TOLD])]
    return cut("\n".join(lines + ([f"… and {more:,} more"] if more > 0 else [])), _LONGEST)


async def _tell(card: Message, text: str) -> bool:
    """Change what the message says; progress that cannot be told is no reason to stop."""
    with suppress(TelegramAPIError):
        await card.edit_text(text, parse_mode=None)
        return True
    return False

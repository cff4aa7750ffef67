"""/import: subscribes a chat to all that a file lists; a file without a command is offered for that."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Document, InlineKeyboardButton, InlineKeyboardMarkup, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.asking_for import where_panel
from actors.telegram.commands.add import here_topic
from actors.telegram.lists import Lists
from actors.telegram.matching import lone_file, named, pressed
from actors.telegram.places import ChatHere, allowed_place, here_or_there, look_up
from actors.telegram.quotas import adder_of
from actors.telegram.received import check_list, file_of
from core.errors import UserError
from core.import_request import ImportRequest, ListJob, parse_import
from core.languages import gettext as _
from core.languages import marked
from core.requests import Target
from core.text import cut, one_line
from store import conversations

_HOW = marked(
    "Send me a list of subscriptions with /import as its caption, or answer one with /import: OPML, or a "
    "text with one address a line. Options: every=30m, backlog=1, as=feed, topic=7, topic=by-folder."
)

_OR = marked("Or shall I ask for it? Where to:")
_ASK = marked(
    "What shall I watch for {chat}? Send me a list: OPML, or a text (.txt) with one address a line. /cancel "
    "ends this."
)
_TITLE_LIMIT = 100


def router(ctx: Context, lists: Lists) -> Router:
    """Return the router of /import, of files in private chats, and of the buttons of both."""
    routes = Router(name="import")

    @routes.message(named("import"))
    async def import_(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_import(command.args or "", interval_min_s=ctx.settings.interval_min)
        document = file_of(message)
        if document is None:
            panel = await where_panel(ctx, message, about="list", text=_(_HOW) + "\n\n" + _(_OR))
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        await _take(lists, message, request, chat, document, by=adder_of(message))

    @routes.callback_query(pressed(r"list:-?\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        chat_id = int((press.data or "").partition(":")[2])
        await require(ctx, press.from_user, chat_id, "editor")
        chat = await look_up(bot, Target(chat=chat_id))
        words = _(_ASK).format(chat=cut(one_line(chat.title), _TITLE_LIMIT))
        await ask_in_private(ctx, bot, press.from_user, "list", chat_id, words)
        await press.answer()

    @routes.message(lone_file)
    async def asked_for(message: Message, bot: Bot) -> None:
        user, asked, document = message.from_user, await question_for(ctx, message), file_of(message)
        if user is None or asked is None or asked.answered or document is None:
            raise SkipHandler  # it was not asked for
        await require(ctx, user, asked.subject, "editor")
        check_list(document)
        chat = await look_up(bot, Target(chat=asked.subject))
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)
        await _take(lists, message, ImportRequest(), chat, document, by=user.id)

    @routes.message(lone_file)
    async def offer(message: Message) -> None:
        document = file_of(message)
        if document is not None:
            check_list(document)
        button = InlineKeyboardButton(text=_("Import"), callback_data="import")
        await message.reply(
            _(
                "Shall I watch everything that this file lists, here? For another chat, answer the file with "
                "/import @chat"
            ),
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
        await _take(lists, shown, ImportRequest(), chat, document, by=press.from_user.id)

    return routes


async def _take(
    lists: Lists,
    message: Message,
    request: ImportRequest,
    chat: ChatHere,
    document: Document,
    *,
    by: int | None,
) -> None:
    """Let a list wait for its turn, with a card that tells how it goes."""
    check_list(document)
    card = await message.answer(_("⏳ Reading the list…"))
    topic_id = chat.topic_id or (here_topic(message) if request.target is None else 0)
    job = ListJob(
        file_id=document.file_id,
        card_chat_id=card.chat.id,
        card_id=card.message_id,
        chat_id=chat.chat_id,
        topic_id=topic_id,
        chat_type=chat.type,
        chat_title=chat.title,
        interval_s=request.interval_s,
        backlog=request.backlog,
        kind=request.kind,
        topic=request.topic,
        added_by=by,
    )
    await lists.put(job)

"""/test: shows the last items of a source as they would be posted, to whoever asks."""

import re

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.messenger import TelegramMessenger
from actors.telegram.places import allowed_place
from actors.telegram.previewing import show
from actors.telegram.source_screens import sources_panel
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.protocol import Place
from core.requests import split_target
from core.text import cut
from store import samples
from store.samples import Sample

_NUMBERS = re.compile(r"\d{1,18}( \d{1,18})?", re.ASCII)
_MOST = 5
_LONGEST = 4_000
_WHICH = marked("Of which source shall I show you the last item? /test 3 5 shows five.")


def router(ctx: Context) -> Router:
    """Return the router of /test."""
    routes = Router(name="test")

    @routes.message(named("test"))
    async def test(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        number, count = _numbers(words) if words else (0, 0)
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if not words:
            panel = await sources_panel(ctx, chat.chat_id, goal="test", head=_(_WHICH))
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        to = _asker(message)
        remarks = await show_latest(ctx, bot, chat_id=chat.chat_id, number=number, count=count, to=to)
        if remarks:
            await message.answer(cut("\n".join(remarks), _LONGEST), parse_mode=None)

    return routes


async def show_latest(
    ctx: Context, bot: Bot, *, chat_id: int, number: int, count: int, to: Place
) -> list[str]:
    """Show the last items of a source; return what there is to say of them.

    Raises:
        UserError: there are none.
    """
    found = await ctx.store.read(
        samples.latest, chat_id=chat_id, number=number, count=count, now_ms=ctx.now_ms()
    )
    if found is None:
        raise UserError("Nothing here has the number {number}. /list shows what is watched.", number=number)
    if not found:
        raise UserError(
            "No. {number} has shown nothing yet. /info {number} tells how it is doing.", number=number
        )
    return await _show_all(bot, found, to=to)


def _numbers(words: list[str]) -> tuple[int, int]:
    if _NUMBERS.fullmatch(" ".join(words)) is None:
        raise UserError(
            "Say which source, and how many of its last items I shall show you: /test 3, or /test 3 5. "
            "/list shows the numbers."
        )
    number, count = (int(each) for each in [*words, "1"][:2])
    return number, min(max(count, 1), _MOST)


def _asker(message: Message) -> Place:
    """Return where an answer is for whoever asks alone: nothing of it is posted to a group."""
    if message.chat.type == "private" or message.from_user is None:
        topic_id = message.message_thread_id if message.is_topic_message else None
        return Place(chat_id=message.chat.id, topic_id=topic_id or 0)
    return Place(chat_id=message.from_user.id)


async def _show_all(bot: Bot, found: list[Sample], *, to: Place) -> list[str]:
    """Show samples; return what there is to say of those that would look otherwise, or not be posted."""
    remarks = []
    for place, sample in enumerate(found, 1):
        problem = await show(TelegramMessenger(bot), sample.delivery, to=to)
        name = f"{place}. " if len(found) > 1 else ""
        if problem is not None:
            remarks.append(name + problem)
        if sample.stopped_by is not None:
            remarks.append(
                name + _("It would not be posted, by the rule {rule}").format(rule=sample.stopped_by)
            )
        elif sample.lacks_erid:
            remarks.append(name + _("It would be held: its link has no erid, which /link requires."))
    return remarks

"""/history: the last posts of a chat."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message, MessageEntity, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.answering import answer_in_private, scope_of
from actors.telegram.link_lists import link_list
from actors.telegram.matching import Alone, named, pressed, private_text
from actors.telegram.panels import Panel, Row, button, turn
from actors.telegram.places import allowed_place
from core.errors import UserError
from core.languages import gettext as _
from core.languages import ngettext
from core.requests import split_target
from core.text import cut, one_line
from store import finding, last_posts, lives, people

_USUALLY, _MOST = 10, 20
_MOST_CHATS = 8


def router(ctx: Context) -> Router:
    """Return the router of /history, and of its buttons for other chats."""
    routes = Router(name="history")

    @routes.message(Alone("history"), private_text)
    async def alone(message: Message, bot: Bot) -> None:
        panel = await _mine(ctx, message.from_user)
        await answer_in_private(bot, message, panel.text, entities=panel.entities, keyboard=panel.keyboard)

    @routes.message(named("history"))
    async def history(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        if words and not (words[0].isascii() and words[0].isdigit()):
            raise UserError("Say how many: /history {usually}", usually=_USUALLY)
        limit = min(_MOST, max(1, int(words[0][:6]))) if words else _USUALLY
        chat = await allowed_place(ctx, bot, message, target, "viewer")
        text, entities = await _told(ctx, chat.chat_id, chat.title, limit)
        await answer_in_private(bot, message, text, entities=entities)

    @routes.callback_query(pressed(r"hist:-?\d{1,18}"))
    async def press(query: CallbackQuery) -> None:
        chat_id = int((query.data or "").partition(":")[2])
        await require(ctx, query.from_user, chat_id, "viewer")
        titles = await ctx.store.read(lives.titles_of, {chat_id})
        text, entities = await _told(ctx, chat_id, titles.get(chat_id, str(chat_id)), _USUALLY)
        await turn(query, Panel(text, await _chats(ctx, query.from_user), entities))
        await query.answer()

    return routes


async def _mine(ctx: Context, user: User | None) -> Panel:
    """Return the last posts of somebody's own private chat, with buttons for those of other chats.

    Raises:
        UserError: they may see none of any.
    """
    rows, owners = await _chats(ctx, user), ctx.settings.owner_ids
    if user is not None and await ctx.store.read(
        people.may, owners, user_id=user.id, chat_id=user.id, who="viewer"
    ):
        text, entities = await _told(ctx, user.id, user.full_name, _USUALLY)
        return Panel(text, rows, entities)
    if not rows:
        raise UserError("You may not do that there.")
    return Panel(_("The last posts of which chat?"), rows)


async def _chats(ctx: Context, user: User | None) -> list[Row]:
    """Return buttons for the chats of which somebody may see the last posts."""
    scope = await scope_of(ctx, user, 0, private=True)
    chats = await ctx.store.read(last_posts.busy_chats, scope, limit=_MOST_CHATS)
    return [[button(one_line(title), f"hist:{chat_id}")] for chat_id, title in chats]


async def _told(ctx: Context, chat_id: int, title: str, limit: int) -> tuple[str, list[MessageEntity]]:
    links = await ctx.store.read(finding.posted, chat_id, limit=limit)
    head = (
        ngettext(
            "The last {count} post in {title}:", "The last {count} posts in {title}:", len(links)
        ).format(count=len(links), title=cut(title, 100))
        if links
        else _("Nothing was posted here yet.")
    )
    return link_list(head, links, now_ms=ctx.now_ms())

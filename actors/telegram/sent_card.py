"""The card of a post that is in its chat: the life of its link, and what can be done with it."""

from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageOriginChannel,
    MessageOriginUser,
    User,
)

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.answering import scope_of
from actors.telegram.commands.why import ago, life_in_words
from actors.telegram.links_in import links_in
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.rendering.fingerprint import fingerprint
from core.text import cut
from core.urls.normalize import host_of, normalize
from core.words import say
from store import amendments, sent_actions, sent_posts
from store.amendments import Done
from store.sent_actions import Around
from store.sent_posts import SentPost, Shown

_TEXT_LIMIT = 4000
_KINDS = {
    "edit": marked("Changed by {name} {ago}"),
    "sold": marked("Sold out by {name} {ago}"),
    "delete": marked("Deleted by {name} {ago}"),
}
_STATES = {"pending": marked(", not in the chat yet"), "done": "", "failed": marked(", which did not work")}


@dataclass(frozen=True, slots=True)
class SentCard:
    """Text and buttons of a card."""

    text: str
    keyboard: InlineKeyboardMarkup | None


async def shown_post(ctx: Context, bot: Bot, message: Message) -> int | None:
    """Return the row of the outbox that a forwarded message is of, and keep what it says; None: of none."""
    origin, of_bot = message.forward_origin, False
    if isinstance(origin, MessageOriginUser):
        of_bot = origin.sender_user.id == (await bot.me()).id
    if message.from_user is None or not (of_bot or isinstance(origin, MessageOriginChannel)):
        return None
    shown = _shown(message)
    scope = await scope_of(ctx, message.from_user, message.chat.id, private=True)
    queue_id = await ctx.store.read(sent_posts.find, shown, scope)
    if queue_id is not None and await _may_edit(ctx, message.from_user, queue_id):
        await ctx.store.write(sent_posts.remember, queue_id, shown)
    return queue_id


async def sent_card(ctx: Context, user: User, queue_id: int) -> SentCard:
    """Return the card of a post for somebody: its life, and buttons if they may edit its chat.

    Raises:
        UserError: it is none.
    """
    post = await ctx.store.read(sent_posts.get, queue_id)
    if post is None:
        raise UserError(say("sent_gone"))
    scope = await scope_of(ctx, user, user.id, private=True)
    life = await life_in_words(ctx, post.url, scope)
    done = await ctx.store.read(amendments.done_with, queue_id)
    now_ms = ctx.now_ms()
    lines = [life, *(_done(each, now_ms) for each in done)]
    if post.links > 1:
        lines.append(_("Its message has {links} links.").format(links=post.links))
    keyboard = None
    if await _may_edit(ctx, user, queue_id):
        around = await ctx.store.read(sent_actions.around, post)
        keyboard = _keyboard(post, around)
    return SentCard(cut("\n".join(lines), _TEXT_LIMIT), keyboard)


async def _may_edit(ctx: Context, user: User, queue_id: int) -> bool:
    post = await ctx.store.read(sent_posts.get, queue_id)
    try:
        await require(ctx, user, 0 if post is None else post.chat_id, "editor")
    except UserError:
        return False
    return True


def _shown(message: Message) -> Shown:
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or []
    origin = message.forward_origin
    markup = message.reply_markup.model_dump(exclude_none=True) if message.reply_markup is not None else {}
    options = message.link_preview_options
    return Shown(
        text=text,
        entities=[one.model_dump(exclude_none=True) for one in entities],
        buttons=markup.get("inline_keyboard", []),
        preview=None if options is None else _plain(options.model_dump(exclude_none=True)),
        photo=bool(message.photo),
        keys=tuple(key for link in links_in(message) if (key := _key(link)) is not None),
        fingerprint=fingerprint(text, [one.url for one in entities if one.type == "text_link" and one.url]),
        origin=(origin.chat.id, origin.message_id) if isinstance(origin, MessageOriginChannel) else None,
        at_ms=0 if origin is None else round(origin.date.timestamp() * 1000),
    )


def _plain(values: dict[str, object]) -> dict[str, object]:
    """Leave out what is no plain value: defaults of the library, which are none of the message."""
    return {name: value for name, value in values.items() if isinstance(value, (str, bool))}


def _key(url: str) -> str | None:
    try:
        return normalize(url, allow_hosts=(host_of(url),))
    except ValueError:
        return None


def _done(done: Done, now_ms: int) -> str:
    why = f" ({say(done.reason)})" if done.reason else ""
    did = _(_KINDS[done.kind]).format(name=cut(done.name, 60), ago=ago(done.at_ms, now_ms))
    return f"{did}{_(_STATES[done.state])}{why}"


def _keyboard(post: SentPost, around: Around) -> InlineKeyboardMarkup:
    there = not post.erased
    changes = [(_("Edit"), "edit"), (_("Sold out"), "sold")] if there and post.links == 1 else []
    rows = [[*changes, *([(_("Delete"), "delete")] if there else [])]]
    if post.links == 1:
        mute = [(_("Unmute source"), "unmute")] if around.paused else [(_("Mute source"), "mute")]
        rows.append([(_("Post again"), "again"), *(mute if around.number is not None else [])])
        rows.append([(_("Less like this"), "less")])
    edition = f":{around.edition}"
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(
                    text=text,
                    callback_data=f"sent:{action}:{post.queue_id}{edition if action == 'again' else ''}",
                )
                for text, action in row
            ]
            for row in rows
            if row
        ]
    )

"""/why: the whole life of a link."""

from collections.abc import Iterable, Mapping

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require, require_here
from actors.telegram.answering import answer_in_private, scope_of
from actors.telegram.last_posts import EVERYWHERE, last_posts_panel
from actors.telegram.links_in import links_in
from actors.telegram.matching import forwarded, named, pressed
from actors.telegram.panels import Panel, button, turn
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.languages.formats import duration_text
from core.requests import check_url
from core.state_words import state_text
from core.text import cut, one_line
from core.urls.normalize import host_of, normalize, without_secrets
from core.words import say
from store import lives
from store.finding import Scope
from store.last_posts import key_of
from store.reads import LinkLife

_MOST_LINES = 12
_TEXT_LIMIT = 4000
_URL_LIMIT = 500
_TITLE_LIMIT = 200
_UNKNOWN = marked("I know nothing of it here: no source has shown it, nobody has sent it.")


def router(ctx: Context) -> Router:
    """Return the router of /why, of its buttons, and of posts that are forwarded in private."""
    routes = Router(name="why")

    @routes.message(named("why"))
    async def why(message: Message, command: CommandObject, bot: Bot) -> None:
        urls = [check_url(word) for word in (command.args or "").split()[:_MOST_LINES]] or links_in(message)
        if not urls:
            await _offer(ctx, bot, message)
            return
        await _tell(ctx, bot, message, urls)

    @routes.message(forwarded)
    async def a_post(message: Message, bot: Bot) -> None:
        urls = links_in(message)
        if not urls:
            raise UserError("There is no link in it.")
        await _tell(ctx, bot, message, urls)

    @routes.callback_query(pressed(r"why:(0|-?[1-9]\d{0,17}):(list|\d{1,18})"))
    async def press(query: CallbackQuery) -> None:
        _why, chat, what = (query.data or "").split(":")
        scope = await _scope_pressed(ctx, query, int(chat))
        await turn(query, await _pressed_panel(ctx, scope, int(chat), what))
        await query.answer()

    return routes


async def _offer(ctx: Context, bot: Bot, message: Message) -> None:
    """Show the last posts of which whoever asks may be told here."""
    private = message.chat.type == "private"
    if not private:
        await require_here(ctx, message, message.chat.id, "viewer")
    scope = await scope_of(ctx, message.from_user, message.chat.id, private=private)
    panel = await last_posts_panel(ctx, scope, EVERYWHERE if private else message.chat.id)
    await answer_in_private(bot, message, panel.text, keyboard=panel.keyboard)


async def _scope_pressed(ctx: Context, press: CallbackQuery, chat_id: int) -> Scope:
    """Return the chats that a button is about, if who presses may look at them.

    Raises:
        UserError: they may not, or would be told of all their chats where others read it.
    """
    if chat_id != EVERYWHERE:
        await require(ctx, press.from_user, chat_id, "viewer")
        return (chat_id,)
    private = press.message is not None and press.message.chat.type == "private"
    scope = await scope_of(ctx, press.from_user, press.from_user.id, private=private)
    if not private or scope == ():
        raise UserError("You may not do that there.")
    return scope


async def _pressed_panel(ctx: Context, scope: Scope, chat_id: int, what: str) -> Panel:
    """Return the last posts again (`list`), or the life of one of them, by its id, with the way back."""
    if what == "list":
        return await last_posts_panel(ctx, scope, chat_id)
    key = await ctx.store.read(key_of, int(what))
    told = await _life_of(ctx, key, scope) or _(_UNKNOWN)  # an address is told to none who may not see it
    return Panel(told, [[button(_("Back"), f"why:{chat_id}:list")]])


async def _tell(ctx: Context, bot: Bot, message: Message, urls: list[str]) -> None:
    private = message.chat.type == "private"
    if not private:
        await require_here(ctx, message, message.chat.id, "viewer")
    scope = await scope_of(ctx, message.from_user, message.chat.id, private=private)
    texts = [await life_in_words(ctx, url, scope) for url in urls]
    await answer_in_private(bot, message, cut("\n\n".join(texts), _TEXT_LIMIT))


async def life_in_words(ctx: Context, url: str, scope: Scope) -> str:
    """Return what chats of a scope have to do with a link, in words."""
    try:
        key = normalize(url, allow_hosts=(host_of(url),))
    except ValueError:
        return _(_UNKNOWN)
    return await _life_of(ctx, key, scope) or f"{cut(_bare(key), _URL_LIMIT)}\n{_(_UNKNOWN)}"


async def _life_of(ctx: Context, key: str, scope: Scope) -> str:
    """Return the life of a link by its key; empty where these chats have nothing to do with it."""
    life = await ctx.store.read(lives.life_for, key, scope)
    if life is None:
        return ""
    chats = {int(str(row["chat_id"])) for row in (*life.verdicts, *life.queue)}
    names = await ctx.store.read(lives.titles_of, chats)
    return life_text(life, key=key, chats=names, now_ms=ctx.now_ms())


def life_text(life: LinkLife, *, key: str, chats: Mapping[int, str], now_ms: int) -> str:
    """Return the life of a link in words; `chats` are the names of those that have to do with it."""

    def place(row: Mapping[str, object]) -> str:
        chat_id = int(str(row["chat_id"]))
        topic = _(", topic {topic_id}").format(topic_id=row["topic_id"]) if row["topic_id"] else ""
        return f"{cut(chats.get(chat_id, str(chat_id)), 60)}{topic}"

    lines = [cut(one_line(life.title), _TITLE_LIMIT) or host_of(life.url)]
    lines.append(
        _("Known as {normalized_url}").format(normalized_url=cut(_bare(life.normalized_url), _URL_LIMIT))
    )
    if key != life.normalized_url:
        lines.append(_("{key} is another address of it").format(key=cut(_bare(key), _URL_LIMIT)))
    lines.append(_("First seen {ago}").format(ago=ago(life.first_seen_ms, now_ms)))
    lines += _some(
        _("Shown by {title} {ago}").format(
            title=cut(one_line(str(each["title"] or "")), 80) or _bare(without_secrets(str(each["url"]))),
            ago=ago(each["seen_ms"], now_ms),
        )
        for each in life.sightings
    )
    lines += _some(
        _("{verdict}{rule}: No. {number} of {place}, {ago}").format(
            verdict=say(str(each["verdict"])),
            rule=_rule(each),
            number=each["number"],
            place=place(each),
            ago=ago(each["at_ms"], now_ms),
        )
        for each in life.verdicts
    )
    lines += _some(f"{place(each)}: {_state(each, now_ms)}" for each in life.queue)
    return "\n".join(lines)


def _some(lines: Iterable[str]) -> list[str]:
    found = list(lines)
    more = len(found) - _MOST_LINES
    return found[:_MOST_LINES] + ([_("… and {more} more").format(more=more)] if more > 0 else [])


def _rule(row: Mapping[str, object]) -> str:
    return f" ({cut(str(row['rule']), 100)})" if row["rule"] else ""


def _state(row: Mapping[str, object], now_ms: int) -> str:
    state, reason = str(row["state"]), row["reason"]
    told = f"{state_text(state)} {ago(row['state_ms'], now_ms)}"
    if state == "sent":
        number = row["message_id"]
        return told + (" " + _("as message {number}").format(number=number) if number else "")
    if reason:
        return f"{told}: {say(str(reason))}"
    wait_s = (int(str(row["not_before_ms"])) - now_ms) / 1000
    return (
        _("{told}, not before {duration} from now").format(told=told, duration=duration_text(wait_s))
        if wait_s > 0
        else told
    )


def _bare(url: str) -> str:
    """Return an address that nobody taps by mistake, and that makes no second post of a link."""
    return url.partition("://")[2] or url


def ago(moment_ms: object, now_ms: int) -> str:
    """Return how long ago a moment (epoch milliseconds) was, in words."""
    return _("{duration} ago").format(duration=duration_text((now_ms - int(str(moment_ms))) / 1000))

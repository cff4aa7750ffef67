"""/info: how one source is doing."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.poller import polling_policy
from actors.telegram.commands.why import ago
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import sources_panel
from core.access import split_userinfo
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.languages.formats import duration_text
from core.requests import split_target
from core.text import cut
from core.urls.normalize import without_secrets
from core.words import say, say_alike
from store.details import Details, details

_WHICH = marked("Say which one: /info 3, or /info https://…, or press its number.")
_TITLE_LIMIT = 200
_SHOWN_URL_LIMIT = 1000
_MOST_HERE = 20
_STATES = {
    "probing": marked("not read yet"),
    "active": marked("watched"),
    "paused": marked("resting"),
    "pausing": marked("pauses"),
    "gone": marked("given up"),
}


def router(ctx: Context) -> Router:
    """Return the router of /info."""
    routes = Router(name="info")

    @routes.message(named("info"))
    async def info(message: Message, command: CommandObject, bot: Bot, owner: bool) -> None:
        target, words = split_target((command.args or "").split())
        chat = await allowed_place(ctx, bot, message, target, "viewer")
        frank = owner and message.chat.type == "private"
        if not words:
            panel = await sources_panel(ctx, chat.chat_id, frank=frank, head=_(_WHICH))
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        found = await ctx.store.read(
            details,
            chat_id=chat.chat_id,
            which=split_userinfo(words[0])[0],
            policy=polling_policy(ctx.settings),
            now_ms=ctx.now_ms(),
        )
        if found is None:
            raise UserError(
                "Nothing here is called “{words}”. /list shows what is watched.", words=words[0][:100]
            )
        await message.answer(info_text(found, now_ms=ctx.now_ms(), frank=frank))

    return routes


def info_text(found: Details, *, now_ms: int, frank: bool = False) -> str:
    """Return the details in words; only where it is `frank`, what keeps an address from being reached."""
    wait_s = (found.next_check_ms - now_ms) / 1000
    lines = [
        cut(found.title, _TITLE_LIMIT) or without_secrets(found.url)[:_SHOWN_URL_LIMIT],
        without_secrets(found.url)[:_SHOWN_URL_LIMIT],
        _("No. {number} · {kind} · {state}").format(
            number=found.number, kind=found.kind, state=_(_STATES.get(found.state, found.state))
        ),
        _("Last read: {ago} · last new: {ago2}").format(
            ago=_ago(found.last_ok_ms, now_ms), ago2=_ago(found.last_new_ms, now_ms)
        ),
    ]
    if found.error is not None:
        reason = (say if frank else say_alike)(found.error, *found.error_args)
        lines.append(_("⚠️ {reason} ({errors} times in a row)").format(reason=reason, errors=found.errors))
    if found.state in ("probing", "active"):
        lines.append(
            _("Next check in {duration}: {next_check_reason}").format(
                duration=duration_text(wait_s), next_check_reason=say(found.next_check_reason)
            )
        )
        rhythm = (
            _("Checked every {interval}, as asked for")
            if found.interval.exact
            else _("Checked every {interval}, by its own rhythm")
        )
        lines.append(rhythm.format(interval=duration_text(found.interval.seconds)))
    if found.own_values:
        lines.append(
            _("Asked with values of its own: {own_values}").format(own_values=", ".join(found.own_values))
        )
    shown = ", ".join(_place(*each) for each in found.here[:_MOST_HERE])
    more = len(found.here) - _MOST_HERE
    lines.append(_("Watched here as {shown}").format(shown=shown))
    if more > 0:
        lines[-1] += " " + _("and {more} more").format(more=more)
    return "\n".join(lines)


def _place(number: int, topic_id: int) -> str:
    return (
        _("No. {number} (topic {topic_id})").format(number=number, topic_id=topic_id)
        if topic_id
        else _("No. {number}").format(number=number)
    )


def _ago(moment_ms: int | None, now_ms: int) -> str:
    return _("never") if moment_ms is None else ago(moment_ms, now_ms)

"""/info: how one source is doing."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.poller import polling_policy
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import sources_panel
from core.access import split_userinfo
from core.durations import format_duration
from core.errors import UserError
from core.requests import split_target
from core.text import cut
from core.urls.normalize import without_secrets
from core.words import say, say_alike
from store.details import Details, details

_WHICH = "Say which one: /info 3, or /info https://…, or press its number."
_TITLE_LIMIT = 200
_SHOWN_URL_LIMIT = 1000
_MOST_HERE = 20
_STATES = {
    "probing": "not read yet",
    "active": "watched",
    "paused": "resting",
    "pausing": "pauses",
    "gone": "given up",
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
            panel = await sources_panel(ctx, chat.chat_id, frank=frank, head=_WHICH)
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
            raise UserError(f"Nothing here is called “{words[0][:100]}”. /list shows what is watched.")
        await message.answer(info_text(found, now_ms=ctx.now_ms(), frank=frank))

    return routes


def info_text(found: Details, *, now_ms: int, frank: bool = False) -> str:
    """Return the details in words; only where it is `frank`, what keeps an address from being reached."""
    wait_s = (found.next_check_ms - now_ms) / 1000
    how = "as asked for" if found.interval.exact else "by its own rhythm"
    lines = [
        cut(found.title, _TITLE_LIMIT) or without_secrets(found.url)[:_SHOWN_URL_LIMIT],
        without_secrets(found.url)[:_SHOWN_URL_LIMIT],
        f"No. {found.number} · {found.kind} · {_STATES.get(found.state, found.state)}",
        f"Last read: {_ago(found.last_ok_ms, now_ms)} · last new: {_ago(found.last_new_ms, now_ms)}",
    ]
    if found.error is not None:
        reason = (say if frank else say_alike)(found.error, *found.error_args)
        lines.append(f"⚠️ {reason} ({found.errors} times in a row)")
    if found.state in ("probing", "active"):
        lines.append(f"Next check in {format_duration(wait_s)}: {say(found.next_check_reason)}")
        lines.append(f"Checked every {format_duration(found.interval.seconds)}, {how}")
    if found.own_values:
        lines.append(f"Asked with values of its own: {', '.join(found.own_values)}")
    shown = ", ".join(_place(*each) for each in found.here[:_MOST_HERE])
    more = len(found.here) - _MOST_HERE
    lines.append(f"Watched here as {shown}" + (f" and {more} more" if more > 0 else ""))
    return "\n".join(lines)


def _place(number: int, topic_id: int) -> str:
    return f"No. {number} (topic {topic_id})" if topic_id else f"No. {number}"


def _ago(moment_ms: int | None, now_ms: int) -> str:
    return "never" if moment_ms is None else f"{format_duration((now_ms - moment_ms) / 1000)} ago"

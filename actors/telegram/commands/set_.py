"""/set: shows and changes how one source is watched and posted."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import sources_panel
from core.chat_defaults import NAMES, Value, parse_defaults
from core.durations import format_duration
from core.errors import UserError
from core.languages import gettext as _
from core.languages import speaking, spoken
from core.set_keys import KEYS, SetRequest, parse_set
from core.text import cut, one_line
from store import defaults, options
from store.options import Options

_LONGEST = 4_000
_BRIEF = 200


def router(ctx: Context) -> Router:
    """Return the router of /set."""
    routes = Router(name="set")

    @routes.message(named("set"))
    async def change(message: Message, command: CommandObject, bot: Bot, owner: bool) -> None:
        of_chat = parse_defaults(command.args or "", interval_min_s=ctx.settings.interval_min)
        if of_chat is not None:
            chat = await allowed_place(ctx, bot, message, of_chat.target, "editor")
            usual = await ctx.store.write(defaults.change, chat_id=chat.chat_id, changes=of_chat.changes)
            with speaking(str(dict(of_chat.changes).get("language") or spoken())):
                await message.answer(defaults_text(usual))
            return
        request = parse_set(
            command.args or "", interval_min_s=ctx.settings.interval_min, command=command.command.lower()
        )
        if request.number is None:
            chat = await allowed_place(ctx, bot, message, request.target, "editor")
            panel = await sources_panel(ctx, chat.chat_id, goal="set", head=_help())
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        _check_rights(request, owner=owner)
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        now = await ctx.store.write(
            options.change,
            chat_id=chat.chat_id,
            number=request.number,
            changes=request.changes,
            now_ms=ctx.now_ms(),
        )
        ctx.bells.poller.ring()
        ctx.bells.publisher.ring()
        if now is None:
            raise UserError(
                "Nothing here has the number {number}. /list shows what is watched.", number=request.number
            )
        await message.answer(cut(options_text(now, secrets=_has_secrets(request)), _LONGEST))

    return routes


def _help() -> str:
    whole = _("Without a number it is for all that is new in this chat: {names}.")
    return "\n".join(
        [
            _("Say which source, and what: /set 3 every=30m. /set 3 alone shows what is set."),
            *(f"{key.name}: {key.told}" for key in KEYS.values()),
            whole.format(names=", ".join(NAMES)),
        ]
    )


def defaults_text(usual: dict[str, Value]) -> str:
    """Return what is set for a whole chat."""
    lines = [f"{name}: {_shown(usual[name])}" for name in NAMES if name in usual]
    head = _("Set for this chat, and for what is new in it:") if lines else _("Nothing is set for this chat.")
    return "\n".join([head, *lines, _("/set 3 changes one source.")])


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return _yes_no(value)
    return _brief(value) if isinstance(value, str) else format_duration(value)


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _brief(text: str) -> str:
    return cut(one_line(text), _BRIEF)


def options_text(now: Options, *, secrets: bool = False) -> str:
    """Return what is set, without any secret; with advice where secrets were just typed."""
    values = _values(now)
    lines = [
        _("No. {number}: {name}").format(number=now.number, name=now.name),
        *(f"{name}: {value}" for name, value in values.items()),
    ]
    if secrets:
        lines.append(_("I keep the values to myself; delete your message if others should not read them."))
    return "\n".join(lines)


def _values(now: Options) -> dict[str, str]:
    """Return what is set, by key; durations as they can be typed again."""
    none, bots = _("none"), _("that of the bot")
    headers = ", ".join(name for name, _value in now.access.headers)
    return {
        "every": _("its own rhythm") if now.every_s is None else format_duration(now.every_s),
        "title": now.title or _("its own"),
        "silent": _yes_no(now.silent),
        "media": _yes_no(now.media),
        "preview": _yes_no(now.preview),
        "tags": " ".join(f"#{tag}" for tag in now.tags) or none,
        "pages": _("as the bot does") if now.pages else _("no"),
        "topic": str(now.topic_id or none),
        "template": _brief(now.template) if now.template else _("that of the chat"),
        "filter": "; ".join(now.rules) or none,
        "expire": _("never") if now.expire_s is None else format_duration(now.expire_s),
        "approve": _yes_no(now.approve),
        "user_agent": now.access.user_agent or bots,
        "header": _("{names} (values hidden)").format(names=headers) if headers else none,
        "proxy": _("one of its own (hidden)") if now.access.proxy else bots,
    }


def _check_rights(request: SetRequest, *, owner: bool) -> None:
    for key, _value in request.changes:
        if KEYS[key].owners_only and not owner:
            raise UserError(KEYS[key].owners_only)


def _has_secrets(request: SetRequest) -> bool:
    return any(KEYS[key].secret and value is not None for key, value in request.changes)

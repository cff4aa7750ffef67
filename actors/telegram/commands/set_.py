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
            await message.answer(defaults_text(usual))
            return
        request = parse_set(
            command.args or "", interval_min_s=ctx.settings.interval_min, command=command.command.lower()
        )
        if request.number is None:
            chat = await allowed_place(ctx, bot, message, request.target, "editor")
            panel = await sources_panel(ctx, chat.chat_id, goal="set", head=_HELP)
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
            raise UserError(f"Nothing here has the number {request.number}. /list shows what is watched.")
        await message.answer(cut(options_text(now, secrets=_has_secrets(request)), _LONGEST))

    return routes


_HELP = "\n".join(
    [
        "Say which source, and what: /set 3 every=30m. /set 3 alone shows what is set.",
        *(f"{key.name}: {key.does}" for key in KEYS.values()),
        f"Without a number it is for all that is new in this chat: {', '.join(NAMES)}.",
    ]
)


def defaults_text(usual: dict[str, Value]) -> str:
    """Return what is set for a whole chat."""
    lines = [f"{name}: {_shown(usual[name])}" for name in NAMES if name in usual]
    head = "Set for this chat, and for what is new in it:" if lines else "Nothing is set for this chat."
    return "\n".join([head, *lines, "/set 3 changes one source."])


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _brief(value) if isinstance(value, str) else format_duration(value)


def _brief(text: str) -> str:
    return cut(one_line(text), _BRIEF)


def options_text(now: Options, *, secrets: bool = False) -> str:
    """Return what is set, without any secret; with advice where secrets were just typed."""
    headers = ", ".join(name for name, _ in now.access.headers)
    lines = [
        f"No. {now.number}: {now.name}",
        f"every: {'its own rhythm' if now.every_s is None else format_duration(now.every_s)}",
        f"title: {now.title or 'its own'}",
        f"silent: {'yes' if now.silent else 'no'}",
        f"media: {'yes' if now.media else 'no'}",
        f"preview: {'yes' if now.preview else 'no'}",
        f"tags: {' '.join(f'#{tag}' for tag in now.tags) or 'none'}",
        f"pages: {'as the bot does' if now.pages else 'no'}",
        f"topic: {now.topic_id or 'none'}",
        f"template: {_brief(now.template) if now.template else 'that of the chat'}",
        f"filter: {'; '.join(now.rules) or 'none'}",
        f"expire: {'never' if now.expire_s is None else format_duration(now.expire_s)}",
        f"approve: {'yes' if now.approve else 'no'}",
        f"user_agent: {now.access.user_agent or 'that of the bot'}",
        f"header: {f'{headers} (values hidden)' if headers else 'none'}",
        f"proxy: {'one of its own (hidden)' if now.access.proxy else 'that of the bot'}",
    ]
    if secrets:
        lines.append("I keep the values to myself; delete your message if others should not read them.")
    return "\n".join(lines)


def _check_rights(request: SetRequest, *, owner: bool) -> None:
    for key, _ in request.changes:
        if KEYS[key].owners_only and not owner:
            raise UserError(KEYS[key].owners_only)


def _has_secrets(request: SetRequest) -> bool:
    return any(KEYS[key].secret and value is not None for key, value in request.changes)

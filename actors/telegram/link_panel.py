"""The panel of /link: what links of a chat get, taken away by a press, added by a message."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.matching import pressed, said_in_private
from actors.telegram.panels import Panel, button, turn
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.link_rules import LinkRules, marks
from core.text import cut
from store import conversations, link_rules

_CHAT = r"-?\d{1,18}"
_LABEL_LIMIT = 50
_LONGEST_LIST = 3_500
_HELP = marked("""Change it with
/link add shop.example partner=42
/link wrap shop.example https://go.example/?to={url}
/link require erid shop.example
/link ad Advertisement. Shop Ltd
/link remove 1, /link off""")
_ASK = marked(
    "Send me a rule for links, like\nadd shop.example partner=42\n"
    "or a mark for all posts, like\nad Advertisement. Shop Ltd\n/cancel ends this."
)


def link_panel(chat_id: int, rules: LinkRules) -> Panel:
    """Return the rules of a chat with their numbers, how to change them, and buttons that do."""
    lines = [f"{number}. {rule}" for number, rule in enumerate(rules.rules, 1)]
    if rules.ad:
        lines.append(_("Under each post: {ad}").format(ad=rules.ad))
    if not lines:
        lines.append(_("Links go out exactly as they were given."))
    rows = [
        [button(f"✖ {cut(line, _LABEL_LIMIT)}", f"lnk:ask:{chat_id}:{mark}")]
        for mark, line in marks(rules).items()
    ]
    text = cut("\n".join(lines), _LONGEST_LIST) + f"\n\n{_(_HELP)}"
    return Panel(text, [*rows, [button(_("Add a rule"), f"lnk:add:{chat_id}")]])


def router(ctx: Context) -> Router:
    """Return the router of the panel's buttons, and of the rule that somebody sends."""
    routes = Router(name="link_panel")

    @routes.callback_query(pressed(rf"lnk:(show|add):{_CHAT}"))
    async def act(press: CallbackQuery, bot: Bot) -> None:
        _lnk, what, chat = (press.data or "").split(":")
        await require(ctx, press.from_user, int(chat), "editor")
        if what == "add":
            await ask_in_private(ctx, bot, press.from_user, "linkrule", int(chat), _(_ASK))
        else:
            await turn(press, await _panel(ctx, int(chat)))
        await press.answer()

    @routes.callback_query(pressed(rf"lnk:(ask|del):{_CHAT}:[0-9a-f]{{12}}"))
    async def remove(press: CallbackQuery) -> None:
        _lnk, what, chat, mark = (press.data or "").split(":")
        await require(ctx, press.from_user, int(chat), "editor")
        if what == "ask":
            await turn(press, await _question(ctx, int(chat), mark))
            await press.answer()
            return
        was = await ctx.store.write(link_rules.remove, chat_id=int(chat), mark=mark, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
        await turn(press, await _panel(ctx, int(chat)))
        await press.answer(_("Removed.") if was else _("It was removed before."))

    @routes.message(said_in_private)
    async def answered(message: Message) -> None:
        user, asked = message.from_user, await question_for(ctx, message)
        if user is None or asked is None or asked.about != "linkrule" or asked.answered:
            raise SkipHandler  # it is for those behind
        await require(ctx, user, asked.subject, "editor")
        rules = await ctx.store.write(
            link_rules.change, chat_id=asked.subject, text=message.text or "", now_ms=ctx.now_ms()
        )
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)
        ctx.bells.publisher.ring()
        panel = link_panel(asked.subject, rules)
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    return routes


async def _panel(ctx: Context, chat_id: int) -> Panel:
    return link_panel(chat_id, await ctx.store.read(link_rules.of_chat, chat_id))


async def _question(ctx: Context, chat_id: int, mark: str) -> Panel:
    """Return the question whether a rule shall go.

    Raises:
        UserError: it went before.
    """
    rule = marks(await ctx.store.read(link_rules.of_chat, chat_id)).get(mark)
    if rule is None:
        raise UserError("The rules were changed meanwhile. /link shows them.")
    rows = [[button(_("Remove"), f"lnk:del:{chat_id}:{mark}"), button(_("Back"), f"lnk:show:{chat_id}")]]
    return Panel(_("Shall this rule hold no more?") + f"\n{rule}", rows)

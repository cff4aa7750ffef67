"""The time zone of a chat by where somebody is: they share it, and choose among the clocks around."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, KeyboardButton, Message, ReplyKeyboardMarkup, ReplyKeyboardRemove

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.commands.tz import choose_zone, zone_rows, zones_panel
from actors.telegram.matching import pressed, said_in_private
from actors.telegram.panels import Panel
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked, spoken
from core.posting.zone_places import zones_around
from core.posting.zone_search import city_of, zone_meant
from store import conversations

_ASK = marked(
    "Where is it? Share your location with the button below, or write the name of a city. I keep nothing of "
    "it but the time zone that you choose then. /cancel ends this."
)


def router(ctx: Context) -> Router:
    """Return the router of the button that asks where somebody is, and of what they answer."""
    routes = Router(name="zone_by_location")

    @routes.callback_query(pressed(r"tzloc:-?\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        chat_id = int((press.data or "").partition(":")[2])
        await require(ctx, press.from_user, chat_id, "editor")
        await ask_in_private(ctx, bot, press.from_user, "zone", chat_id, _(_ASK), keyboard=_sharing())
        here = press.message is not None and press.message.chat.type == "private"
        await press.answer("" if here else _("I asked you in private."))

    @routes.message(said_in_private)
    async def answered(message: Message) -> None:
        user, asked = message.from_user, await question_for(ctx, message)
        if user is None or asked is None or asked.about != "zone":
            raise SkipHandler  # it is for those behind
        await require(ctx, user, asked.subject, "editor")
        if message.location is not None:
            panel = await _around(ctx, message, asked.subject)
        elif (name := zone_meant(message.text or "")) is not None:
            panel = Panel(await choose_zone(ctx, asked.subject, name), [])
        else:
            panel = zones_panel(asked.subject, message.text or "", now_ms=ctx.now_ms())
        keyboard = panel.keyboard or ReplyKeyboardRemove()
        await message.answer(panel.text, reply_markup=keyboard, parse_mode=None)
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)

    return routes


async def _around(ctx: Context, message: Message, chat_id: int) -> Panel:
    """Name the nearest city, and return the clocks around as buttons: the nearest may be past a border.

    Raises:
        UserError: no city is known.
    """
    now_ms, where = ctx.now_ms(), message.location
    zones = () if where is None else zones_around(where.latitude, where.longitude, now_ms=now_ms)
    if not zones:
        raise UserError("I do not know where cities are on this machine. Write the name of one.")
    nearest = _("The nearest city I know is {city}.").format(city=city_of(zones[0], spoken()))
    await message.answer(nearest, reply_markup=ReplyKeyboardRemove(), parse_mode=None)
    words = _(
        "Whose clock is right there? The time is what it is in these cities now; some differ in another "
        "season."
    )
    return Panel(words, zone_rows(chat_id, zones, now_ms=now_ms))


def _sharing() -> ReplyKeyboardMarkup:
    """Return the button that shares a location.

    See https://core.telegram.org/bots/api#keyboardbutton: it works in private chats only.
    """
    share = KeyboardButton(text=_("Share my location"), request_location=True)
    return ReplyKeyboardMarkup(keyboard=[[share]], resize_keyboard=True, one_time_keyboard=True)

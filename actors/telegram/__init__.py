"""Everything that speaks the Bot API, through aiogram; asyncio stays in `dispatching`."""

from actors.telegram.loading import load_aiogram

load_aiogram()

"""Everything that speaks the Bot API, through aiogram; asyncio stays in `dispatching`."""

from actors.telegram.loading import load_aiogram
from actors.telegram.signatures import remember_signatures

load_aiogram()
remember_signatures()

"""Everything that speaks the Bot API, through aiogram; asyncio stays in `dispatching`."""

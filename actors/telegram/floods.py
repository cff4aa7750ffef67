"""People who ask more than anybody can mean: they are not answered until they have waited."""

from collections import OrderedDict

from aiogram.types import CallbackQuery, Message

from actors.context import Context
from core.errors import UserError
from core.patience import BURST, Bucket, take

_MOST_PEOPLE = 10_000


class Crowd:
    """The bucket of each person who came lately. The memory of a restart is not needed."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()
        self._told: set[int] = set()

    def is_too_much(self, user_id: int, event: Message | CallbackQuery) -> bool:
        """Tell whether somebody has asked too much; what is not said to the bot does not count.

        Raises:
            UserError: the same, the first time, for they should know why there is no answer.
        """
        if isinstance(event, Message) and not _is_for_us(event):
            return False
        left = take(self._buckets.get(user_id), now_ms=self._ctx.now_ms())
        if left is None:
            if user_id in self._told:
                return True
            self._told.add(user_id)
            raise UserError("Not so fast, please: wait for a minute, and send this again.")
        if left.tokens > BURST / 2:  # they have waited for long
            self._told.discard(user_id)
        self._buckets[user_id] = left
        self._buckets.move_to_end(user_id)
        if len(self._buckets) > _MOST_PEOPLE:
            self._told.discard(self._buckets.popitem(last=False)[0])
        return False


def _is_for_us(message: Message) -> bool:
    text = message.text or message.caption or ""
    return message.chat.type == "private" or text.startswith("/")

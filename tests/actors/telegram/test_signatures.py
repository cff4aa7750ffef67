"""What aiogram remembers of the parameters of functions."""

from functools import wraps
from typing import Any

import pytest
from aiogram.dispatcher.event.handler import CallableObject


def _made(first: str) -> list[Any]:
    """The same functions as every time, with another value inside."""

    async def handler(message: str, bot: int = 1) -> str:
        return first + message

    def keeps_all(message: str, **data: object) -> str:
        return first

    @wraps(handler)
    def wrapped(*args: Any) -> str:
        return first

    return [handler, keeps_all, wrapped]


@pytest.mark.parametrize("first", ["one", "other"])
def test_functions_that_are_made_anew_keep_their_own_parameters(first: str) -> None:
    handler, keeps_all, wrapped = (CallableObject(each) for each in _made(first))
    assert (handler.awaitable, handler.params, handler.varkw) == (True, {"message", "bot"}, False)
    assert (keeps_all.awaitable, keeps_all.params, keeps_all.varkw) == (False, {"message"}, True)
    assert (wrapped.awaitable, wrapped.params) == (True, {"message", "bot"})
    assert keeps_all.callback("x") == first

"""Inline keyboards."""

from typing import Any

import pytest

from simulation.botapi.answers import Refused
from simulation.botapi.keyboards import checked_keyboard
from simulation.botapi.parameters import Parameters


def kept(*rows: list[Any]) -> Any:
    return checked_keyboard(Parameters({"reply_markup": {"inline_keyboard": list(rows)}}))


def test_kept_buttons() -> None:
    rows = [
        [{"text": "Да", "callback_data": "я" * 32}, {"text": "x", "url": "tg://user?id=5"}],
        [{"text": "y", "switch_inline_query": ""}],
    ]
    assert kept(*rows) == {"inline_keyboard": rows}
    assert kept([{"text": "z", "url": "A.example"}])["inline_keyboard"][0][0]["url"] == "http://a.example/"


@pytest.mark.parametrize(
    "markup", [None, "", {"remove_keyboard": True}, {"inline_keyboard": []}, {"inline_keyboard": [[]]}]
)
def test_no_keyboard(markup: object) -> None:
    assert checked_keyboard(Parameters({"reply_markup": markup})) is None


@pytest.mark.parametrize("data", ["", "я" * 33, "x" * 65, 5])
def test_data_is_one_to_64_bytes(data: object) -> None:
    with pytest.raises(Refused, match="Bad Request: BUTTON_DATA_INVALID"):
        kept([{"text": "x", "callback_data": data}])


@pytest.mark.parametrize(
    ("button", "description"),
    [
        (
            {"text": "x", "url": "javascript:1"},
            "inline keyboard button URL 'javascript:1' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"callback_data": "x"}, "Text of the button must be non-empty"),
        ({"text": " ", "callback_data": "x"}, "Text of the button must be non-empty"),
        ("x", "InlineKeyboardButton must be an Object"),
    ],
)
def test_refused_buttons(button: object, description: str) -> None:
    with pytest.raises(Refused, match=description):
        kept([button])


@pytest.mark.parametrize("markup", ["[]x", "5", {"inline_keyboard": 5}, {"inline_keyboard": [5]}])
def test_refused_shapes(markup: object) -> None:
    with pytest.raises(Refused):
        checked_keyboard(Parameters({"reply_markup": markup}))


def test_too_many_buttons() -> None:
    with pytest.raises(Refused, match="reply markup is too long"):
        kept(*[[{"text": "x", "callback_data": "x"}]] * 101)

"""What a chat's new subscriptions begin with."""

from typing import TYPE_CHECKING

import pytest

from core.errors import UserError
from store import defaults

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def test_they_are_set_and_taken_back(bench: "Bench") -> None:
    assert defaults.of(bench.db, 10) == {}
    changes = (("every", 60.0), ("silent", True), ("once", "topic"))
    assert defaults.change(bench.db, chat_id=10, changes=changes) == dict(changes)
    left = defaults.change(bench.db, chat_id=10, changes=(("every", None), ("once", None)))
    assert left == {"silent": True}
    assert bench.one("SELECT once FROM chats") == "chat"


def test_what_a_place_is_does_not_change_once_it_has_links(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    with pytest.raises(UserError, match="already"):
        defaults.change(bench.db, chat_id=10, changes=(("once", "topic"),))
    assert defaults.change(bench.db, chat_id=10, changes=(("once", "chat"), ("media", False))) == {
        "media": False
    }


def test_other_options_of_the_chat_stay(bench: "Bench") -> None:
    bench.watch()
    bench.db.execute('UPDATE chats SET options = \'{"template":"x"}\'')
    defaults.change(bench.db, chat_id=10, changes=(("bare", "post"),))
    assert bench.one("SELECT json_extract(options, '$.template') FROM chats") == "x"

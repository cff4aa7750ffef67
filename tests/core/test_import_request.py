"""What people type after `/import`."""

import pytest

from core.errors import UserError
from core.import_request import ImportRequest, parse_import
from core.requests import Target


def test_what_can_be_said() -> None:
    assert parse_import("", interval_min_s=60) == ImportRequest()
    assert parse_import(
        "@news every=1h backlog=2 as=feed topic=by-folder", interval_min_s=60
    ) == ImportRequest(
        target=Target(chat="@news"), interval_s=3600.0, backlog="2", kind="feed", topic="by-folder"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("now", "topic=by-folder"),
        ("every=1s", "INTERVAL_MIN"),
        ("as=auto", "I can read feed"),
        ("topic=x", "write a number"),
        ("backlog=some", "no backlog"),
    ],
)
def test_what_cannot(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        parse_import(text, interval_min_s=60)

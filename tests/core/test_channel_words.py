"""How a command that was posted in a channel is said in private."""

import pytest

from core.channel_words import in_private


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("list", "/list @news …"),
        ("add", "/add @news …"),
        ("why", "/why …"),
        ("stats", "/stats"),
        ("nothing", "/nothing"),
    ],
)
def test_a_command_names_the_channel_where_it_can(command: str, said: str) -> None:
    assert in_private(command, "@news") == said

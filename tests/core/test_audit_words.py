"""What the audit log keeps of commands and answers."""

import pytest

from core.audit_words import answer_told, command_told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/Add@vestnik_bot https://u:p@a.example/x?key=1 every=30m", "/add https://a.example/x?… every=30m"),
        ("/set 3 title=News header=Authorization: Bearer a b", "/set 3 title=News header=***"),
        ("/set 3 proxy=socks5://u:p@h:1", "/set 3 proxy=***"),
        ("/start 0123456789abcdef", "/start"),
        ("/pause", "/pause"),
        ("/filter add\nblock  x", "/filter add block x"),
    ],
    ids=["address", "header", "proxy", "code", "alone", "lines"],
)
def test_a_command_is_told_without_secrets(text: str, told: str) -> None:
    assert command_told(text) == told


def test_of_other_words_only_addresses_are_told() -> None:
    assert answer_told("my header is s3cret https://u:s3cret@a.example/") == "https://a.example/"
    assert len(command_told("/post " + "x" * 5000)) <= 300

"""What is hidden, and what is not."""

import pytest

from core.redaction import Redaction, one_line

TOKEN = "123456789:AAHqwertyuiopasdfghjklzxcvbnm"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot***/getMe"),
        ("socks5://me:pw@host:1080", "socks5://***@host:1080"),
        ("https://onlyuser@host/f", "https://***@host/f"),
        ("https://:pw@host/f", "https://***@host/f"),
        ("https://e.org/f?api_key=abc&page=2", "https://e.org/f?api_key=***&page=2"),
        ("GET /f?x=1&access_token=abc HTTP", "GET /f?x=1&access_token=*** HTTP"),
        ("{'Authorization': 'Bearer abc.def'}", "{'Authorization': '***'}"),
        ("Cookie: session=1", "Cookie: ***"),
        ("my word is hunter2!", "my word is ***!"),
    ],
)
def test_secrets_are_hidden(text: str, shown: str) -> None:
    assert Redaction(("hunter2", ""))(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://medium.com/@writer/story?page=2#part",
        "https://e.org/?keyword=a&tokens",
        "12:30:05 polled 12345:67",
        "someone@example.org wrote",
        "two\nlines\tof a traceback",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert Redaction(("abc",))(text) == text


def test_control_characters_are_written_out() -> None:
    assert Redaction()("\x1b[31m\u202e\x85\u200f") == "\\x1b[31m\\u202e\\x85\\u200f"
    assert one_line("a\nb\r\tc") == "a\\nb\\r\\tc"

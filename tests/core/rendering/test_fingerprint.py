"""A post and what Telegram shows of it have one fingerprint, other posts have others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rendering.fingerprint import fingerprint
from simulation.botapi.parameters import Parameters
from simulation.botapi.texts import message_text

LINK = "https://site.example/a?b=c"


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from(" \n\r\x07\u2028\u202e\u0333\u030a😀")),
    st.sampled_from(
        [LINK, "HTTPS://Site.Example", "http://a.example?b=c d", "http://a.example:80", "http://сайт.рф/ё"]
    ),
)
def test_what_telegram_makes_of_a_post_is_recognised(text: str, url: str) -> None:
    sent = f"Title{text}"
    entity = {"type": "text_link", "offset": 0, "length": 5, "url": url}
    shown = message_text(Parameters({"text": sent, "entities": [entity]}))
    links = [one["url"] for one in shown.entities if one["type"] == "text_link"]
    assert fingerprint(shown.text, links) == fingerprint(sent, [url])


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Title 2", [LINK]),
        ("Title", ["https://site.example/b?b=c"]),
        ("Title", []),
        ("Title", [LINK, "https://other.example/"]),
    ],
)
def test_others_have_others(text: str, links: list[str]) -> None:
    assert fingerprint(text, links) != fingerprint("Title", [LINK])


def test_links_count_once_in_any_order() -> None:
    other = "https://other.example/"
    assert fingerprint("T", [other, LINK, other]) == fingerprint("T", [LINK, other])


def test_half_a_pair_is_no_error() -> None:
    assert fingerprint("a\ud83d", ["https://a.example/\ud83d"]) == fingerprint("a", ["https://a.example/"])

"""Where to look for a post in doubt, and when to stop."""

import pytest

from core.probe import Found, NotThere, Search, Untold, missing_ids
from core.rendering.fingerprint import fingerprint


def search(after: int = 10, highest: int = 10, missing: int = 3, known: set[int] | None = None) -> Search:
    return Search(fingerprint="post", after=after, highest=highest, missing=missing, known=known or set())


def test_the_next_ids_are_looked_at_without_those_that_are_known() -> None:
    looked_for = search(known={11, 12, 14})
    assert looked_for.next_id == 13
    looked_for.absent()
    assert looked_for.next_id == 15


def test_a_post_that_is_there() -> None:
    looked_for = search()
    looked_for.absent()
    looked_for.seen("another")
    looked_for.seen("post")
    assert looked_for.verdict == Found(13)


def test_a_post_that_is_not_there() -> None:
    looked_for = search()
    looked_for.absent()
    looked_for.absent()
    looked_for.seen("another")
    for _ in range(3):
        assert looked_for.verdict is None, "something else begins the count anew"
        looked_for.absent()
    assert looked_for.verdict == NotThere()


def test_what_is_missing_below_a_known_id_is_no_end() -> None:
    looked_for = search(highest=14)
    for _ in range(6):
        looked_for.absent()
    assert looked_for.verdict is None
    looked_for.absent()
    assert looked_for.verdict == NotThere()


def test_a_chat_of_which_nothing_was_known_may_begin_anywhere() -> None:
    looked_for = search(after=0, highest=0)
    for _ in range(3):
        looked_for.absent()
    assert looked_for.verdict == Untold("no_start")


def test_a_chat_without_an_end() -> None:
    looked_for = search()
    for _ in range(9):
        looked_for.seen("another")
    assert looked_for.verdict == Untold("no_end")


def test_what_nobody_may_look_at_could_be_the_post() -> None:
    looked_for = search()
    looked_for.unreadable()
    for _ in range(3):
        looked_for.absent()
    assert looked_for.verdict == Untold("protected")


@pytest.mark.parametrize(
    ("chat_type", "count"), [("channel", 20), ("supergroup", 20), ("private", 50), ("group", 50)]
)
def test_how_many_ids_must_be_missing(chat_type: str, count: int) -> None:
    assert missing_ids(chat_type) == count


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (("Title\n\nText ", ["https://Example.org"]), ("Title\n\nText", ["https://example.org/"])),
        (("A\u202eb\u2028c", []), ("Abc", [])),
        (("One\ttwo", ["HTTP://a.example?q=A"]), ("One two", ["http://a.example/?q=A"])),
        (("x", ["tg://user?id=1"]), ("x", ["tg://user/?id=1"])),
    ],
)
def test_a_message_has_the_fingerprint_of_what_was_sent(
    sent: tuple[str, list[str]], shown: tuple[str, list[str]]
) -> None:
    assert fingerprint(*sent) == fingerprint(*shown)


def test_other_texts_and_links_have_other_fingerprints() -> None:
    prints = {
        fingerprint("One", ["https://a.example/"]),
        fingerprint("Two", ["https://a.example/"]),
        fingerprint("One", ["https://a.example/B"]),
        fingerprint("One", []),
    }
    assert len(prints) == 4

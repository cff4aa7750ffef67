"""Which way a picture goes out next."""

import pytest

from core.pictures.ways import is_refusal, is_unwanted, next_way, read_way


def test_the_ways_end_without_a_picture() -> None:
    ways = [read_way("file_id")]
    while ways[-1] != next_way(ways[-1]):
        ways.append(next_way(ways[-1]))
    assert ways == ["file_id", "url", "upload", "preview", "none"]


def test_an_unknown_way_is_the_beginning() -> None:
    assert read_way("carrier pigeon") == "url"


@pytest.mark.parametrize(
    "error",
    [
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: wrong type of the web page content",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
    ],
)
def test_what_is_about_the_picture(error: str) -> None:
    assert is_refusal(error)
    assert not is_unwanted(error)


def test_what_is_about_something_else() -> None:
    assert not is_refusal("Bad Request: message text is empty")
    assert is_unwanted("Bad Request: not enough rights to send photos to the chat")
    assert not is_unwanted("Bad Request: not enough rights to send text messages to the chat")

"""The ways to send a post's picture, best first, and which way is next when Telegram refuses one."""

from dataclasses import dataclass, field, replace
from typing import Literal

Way = Literal["file_id", "url", "upload", "preview", "none"]
"""How a picture goes out: as a file that Telegram has, by its address, as our own upload of it, as the large
preview of a text, or not at all."""

CAPTION_LIMIT = 1024
"""UTF-16 units below a picture (https://core.telegram.org/bots/api#sendphoto)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture of a post, and the way it goes out."""

    way: Way
    url: str
    file_id: str | None = None
    """For the way "file_id"."""
    body: bytes | None = field(default=None, repr=False)
    """For the way "upload": a file that Telegram takes."""


_NEXT: dict[Way, Way] = {
    "file_id": "url",
    "url": "upload",
    "upload": "preview",
    "preview": "none",
    "none": "none",
}
_ABOUT_THE_PICTURE = (
    "wrong file identifier",
    "wrong remote file identifier",
    "wrong type of the web page content",
    "wrong type of file",
    "failed to get http url content",
    "photo_invalid_dimensions",
    "photo_save_file_invalid",
    "photo_ext_invalid",
    "image_process_failed",
    "file is too big",
    "request entity too large",
    "webpage_curl_failed",
    "webpage_media_empty",
    "webpage_url_invalid",
    "media_empty",
)
_ABOUT_THE_CHAT = (
    "not enough rights to send photos",
    "chat_send_photos_forbidden",
    "chat_send_media_forbidden",
)


def next_way(way: Way) -> Way:
    """Return what to try after this way was refused; "none" is the end."""
    return _NEXT[way]


def read_way(text: str) -> Way:
    """Return a stored way; anything unknown is the beginning, "url"."""
    return next((way for way in _NEXT if way == text), "url")


def fitting(picture: Picture | None, *, text_length: int) -> Picture | None:
    """Return a picture in a way that leaves its text whole: as the preview of one too long for a caption.

    Args:
        picture: as it is ready to be sent.
        text_length: of the text that goes with it, in UTF-16 units.
    """
    if picture is None or picture.way == "none":
        return None
    if picture.way != "preview" and text_length > CAPTION_LIMIT:
        return replace(picture, way="preview", body=None)
    return picture


def is_refusal(error: str) -> bool:
    """Return whether a 400 is about the picture, not about the words: the post may go out another way.

    Such an answer proves that nothing was sent.
    """
    said = error.lower()
    return any(words in said for words in _ABOUT_THE_PICTURE)


def is_unwanted(error: str) -> bool:
    """Return whether a 400 says that this chat takes no pictures, though it may well take words."""
    said = error.lower()
    return any(words in said for words in _ABOUT_THE_CHAT)

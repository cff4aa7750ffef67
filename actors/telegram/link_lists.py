"""Lists of links as messages: titles that can be tapped."""

from collections.abc import Sequence

from aiogram.types import MessageEntity

from core.access import split_userinfo
from core.languages import gettext as _
from core.languages.formats import duration_text
from core.text import cut, is_blank, one_line, utf16_length
from core.urls.normalize import host_of
from store.finding import FoundLink

_TITLE_LIMIT = 100
_HOST_LIMIT = 60
_LONGEST_URL = 2_000


def link_list(head: str, links: Sequence[FoundLink], *, now_ms: int) -> tuple[str, list[MessageEntity]]:
    """Return a text with a line for each link, and what makes its titles links."""
    text, entities = head, []
    for link in links:
        url = split_userinfo(link.url)[0]
        title = cut(one_line(link.title), _TITLE_LIMIT)
        title = cut(host_of(url) or "?", _HOST_LIMIT) if is_blank(title) else title
        text += "\n• "
        if url.startswith(("http://", "https://")) and len(url) <= _LONGEST_URL:
            entities.append(
                MessageEntity(
                    type="text_link", offset=utf16_length(text), length=utf16_length(title), url=url
                )
            )
        text += _("{title} ({url}, {duration} ago)").format(
            title=title,
            url=cut(host_of(url), _HOST_LIMIT),
            duration=duration_text((now_ms - link.at_ms) / 1000),
        )
    return text, entities

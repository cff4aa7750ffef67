"""What people type after `/post`."""

from dataclasses import dataclass

from core.errors import UserError, WrongValue
from core.posting.hours import parse_clock
from core.requests import Target, check_url, split_target

_URLS_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRequest:
    """Links to post by hand.

    Attributes:
        now: at once, whatever the schedule says.
        at_min: minute of the chat's day at which they go out.
        again: also where they were posted before.
    """

    urls: tuple[str, ...]
    target: Target | None = None
    now: bool = False
    at_min: int | None = None
    again: bool = False


def parse_post(text: str) -> PostRequest:
    """Read links and, in any place among them, a chat, `now`, `at=18:30` or `again`.

    Raises:
        UserError: something is none of these, or there is no link.
    """
    target: Target | None = None
    urls: list[str] = []
    flags: set[str] = set()
    at_min: int | None = None
    for word in text.split():
        named, _ = split_target([word])
        if named is not None:
            target = named
        elif word.lower() in ("now", "again"):
            flags.add(word.lower())
        elif word.lower().startswith("at="):
            at_min = _clock(word[3:])
        else:
            urls.append(check_url(word))
    if not urls:
        raise UserError(
            "Send links to post, like\n/post https://example.com/story\n"
            "now posts at once, at=18:30 at that time, again also what was posted before."
        )
    if len(urls) > _URLS_AT_ONCE:
        raise UserError("At most {urls_at_once} links at once, please.", urls_at_once=_URLS_AT_ONCE)
    if at_min is not None and "now" in flags:
        raise UserError("Now, or at a time? Say one of them.")
    return PostRequest(
        urls=tuple(dict.fromkeys(urls)),
        target=target,
        now="now" in flags,
        at_min=at_min,
        again="again" in flags,
    )


def _clock(text: str) -> int:
    try:
        return parse_clock(text)
    except WrongValue as error:
        raise UserError("{name}: {error}", name="at", error=error) from None

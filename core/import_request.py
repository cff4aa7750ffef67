"""What people type after `/import`."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from core.errors import UserError
from core.incoming import BY_FOLDER
from core.kinds.options import CHOICES
from core.requests import Target, check_backlog, check_interval, split_target

_OPTIONS = ("every", "backlog", "as", "topic")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What `/import` was asked for; empty values: what the file says."""

    target: Target | None = None
    interval_s: float | None = None
    backlog: str = "none"
    kind: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJob:
    """A list that somebody sent: the file at Telegram's, where its sources go, and the card that tells."""

    file_id: str
    card_chat_id: int
    card_id: int
    chat_id: int
    topic_id: int
    chat_type: str
    chat_title: str
    interval_s: float | None
    backlog: str
    kind: str
    topic: str
    language: str = ""
    """Of whoever sent it, for what the card tells; empty: that of the bot."""
    added_by: int | None = None
    """Whose quota its subscriptions count for; None: nobody's."""

    def write(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `write` returned."""
        return cls(**json.loads(text))


def parse_import(text: str, *, interval_min_s: float) -> ImportRequest:
    """Read the words after `/import`.

    Raises:
        UserError: one of them is wrong, and how to write it.
    """
    target, words = split_target(text.split())
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name.lower() not in _OPTIONS:
            raise UserError(
                "“{word}”: write every=30m, backlog=1, as=feed, topic=7 or topic=by-folder.", word=word[:60]
            )
        options[name.lower()] = value.lower()
    kind, topic = options.get("as", ""), options.get("topic", "")
    if kind and kind not in CHOICES[1:]:
        raise UserError("as={kind}: I can read {choices}.", kind=kind[:20], choices=", ".join(CHOICES[1:]))
    if topic not in ("", BY_FOLDER) and not (topic.isascii() and topic.isdigit() and len(topic) < 10):  # noqa: PLR2004
        raise UserError(
            "topic={topic}: write a number, or {by_folder}.", topic=topic[:20], by_folder=BY_FOLDER
        )
    every = options.get("every")
    return ImportRequest(
        target=target,
        interval_s=None if every is None else check_interval(every, interval_min_s=interval_min_s),
        backlog=check_backlog(options.get("backlog", "none")),
        kind=kind,
        topic=topic,
    )

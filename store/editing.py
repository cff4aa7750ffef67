"""Answers to what people were asked about a post that waits: its new text, or its time."""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from store import conversations, own_texts
from store.conversations import Asked
from store.outbox import moving


def take_text(
    db: Database,
    user_id: int,
    asked: Asked,
    *,
    message_id: int,
    text: str,
    entities: Sequence[Mapping[str, object]],
    by: str,
    now_ms: int,
) -> str | None:
    """Make an answer the text of a post; return why not, as a code. Safe to repeat.

    Args:
        db: the writer's connection.
        user_id: who answers.
        asked: what was asked.
        message_id: the answer.
        text: as it was written.
        entities: its formatting, as `core.rendering.written` reads it.
        by: the name of whoever wrote it.
        now_ms: wall clock.
    """
    if not _is_open(db, user_id, asked):
        return own_texts.why_not(db, asked.subject)
    conversations.answered(db, user_id, message_id=message_id)
    return own_texts.write(db, asked.subject, text=text, entities=entities, by=by, now_ms=now_ms)


def take_time(
    db: Database, user_id: int, asked: Asked, *, message_id: int, at_ms: int, now_ms: int
) -> str | None:
    """Let a post go out at the moment (epoch milliseconds) that an answer names; as `take_text`."""
    if not _is_open(db, user_id, asked):
        return None
    conversations.answered(db, user_id, message_id=message_id)
    moved = moving.send_at(db, asked.subject, at_ms=at_ms, now_ms=now_ms)
    return None if moved else "queue_settled"


def _is_open(db: Database, user_id: int, asked: Asked) -> bool:
    """Tell whether a question still waits: the answer may have been taken before a crash."""
    return not asked.answered and conversations.asked(db, user_id) == asked

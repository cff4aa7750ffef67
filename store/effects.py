"""What rules add to a post: how it is kept in its row of the outbox, and read again."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.filters.judging import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What goes with a post beside what its source and its subscription say."""

    tags: tuple[str, ...] = ()
    silent: bool = False


def pack(decision: Decision) -> str | None:
    """Return the effects of a decision as they are stored; None where it has none."""
    said = {"tags": decision.tags, "silent": decision.silent, "first": decision.first}
    kept = {name: value for name, value in said.items() if value}
    return json.dumps(kept) if kept else None


def unpack(text: str | None) -> Effects:
    """Return what was stored."""
    said = json.loads(text) if text else {}
    return Effects(tags=tuple(said.get("tags", ())), silent=bool(said.get("silent")))


def with_tags(tags: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return both, each once whatever its case."""
    return tuple({tag.casefold(): tag for tag in reversed((*tags, *others))}.values())[::-1]


def to_front(db: Database, queue_ids: Sequence[int]) -> None:
    """Move rows of one chat before all that wait in its lane; among themselves they keep this order."""
    for queue_id in reversed(queue_ids):
        db.execute(
            """UPDATE queue SET position = COALESCE((
                SELECT MIN(position) - 1 FROM queue AS other
                WHERE other.state = 'pending' AND other.chat_id = queue.chat_id
                AND other.lane = queue.lane), position)
            WHERE id = ?""",
            (queue_id,),
        )

"""What a person was asked in private, so that the answer is known for one, also after a restart."""

import json
from dataclasses import dataclass
from typing import Literal, get_args

from sqlite_utils import Database

About = Literal["edit", "time", "sent", "address", "link", "rule", "find", "linkrule", "zone", "list"]
PATIENCE_MS = 3_600_000
"""For so long whatever a person writes is the answer; later only what replies to the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question.

    Attributes:
        about: the new text of a post (`edit`; `sent`: it is in its chat), when it shall go out (`time`),
            what shall be watched for a chat (`address`, `list`) or posted there (`link`), a rule for its
            filter (`rule`) or its links (`linkrule`), words to look for among these (`find`), or where it
            is (`zone`).
        subject: the post's row of the outbox, or the chat; 0 where all chats of the person are meant.
        question: id of the message that asks.
        answered: id of the message that answered; 0 is none yet.
    """

    about: About
    subject: int
    question: int
    answered: int
    asked_ms: int

    def is_answered_by(self, message_id: int, *, reply_to: int, now_ms: int) -> bool:
        """Tell whether a message is the answer; one that was taken for it already still is."""
        if self.answered:
            return message_id == self.answered
        return reply_to == self.question or 0 <= now_ms - self.asked_ms < PATIENCE_MS


def ask(db: Database, user_id: int, *, about: About, subject: int, question: int, now_ms: int) -> None:
    """Note what a person was asked; a question before that is asked no more."""
    db.execute(
        "INSERT OR REPLACE INTO conversations (chat_id, user_id, state, args, at_ms) VALUES (?, ?, ?, ?, ?)",
        (user_id, user_id, about, json.dumps({"queue_id": subject, "question": question}), now_ms),
    )


def asked(db: Database, user_id: int) -> Asked | None:
    """Return what a person was asked last, unless that was called off."""
    row = db.execute(
        "SELECT state, args, at_ms FROM conversations WHERE chat_id = ? AND user_id = ?", (user_id, user_id)
    ).fetchone()
    if row is None or row["state"] not in get_args(About):
        return None
    args = json.loads(row["args"])
    return Asked(
        about=row["state"],
        subject=args["queue_id"],
        question=args["question"],
        answered=args.get("answered", 0),
        asked_ms=row["at_ms"],
    )


def answered(db: Database, user_id: int, *, message_id: int) -> None:
    """Note which message answered; should it arrive once more after a crash, it is known again."""
    db.execute(
        """UPDATE conversations SET args = json_set(args, '$.answered', ?)
        WHERE chat_id = ? AND user_id = ?""",
        (message_id, user_id, user_id),
    )


def call_off(db: Database, user_id: int) -> bool:
    """Ask a person nothing more; False where nothing was asked."""
    was = asked(db, user_id)
    db.execute("DELETE FROM conversations WHERE chat_id = ? AND user_id = ?", (user_id, user_id))
    return was is not None and not was.answered

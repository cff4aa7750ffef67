"""The rules of chats and of their subscriptions: numbered lines of text, kept as they are written back."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.errors import UserError
from core.filters.lexing import LONGEST
from core.filters.parsing import MOST_RULES
from core.filters.terms import Rule
from core.filters.writing import write_rule
from store import chats


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of a chat (no number), or of one of its subscriptions."""

    number: int | None
    name: str
    rules: tuple[str, ...]
    """Each in one line; the first one is number 1."""


def of_chat(db: Database, chat_id: int) -> list[RuleSet]:
    """Return the rules of a chat, then those of each subscription that has some."""
    rows = db.execute(
        """SELECT subscriptions.*, url, sources.title AS source_title
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = ? AND subscriptions.state <> 'removed' AND filter IS NOT NULL ORDER BY number""",
        (chat_id,),
    ).fetchall()
    return [
        RuleSet(number=None, name="", rules=lines(_of_all(db, chat_id))),
        *(_set_of(row) for row in rows),
    ]


def of(db: Database, *, chat_id: int, number: int | None) -> RuleSet | None:
    """Return the rules of a chat, or of one of its numbers; None where nothing is watched under it."""
    if number is None:
        return RuleSet(number=None, name="", rules=lines(_of_all(db, chat_id)))
    row = _row(db, chat_id, number)
    return None if row is None else _set_of(row)


def add(db: Database, *, chat_id: int, number: int | None, rules: Sequence[Rule]) -> RuleSet | None:
    """Add rules behind those that are there; one that is there already is not added again. Safe to repeat.

    What waits in the outbox is judged anew.

    Raises:
        UserError: there would be too many; nothing has changed then.
    """
    present = of(db, chat_id=chat_id, number=number)
    if present is None:
        return None
    wanted = tuple(dict.fromkeys((*present.rules, *(write_rule(rule) for rule in rules))))
    return _put(db, chat_id, number, wanted)


def replace(db: Database, *, chat_id: int, number: int | None, rules: Sequence[Rule]) -> RuleSet | None:
    """Let these rules be all there are; without any, everything is wanted."""
    if of(db, chat_id=chat_id, number=number) is None:
        return None
    return _put(db, chat_id, number, tuple(dict.fromkeys(write_rule(rule) for rule in rules)))


def remove(db: Database, *, chat_id: int, number: int | None, which: int) -> RuleSet | None:
    """Remove one rule by its place, counted from 1.

    Raises:
        UserError: there is no such rule.
    """
    present = of(db, chat_id=chat_id, number=number)
    if present is None:
        return None
    if not 1 <= which <= len(present.rules):
        raise UserError("There is no rule {which} here; /filter shows them.", which=which)
    return _put(db, chat_id, number, present.rules[: which - 1] + present.rules[which:])


def put(db: Database, subscription_id: int, text: str | None) -> None:
    """Set the rules of a subscription, in the form in which they are kept; what waits is judged anew."""
    db.execute("UPDATE subscriptions SET filter = ? WHERE id = ?", (text or None, subscription_id))
    _judge_anew(db, "= ?", subscription_id)


def _put(db: Database, chat_id: int, number: int | None, wanted: tuple[str, ...]) -> RuleSet | None:
    text = "\n".join(wanted)
    if len(wanted) > MOST_RULES or len(text) > LONGEST:
        raise UserError(
            "A filter may have {most_rules} rules and {longest} characters.",
            most_rules=MOST_RULES,
            longest=LONGEST,
        )
    if number is None:
        chats.ensure(db, chat_id)
        db.execute(
            """UPDATE chats SET options = CASE WHEN :text = '' THEN json_remove(options, '$.filter')
                ELSE json_set(options, '$.filter', :text) END WHERE chat_id = :chat_id""",
            {"text": text, "chat_id": chat_id},
        )
        _judge_anew(db, "IN (SELECT id FROM subscriptions WHERE chat_id = ?)", chat_id)
    else:
        row = _row(db, chat_id, number)
        put(db, row["id"], text)
    return of(db, chat_id=chat_id, number=number)


def _judge_anew(db: Database, subscriptions: str, value: int) -> None:
    """Have rows of subscriptions judged again that were never tried."""
    db.execute(
        f"""UPDATE queue SET undecided = 1
        WHERE subscription_id {subscriptions} AND state IN ('pending', 'held')
        AND lease_owner IS NULL AND attempts = 0 AND edition = 0""",
        (value,),
    )


def _of_all(db: Database, chat_id: int) -> str | None:
    row = db.execute(
        "SELECT json_extract(options, '$.filter') AS filter FROM chats WHERE chat_id = ?", (chat_id,)
    ).fetchone()
    return None if row is None else row["filter"]


def _row(db: Database, chat_id: int, number: int) -> sqlite3.Row:
    row: sqlite3.Row = db.execute(
        """SELECT subscriptions.*, url, sources.title AS source_title
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = ? AND number = ? AND subscriptions.state <> 'removed'""",
        (chat_id, number),
    ).fetchone()
    return row


def _set_of(row: sqlite3.Row) -> RuleSet:
    name = row["title"] or row["source_title"] or row["url"]
    return RuleSet(number=row["number"], name=name, rules=lines(row["filter"]))


def lines(text: str | None) -> tuple[str, ...]:
    """Return the rules of a filter as it is kept."""
    return tuple(text.split("\n")) if text else ()

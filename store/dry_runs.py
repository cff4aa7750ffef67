"""What rules would have done to the latest links: for whoever writes them, before they hold."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.filters.facts import LinkFacts
from core.filters.judging import Rules, decide, holds, stored_rules
from core.filters.terms import Rule
from core.filters.writing import write_rule
from core.text import one_line
from store import filters, link_facts

LINKS = 200
_LOOKED_BACK = 20_000
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """How one rule fared."""

    rule: str
    fits: int
    """Of so many links its condition holds."""
    unknown: int
    """Of so many it cannot be said: their pages were not read, or do not tell."""
    examples: tuple[str, ...]
    """Titles of the newest that it fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """How rules fared together."""

    links: int
    stopped: int
    rules: tuple[RuleRun, ...]


def dry_run(db: Database, *, chat_id: int, number: int | None, rules: Sequence[Rule] = ()) -> DryRun | None:
    """Judge the latest links of a chat, or of one of its numbers, by what is kept of them.

    Args:
        db: the database; nothing is changed.
        chat_id: the chat.
        number: a subscription's number there; None means all that the chat watches.
        rules: to be tried alone; without any, those that hold now.

    Returns:
        The figures; None where nothing is watched under the number.
    """
    present = filters.of(db, chat_id=chat_id, number=number)
    if present is None:
        return None
    levels: list[Rules] = [tuple(rules)]
    if not rules:
        of_chat = filters.of(db, chat_id=chat_id, number=None)
        levels = [stored_rules("\n".join(present.rules))]
        levels += [stored_rules("\n".join(of_chat.rules))] if number is not None and of_chat else []
    links = list(_latest(db, chat_id, number))
    return DryRun(
        links=len(links),
        stopped=sum(decide(levels, facts).stopped_by is not None for facts in links),
        rules=tuple(_run(rule, links) for level in levels for rule in level),
    )


def _run(rule: Rule, links: Sequence[LinkFacts]) -> RuleRun:
    results = [holds(rule.condition, facts) for facts in links]
    fitting = [facts for facts, result in zip(links, results, strict=True) if result]
    return RuleRun(
        rule=write_rule(rule),
        fits=len(fitting),
        unknown=results.count(None),
        examples=tuple(_name(facts) for facts in fitting[:_EXAMPLES]),
    )


def _name(facts: LinkFacts) -> str:
    return one_line(facts.title or str(facts.page.get("title", ""))) or facts.url


def _latest(db: Database, chat_id: int, number: int | None) -> Iterable[LinkFacts]:
    """Yield what is known of the latest links, the newest first, with their age when they came."""
    if number is None:
        rows = _of_chat(db, chat_id)
    else:
        rows = db.execute(
            f"""SELECT {link_facts.COLUMNS}, seen_ms FROM subscriptions
            JOIN sightings ON sightings.source_id = subscriptions.source_id
            JOIN history ON history.id = sightings.history_id
            WHERE subscriptions.chat_id = ? AND number = ?
            AND (private_to IS NULL OR private_to = subscriptions.id)
            ORDER BY sightings.history_id DESC LIMIT {LINKS}""",
            (chat_id, number),
        ).fetchall()
    return (link_facts.facts_from(row, now_ms=row["seen_ms"]) for row in rows)


def _of_chat(db: Database, chat_id: int) -> list[sqlite3.Row]:
    return db.execute(
        f"""SELECT {link_facts.COLUMNS}, history.first_seen_ms AS seen_ms FROM history
        WHERE history.id > (SELECT MAX(id) FROM history) - {_LOOKED_BACK} AND private_to IS NULL
        AND merged_into IS NULL AND EXISTS (
            SELECT 1 FROM sightings CROSS JOIN subscriptions
            WHERE sightings.history_id = history.id AND subscriptions.source_id = sightings.source_id
            AND subscriptions.chat_id = ? AND subscriptions.state = 'active')
        ORDER BY history.id DESC LIMIT {LINKS}""",
        (chat_id,),
    ).fetchall()

"""Filters at the moment a source shows links: what is wanted, where, and what must wait for its page."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from sqlite_utils import Database

from core.filters.judging import Decision, Rules, decide, stored_rules
from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import HistoryId
from store import effects, history, link_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What the rules of a subscription make of links, in the order of the links."""

    runs: Sequence[tuple[int, Sequence[HistoryId]]]
    """Neighbours that go to the same topic, with that topic."""
    until: Mapping[HistoryId, int]
    """Until when which of them wait for their pages (epoch milliseconds)."""
    stopped: Mapping[HistoryId, str] = field(default_factory=dict)
    """The rule by which each of the others is stopped."""
    decisions: Mapping[HistoryId, Decision] = field(default_factory=dict)
    """Of those that go on; empty where there are no rules."""


def rules_of(row: sqlite3.Row) -> list[Rules]:
    """Return the rules that hold for a subscription: its own, then those of its chat."""
    return [stored_rules(text) for text in (row["filter"], row["chat_filter"]) if text]


def sift(
    db: Database, row: sqlite3.Row, wanted: Sequence[HistoryId], *, pages: PagePolicy, now_ms: int
) -> Sifted:
    """Judge links by what is known of them, and have the pages read of those that are not stopped.

    Args:
        db: the writer's connection.
        row: the subscription, as `subscriptions.one` gives it.
        wanted: what it would get without rules.
        pages: whether pages are read.
        now_ms: wall clock.
    """
    rules = rules_of(row)
    if not rules:
        return unsifted(db, row, wanted, pages=pages, now_ms=now_ms)
    decisions = _decide(db, row["chat_id"], rules, wanted, pages_come=pages.fetch, now_ms=now_ms)
    going = [link for link in wanted if decisions[link].stopped_by is None]
    until = history.await_pages(db, going, policy=pages, now_ms=now_ms)
    alone = [link for link in going if decisions[link].undecided and link not in until]
    decisions |= _decide(db, row["chat_id"], rules, alone, pages_come=False, now_ms=now_ms)
    stopped = {link: each.stopped_by for link, each in decisions.items() if each.stopped_by is not None}
    kept = {link: _with_topic(row, decisions[link]) for link in wanted if link not in stopped}
    runs = [
        (topic_id or 0, list(run)) for topic_id, run in groupby(kept, key=lambda each: kept[each].topic_id)
    ]
    return Sifted(runs=runs, until=until, stopped=stopped, decisions=kept)


def unsifted(
    db: Database,
    row: sqlite3.Row,
    wanted: Sequence[HistoryId],
    *,
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> Sifted:
    """Return links as they are where no rules hold."""
    until = history.await_pages(db, wanted, policy=pages, now_ms=now_ms)
    return Sifted(runs=[(row["topic_id"], wanted)], until=until)


def mark(db: Database, row: sqlite3.Row, sifted: Sifted, queued: Collection[HistoryId]) -> None:
    """Write down in the outbox what the rules say of the links that were queued now."""
    first = []
    for link, decision in sifted.decisions.items():
        text = effects.pack(decision)
        if link not in queued or not (decision.undecided or text):
            continue
        scope = decision.topic_id if row["once"] == "topic" else 0
        marked = db.execute(
            """UPDATE queue SET undecided = ?, effects = ?
            WHERE chat_id = ? AND scope = ? AND history_id = ? AND edition = 0 RETURNING id""",
            (decision.undecided, text, row["chat_id"], scope, link),
        ).fetchone()
        if decision.first:
            first.append(marked["id"])
    effects.to_front(db, first)


def _decide(
    db: Database,
    chat_id: int,
    rules: Sequence[Rules],
    links: Sequence[HistoryId],
    *,
    pages_come: bool,
    now_ms: int,
) -> dict[HistoryId, Decision]:
    if not links:
        return {}
    known = link_facts.facts_in(db, links, chat_id=chat_id, pages_come=pages_come, now_ms=now_ms)
    return {link: decide(rules, facts) for link, facts in known}


def _with_topic(row: sqlite3.Row, decision: Decision) -> Decision:
    return decision if decision.topic_id is not None else replace(decision, topic_id=row["topic_id"])


def note_stopped(
    db: Database, subscription_id: int, stopped: Mapping[HistoryId, str], *, now_ms: int
) -> None:
    """Note by which rules a subscription does not get links."""
    db.execute(
        """INSERT INTO verdicts (subscription_id, history_id, verdict, rule, at_ms)
        SELECT ?, json_extract(value, '$[0]'), 'filtered', json_extract(value, '$[1]'), ?
        FROM json_each(?) WHERE true
        ON CONFLICT (subscription_id, history_id) DO UPDATE SET
            verdict = excluded.verdict, rule = excluded.rule, at_ms = excluded.at_ms""",
        (subscription_id, now_ms, json.dumps(list(stopped.items()))),
    )

"""Rules proposed against links like one that was posted, each tried on what came before."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from core.filters.proposing import mark_of, propose
from core.filters.terms import Rule
from core.filters.writing import write_rule
from core.protocol import HistoryId
from store import filters, link_facts, sent_posts
from store.amendments import By
from store.dry_runs import dry_run
from store.sent_posts import SentPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule, the mark that a button names it by, and how many of the last links it would have stopped."""

    rule: str
    mark: str
    stopped: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Rules for a subscription, by its number, or for its whole chat (None)."""

    number: int | None
    rules: tuple[Proposal, ...]


def proposals(db: Database, queue_id: int, *, now_ms: int) -> Proposals | None:
    """Return rules that would have stopped a post; None where it is none."""
    post = sent_posts.get(db, queue_id)
    if post is None:
        return None
    number = _number(db, post)
    rules = _rules(db, post, now_ms)
    run = dry_run(db, chat_id=post.chat_id, number=number, rules=rules) if rules else None
    if run is None:
        return Proposals(number=number, rules=())
    return Proposals(
        number=number,
        rules=tuple(
            Proposal(rule=each.rule, mark=mark_of(rule), stopped=each.fits, links=run.links)
            for rule, each in zip(rules, run.rules, strict=True)
        ),
    )


def add(db: Database, queue_id: int, mark: str, by: By) -> str:
    """Add a proposed rule to those of its subscription or chat. Safe to repeat. Returns a code.

    Raises:
        UserError: there would be too many.
    """
    post = sent_posts.get(db, queue_id)
    found = () if post is None else _rules(db, post, by.now_ms)
    rule = next((each for each in found if mark_of(each) == mark), None)
    if post is None or rule is None:
        return "sent_rule_old"
    number = _number(db, post)
    present = filters.of(db, chat_id=post.chat_id, number=number)
    if present is not None and write_rule(rule) in present.rules:
        return "sent_rule_there"
    filters.add(db, chat_id=post.chat_id, number=number, rules=(rule,))
    db.execute(
        "INSERT INTO audit (at_ms, user_id, chat_id, action, args) VALUES (?, ?, ?, 'filter.add', ?)",
        (by.now_ms, by.user_id, post.chat_id, json.dumps({"number": number, "rule": write_rule(rule)})),
    )
    return "sent_rule_added"


def _rules(db: Database, post: SentPost, now_ms: int) -> tuple[Rule, ...]:
    links = [HistoryId(post.history_id)]
    known = link_facts.facts_in(db, links, chat_id=post.chat_id, pages_come=False, now_ms=now_ms)
    return next((propose(facts) for _, facts in known), ())


def _number(db: Database, post: SentPost) -> int | None:
    """Return the number of the subscription that a post came by, as long as there is one."""
    row = db.execute(
        "SELECT number FROM subscriptions WHERE id = ? AND chat_id = ? AND state <> 'removed'",
        (post.subscription_id, post.chat_id),
    ).fetchone()
    return None if row is None else int(row["number"])

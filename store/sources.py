"""Sources: adding them, handing out those whose check is due, and recording what a poll found."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from core.protocol import DueSource, Owner, PollOutcome, PollReport, SourceId, Validators
from core.schedule import PollingPolicy
from core.urls.domains import registrable_domain
from store import checks, history, subscriptions
from store.checks import SourceState
from store.processes import is_dead, parameters

LEASE_MS = 10 * 60_000
_FULL_EVERY_MS = 24 * 3_600_000
_POLLED = "state IN ('probing', 'active')"


def upsert(db: Database, *, kind: str, url: str, now_ms: int, rules: str = "{}") -> SourceId:
    """Return the source of this kind, address and rules, made if it is new, due at once if it was idle."""
    db.execute(
        """INSERT INTO sources (kind, url, rules, domain, next_check_ms, scheduled_ms)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (kind, url, rules) DO UPDATE SET
            next_check_ms = CASE WHEN state = 'paused' THEN excluded.next_check_ms ELSE next_check_ms END,
            state = CASE WHEN state = 'paused' THEN 'active' ELSE state END""",
        (kind, url, rules, registrable_domain(url), now_ms, now_ms),
    )
    row = db.execute(
        "SELECT id FROM sources WHERE kind = ? AND url = ? AND rules = ?", (kind, url, rules)
    ).fetchone()
    return SourceId(row["id"])


def make_due(db: Database, source_id: SourceId, *, now_ms: int) -> None:
    """Look at a source as soon as possible."""
    db.execute(
        "UPDATE sources SET next_check_ms = ?, scheduled_ms = ?, next_check_reason = 'asked' WHERE id = ?",
        (now_ms, now_ms, source_id),
    )


def release_dead_leases(db: Database, *, owner: Owner) -> int:
    """Give back the sources that dead pollers had claimed; return how many."""
    return db.execute(
        f"""UPDATE sources SET lease_owner = NULL
        WHERE lease_owner IS NOT NULL AND {is_dead("lease_owner")}""",
        parameters(owner),
    ).rowcount


def claim_due(
    db: Database,
    *,
    owner: Owner,
    limit: int,
    policy: PollingPolicy,
    now_ms: int,
    due_by_ms: int | None = None,
) -> tuple[list[DueSource], int | None]:
    """Lease sources whose check is due now, or was at `due_by_ms`; the longest due first.

    A source that was scheduled in what is now the future (a clock that jumped back) is due at once.
    One with a subscription that waits for its backlog is read in full, without validators, and so is
    each once a day: some servers say "not modified" of what has changed.

    Returns:
        The sources, and when the next one will be due (None: none is waiting).
    """
    db.execute(
        f"""UPDATE sources SET next_check_ms = :now, scheduled_ms = :now
        WHERE {_POLLED} AND scheduled_ms > :now""",
        {"now": now_ms},
    )
    rows = db.execute(
        f"""UPDATE sources SET lease_owner = :me, lease_until_ms = :until WHERE id IN (
            SELECT id FROM sources WHERE {_POLLED} AND next_check_ms <= :due_by
            AND (lease_owner IS NULL OR lease_until_ms <= :now OR lease_until_ms > :until)
            ORDER BY next_check_ms LIMIT :limit)
        RETURNING id, kind, url, rules, etag, last_modified, errors, next_check_ms, last_full_ms""",
        {
            "me": str(owner),
            "until": now_ms + LEASE_MS,
            "now": now_ms,
            "due_by": now_ms if due_by_ms is None else due_by_ms,
            "limit": limit,
        },
    ).fetchall()
    rows.sort(key=lambda row: (row["next_check_ms"], row["id"]))
    due = []
    for row in rows:
        whole = subscriptions.waits_for_backlog(db, row["id"]) or not (
            0 <= now_ms - row["last_full_ms"] < _FULL_EVERY_MS
        )
        due.append(
            DueSource(
                source_id=SourceId(row["id"]),
                kind=row["kind"],
                url=row["url"],
                rules=row["rules"],
                validators=Validators()
                if whole
                else Validators(etag=row["etag"], last_modified=row["last_modified"]),
                errors=row["errors"],
                interval_s=checks.interval_of(db, row["id"], policy, now_ms=now_ms).seconds,
            )
        )
    following = db.execute(
        f"SELECT MIN(next_check_ms) FROM sources WHERE {_POLLED} AND lease_owner IS NULL"
    ).fetchone()[0]
    return due, following


def give_back(db: Database, source_ids: Sequence[SourceId], *, owner: Owner) -> None:
    """Return leased sources that were not polled."""
    db.execute(
        """UPDATE sources SET lease_owner = NULL
        WHERE lease_owner = ? AND id IN (SELECT value FROM json_each(?))""",
        (str(owner), json.dumps(list(source_ids))),
    )


def record_poll(
    db: Database, report: PollReport, *, policy: PollingPolicy, jitter: float, now_ms: int
) -> PollOutcome:
    """Record a poll in one transaction: links, sightings, wishes, validators, the next check.

    Safe to repeat: a link, a sighting and a wish each exist once by the database's own uniqueness.
    """
    source = db.execute("SELECT * FROM sources WHERE id = ?", (report.source_id,)).fetchone()
    if source is None:
        return PollOutcome()
    read = report.status == "ok"
    accepted = (
        history.accept(db, report.source_id, report.candidates, now_ms=now_ms) if read else history.Accepted()
    )
    fanned = subscriptions.fan_out(db, report, accepted, now_ms=now_ms) if read else subscriptions.FanOut()
    # Somebody subscribed while an unchanged answer was under way: the whole document is needed now.
    again = report.status == "not_modified" and subscriptions.waits_for_backlog(db, report.source_id)
    checks.note_arrivals(db, source, accepted, now_ms)
    state = checks.judge(db, source, report, policy=policy, jitter=jitter, now_ms=now_ms)
    next_check_ms = now_ms if again else state.next_check_ms
    _store_state(db, report, state, next_check_ms=next_check_ms, now_ms=now_ms)
    if state.reason == "retry_after":
        checks.spare_neighbours(db, source, until_ms=next_check_ms, now_ms=now_ms)
    spoken = subscriptions.tell_first_result(
        db, report, fanned, next_check_ms=next_check_ms, policy=policy, now_ms=now_ms
    )
    return PollOutcome(
        new=len(accepted.new_ids),
        duplicates=len(accepted.new_sightings) - len(accepted.new_ids),
        queued=fanned.queued,
        next_check_ms=next_check_ms,
        notices=spoken,
    )


def _store_state(
    db: Database, report: PollReport, state: SourceState, *, next_check_ms: int, now_ms: int
) -> None:
    read = report.status == "ok"
    reached = report.status in ("ok", "not_modified")
    validators = report.validators or Validators()
    db.execute(
        """UPDATE sources SET
            lease_owner = NULL, lease_until_ms = NULL, next_check_ms = :next_check_ms,
            next_check_reason = :reason, scheduled_ms = :now_ms, errors = :errors, throttles = :throttles,
            hints = :hints, last_full_ms = CASE WHEN :read THEN :now_ms ELSE last_full_ms END,
            error = :error, error_args = :error_args,
            state = CASE WHEN :reached AND state = 'probing' THEN 'active' ELSE state END,
            first_ok_ms = CASE WHEN :reached THEN COALESCE(first_ok_ms, :now_ms) ELSE first_ok_ms END,
            last_ok_ms = CASE WHEN :reached THEN :now_ms ELSE last_ok_ms END,
            title = CASE WHEN :title <> '' THEN :title ELSE title END,
            etag = CASE WHEN :read THEN :etag ELSE etag END,
            last_modified = CASE WHEN :read THEN :last_modified ELSE last_modified END
        WHERE id = :source_id""",
        {
            "next_check_ms": next_check_ms,
            "reason": state.reason,
            "now_ms": now_ms,
            "errors": state.errors,
            "throttles": state.throttles,
            "hints": checks.hints_text(state.hints),
            "error": None if state.throttled else report.error,
            "error_args": json.dumps(report.error_args),
            "reached": reached,
            "read": read,
            "title": report.title or "",
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "source_id": report.source_id,
        },
    )

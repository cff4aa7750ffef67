"""Sources: adding them, and recording what a poll found, with all that follows, in one transaction."""

from sqlite_utils import Database

from core.protocol import PollOutcome, PollReport, SourceId
from core.schedule import PollingPolicy
from core.urls.domains import registrable_domain
from core.urls.normalize import host_of, normalize
from store import brake, catching_up, checks, first_results, history, moves, polled, resting, wishes


def upsert(db: Database, *, kind: str, url: str, now_ms: int, rules: str = "{}") -> SourceId:
    """Return the source of this kind, address and rules, made if it is new, due at once if it was idle.

    One that was gone is tried again; of one that was joined with another, that other one is returned.
    """
    db.execute(
        """INSERT INTO sources (kind, url, rules, domain, host, next_check_ms, scheduled_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (kind, url, rules) DO NOTHING""",
        (kind, url, rules, registrable_domain(url), host_of(url), now_ms, now_ms),
    )
    row = db.execute(
        "SELECT COALESCE(merged_into, id) AS id FROM sources WHERE kind = ? AND url = ? AND rules = ?",
        (kind, url, rules),
    ).fetchone()
    wake(db, row["id"], now_ms=now_ms)
    return SourceId(row["id"])


def wake(db: Database, source_id: int, *, now_ms: int) -> None:
    """Look at a source again that rests, or was gone; what it was in trouble for is forgotten."""
    db.execute(
        """UPDATE sources SET next_check_ms = ?, scheduled_ms = ?, next_check_reason = 'asked', errors = 0,
            failing_since_ms = NULL, empty_since_ms = NULL, silent_from_ms = NULL,
            state = CASE state WHEN 'gone' THEN 'probing' ELSE 'active' END
        WHERE id = ? AND state IN ('paused', 'gone') AND merged_into IS NULL""",
        (now_ms, now_ms, source_id),
    )


def rest_if_idle(db: Database, source_id: int) -> None:
    """Let a source rest that nobody watches any more; it forgets values of its own."""
    resting.rest_idle(db, [source_id])


def check_now(db: Database, *, chat_id: int, number: int, now_ms: int) -> bool:
    """Look as soon as possible at what a chat watches under a number; return whether it is watched."""
    return bool(
        db.execute(
            """UPDATE sources SET next_check_ms = :now, scheduled_ms = :now, next_check_reason = 'asked'
            WHERE state IN ('probing', 'active') AND id IN (
                SELECT source_id FROM subscriptions
                WHERE chat_id = :chat_id AND number = :number AND state = 'active')""",
            {"now": now_ms, "chat_id": chat_id, "number": number},
        ).rowcount
    )


def make_due(db: Database, source_id: SourceId, *, now_ms: int) -> None:
    """Look at a source as soon as possible."""
    db.execute(
        "UPDATE sources SET next_check_ms = ?, scheduled_ms = ?, next_check_reason = 'asked' WHERE id = ?",
        (now_ms, now_ms, source_id),
    )


def record_poll(
    db: Database, report: PollReport, *, policy: PollingPolicy, jitter: float, now_ms: int
) -> PollOutcome:
    """Record a poll in one transaction: links, sightings, wishes, validators, the next check.

    Safe to repeat: a link, a sighting and a wish each exist once by the database's own uniqueness.
    """
    source = polled.look_up(db, report.source_id)
    if source is None:
        return PollOutcome()
    read = report.status == "ok"
    if report.fragments and not source["fragments_differ"]:
        _tell_fragments_apart(db, report)
    accepted = (
        history.accept(db, report.source_id, report.candidates, private_to=source["own_of"], now_ms=now_ms)
        if read
        else history.Accepted()
    )
    caught_up = catching_up.at_poll(db, report, pages=policy.pages, now_ms=now_ms) if source["behind"] else 0
    hold = source["hold_next"] or brake.hold_reason(
        db, source, accepted, limit=policy.flood_brake, now_ms=now_ms
    )
    fanned = (
        wishes.fan_out(db, report, accepted, hold=hold, pages=policy.pages, now_ms=now_ms)
        if read and (accepted.new_sightings or source["unprimed"])
        else wishes.FanOut()
    )
    # Somebody subscribed while an unchanged answer was under way: the whole document is needed now.
    again = source["unprimed"] and (report.status == "not_modified" or (read and not report.whole))
    arrivals = checks.arrivals_with(source["arrivals"], accepted, now_ms)
    state = checks.judge(source, report, arrivals=arrivals, policy=policy, jitter=jitter, now_ms=now_ms)
    next_check_ms = now_ms if again else state.next_check_ms
    changes = polled.of_state(source, report, state, next_check_ms=next_check_ms, now_ms=now_ms)
    changes |= polled.of_document(source, report, now_ms)
    changes |= polled.of_arrivals(source, arrivals, now_ms)
    polled.change(db, source, changes)
    if state.reason == "retry_after":
        checks.spare_neighbours(db, source["id"], until_ms=next_check_ms, now_ms=now_ms)
    spoken = (
        first_results.tell(db, report, fanned, next_check_ms=next_check_ms, policy=policy, now_ms=now_ms)
        if source["unprimed"] or not read
        else 0
    )
    moves.follow(db, source, report, now_ms=now_ms)
    return PollOutcome(
        new=len(accepted.new_ids),
        duplicates=len(accepted.new_sightings) - len(accepted.new_ids),
        queued=fanned.queued + caught_up,
        next_check_ms=next_check_ms,
        notices=spoken,
        filtered=fanned.filtered,
        held=0 if hold is None else fanned.queued,
    )


def _tell_fragments_apart(db: Database, report: PollReport) -> None:
    """From now on entries of a source are told apart by fragment; a link that had one is known by it.

    Entries that had been taken for that one link are news: they were never posted.
    """
    db.execute("UPDATE sources SET fragments_differ = 1 WHERE id = ?", (report.source_id,))
    for candidate in report.candidates:
        db.execute(
            """UPDATE OR IGNORE history SET normalized_url = ? WHERE normalized_url = ? AND url = ?""",
            (candidate.key, normalize(candidate.url), candidate.url),
        )

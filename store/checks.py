"""When sources are looked at next: what their subscribers, their servers and their own rhythm say."""

import json
import sqlite3
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from core.hints import PollHints, after_quiet_time_ms
from core.protocol import PollReport
from core.rhythm import adaptive_interval_s
from core.schedule import PollingPolicy, is_throttled, next_check
from store.history import Accepted

_ARRIVALS_KEPT = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """How often to look at a source."""

    seconds: float
    exact: bool
    """Somebody asked for just this; else it follows the source's own rhythm."""


def interval_of(db: Database, source_id: int, policy: PollingPolicy, *, now_ms: int) -> Interval:
    """Return the least interval that the subscriptions of a source ask for, or that its rhythm suggests."""
    row = db.execute(
        """SELECT arrivals,
            (SELECT MIN(interval_s) FROM subscriptions
                WHERE source_id = sources.id AND state = 'active') AS asked,
            EXISTS (SELECT 1 FROM subscriptions
                WHERE source_id = sources.id AND state = 'active' AND interval_s IS NULL) AS adaptive
        FROM sources WHERE id = ?""",
        (source_id,),
    ).fetchone()
    return _interval(row, row["arrivals"], policy, now_ms=now_ms)


def _interval(row: sqlite3.Row, arrivals: str, policy: PollingPolicy, *, now_ms: int) -> Interval:
    if row["asked"] is None or row["adaptive"]:
        adaptive_s = adaptive_interval_s(
            json.loads(arrivals),
            now_ms=now_ms,
            default_s=policy.interval_default_s,
            least_s=policy.interval_min_s,
            most_s=policy.interval_max_s,
        )
        if row["asked"] is None or adaptive_s < row["asked"]:
            return Interval(adaptive_s, exact=False)
    return Interval(max(policy.interval_min_s, row["asked"]), exact=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What a report makes of its source."""

    errors: int
    throttles: int
    throttled: bool
    hints: PollHints
    next_check_ms: int
    reason: str


def judge(
    source: sqlite3.Row,
    report: PollReport,
    *,
    arrivals: str,
    policy: PollingPolicy,
    jitter: float,
    now_ms: int,
) -> SourceState:
    """Decide about the next check of a source, which is given as `polled.look_up` gives it."""
    reached = report.status in ("ok", "not_modified")
    throttled = is_throttled(report.error, report.error_args, ever_read=source["first_ok_ms"] is not None)
    throttles = source["throttles"] + 1 if throttled else 0
    errors = 0 if reached else source["errors"] + (not throttled)
    hints = (report.hints or PollHints()) if report.status == "ok" else _hints_from(source["hints"])
    interval = _interval(source, arrivals, policy, now_ms=now_ms)
    check = next_check(
        status=report.status,
        interval_s=interval.seconds,
        errors=errors,
        retry_after_s=report.retry_after_s,
        policy=policy,
        jitter=jitter,
        throttles=throttles,
        fresh_s=0.0 if interval.exact else max(hints.fresh_s, report.fresh_s),
    )
    due_ms = now_ms + round(check.delay_s * 1000)
    quiet_ms = due_ms if interval.exact else after_quiet_time_ms(due_ms, hints)
    return SourceState(
        errors=errors,
        throttles=throttles,
        throttled=throttled,
        hints=hints,
        next_check_ms=quiet_ms,
        reason="quiet" if quiet_ms > due_ms else check.reason,
    )


def arrivals_with(arrivals: str, accepted: Accepted, now_ms: int) -> str:
    """Return when a source showed something new, this poll included: its rhythm follows from that."""
    if not accepted.new_sightings:
        return arrivals
    return json.dumps([*json.loads(arrivals), now_ms][-_ARRIVALS_KEPT:])


def spare_neighbours(db: Database, source_id: int, *, until_ms: int, now_ms: int) -> None:
    """A server that asks for time gets it from all sources of its domain, one after the other again."""
    db.execute(
        """UPDATE sources SET next_check_ms = :until + (id % 60) * 1000, scheduled_ms = :now,
            next_check_reason = 'retry_after'
        WHERE domain = (SELECT domain FROM sources WHERE id = :id) AND id <> :id
        AND state IN ('probing', 'active') AND next_check_ms < :until""",
        {"until": until_ms, "now": now_ms, "id": source_id},
    )


def hints_text(hints: PollHints) -> str:
    """Return advice as it is stored; for most sources, which give none, that costs nothing."""
    return _NO_HINTS_TEXT if hints == _NO_HINTS else _written(hints)


def _written(hints: PollHints) -> str:
    return json.dumps(asdict(hints), default=sorted)


_NO_HINTS = PollHints()
_NO_HINTS_TEXT = _written(_NO_HINTS)


def _hints_from(text: str) -> PollHints:
    if text == _NO_HINTS_TEXT:
        return _NO_HINTS
    stored = json.loads(text)
    return PollHints(
        fresh_s=stored.get("fresh_s", 0.0),
        skip_hours=frozenset(stored.get("skip_hours", ())),
        skip_days=frozenset(stored.get("skip_days", ())),
    )

"""Polls that found what was there before: many are recorded with one look, and one statement."""

from collections import defaultdict
from collections.abc import Sequence

from sqlite_utils import Database

from core.protocol import PollOutcome, PollReport
from core.schedule import PollingPolicy
from store import checks, polled, sources


def record(
    db: Database, reports: Sequence[tuple[PollReport, float]], *, policy: PollingPolicy, now_ms: int
) -> list[PollOutcome]:
    """Record reports of "not modified", each with its jitter, as `sources.record_poll` would one by one.

    A source whose subscribers have something to catch up with is left to that.
    """
    known = polled.look_all_up(db, [report.source_id for report, _ in reports])
    outcomes = []
    changed: defaultdict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
    for report, jitter in reports:
        source = known.get(report.source_id)
        if source is None:
            outcomes.append(PollOutcome())
        elif source["unprimed"] or source["behind"]:
            outcomes.append(sources.record_poll(db, report, policy=policy, jitter=jitter, now_ms=now_ms))
        else:
            state = checks.judge(
                source, report, arrivals=source["arrivals"], policy=policy, jitter=jitter, now_ms=now_ms
            )
            changes = polled.of_state(source, report, state, next_check_ms=state.next_check_ms, now_ms=now_ms)
            changed[tuple(changes)].append((*changes.values(), source["id"]))
            outcomes.append(PollOutcome(next_check_ms=state.next_check_ms))
    for columns, rows in changed.items():
        polled.change_all(db, columns, rows)
    return outcomes

"""Pages of links that somebody wants: handing them out to be read, and recording what they said."""

import dataclasses
import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from core.protocol import HistoryId, Owner, PageJob, PageOutcome, PageReport
from core.same_page import Titles, Witness
from core.urls.normalize import RefusedUrl, host_of, normalize
from core.urls.wrappers import needs_resolving
from store import aliases, judging
from store.processes import is_dead, parameters

LEASE_MS = 10 * 60_000
_FIRST_PAUSE_MS = 15_000
_WINDOW = 4
_FORGOTTEN_AT_ONCE = 500
_MAY_GO_OUT = "'pending', 'held', 'sending', 'uncertain'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Pages leased now, and what comes after them."""

    jobs: tuple[PageJob, ...] = ()
    waiting: bool = False
    """More could be read, and wait for their hosts, or for room."""
    following_ms: int | None = None
    """When one is to be tried again."""


def claim(db: Database, *, owner: Owner, limit: int, busy_hosts: Collection[str], now_ms: int) -> Claimed:
    """Lease pages to read, the longest waiting first, and one of a host."""
    rows = db.execute(
        """SELECT id, url FROM history WHERE state = 'accepted' AND page_after_ms <= ?
        ORDER BY page_after_ms, id LIMIT ?""",
        (now_ms, _WINDOW * limit + len(busy_hosts)),
    ).fetchall()
    jobs: dict[str, PageJob] = {}
    for row in rows:
        host = host_of(row["url"])
        if host not in busy_hosts and host not in jobs and len(jobs) < limit:
            jobs[host] = PageJob(history_id=HistoryId(row["id"]), url=row["url"], host=host)
    db.execute(
        """UPDATE history SET state = 'fetching', lease_owner = ?, lease_until_ms = ?
        WHERE id IN (SELECT value FROM json_each(?))""",
        (str(owner), now_ms + LEASE_MS, json.dumps([job.history_id for job in jobs.values()])),
    )
    following_ms = db.execute(
        "SELECT MIN(page_after_ms) FROM history WHERE state = 'accepted' AND page_after_ms > ?", (now_ms,)
    ).fetchone()[0]
    return Claimed(jobs=tuple(jobs.values()), waiting=len(rows) > len(jobs), following_ms=following_ms)


def release_dead_leases(db: Database, *, owner: Owner) -> int:
    """Give back the pages that dead fetchers had claimed; return how many."""
    return db.execute(
        f"""UPDATE history SET state = 'accepted', lease_owner = NULL
        WHERE lease_owner IS NOT NULL AND {is_dead("lease_owner")}""",
        parameters(owner),
    ).rowcount


def record(db: Database, report: PageReport, *, now_ms: int) -> PageOutcome:
    """Record what a page said in one transaction: its facts, its other addresses, and who need not wait.

    A link that hides where it leads is tried again until its time is up. Safe to repeat.
    """
    row = db.execute("SELECT * FROM history WHERE id = ?", (report.history_id,)).fetchone()
    if row is None or row["state"] == "ready":
        return PageOutcome()
    if report.passing and needs_resolving(row["url"]) and _try_again(db, row, now_ms):
        return PageOutcome()
    db.execute(
        """UPDATE history SET state = 'ready', lease_owner = NULL, lease_until_ms = NULL, page = ?,
            page_error = ? WHERE id = ?""",
        (
            None if report.page is None else json.dumps(_facts(report)),
            None if report.error is None else json.dumps([report.error, *report.error_args]),
            row["id"],
        ),
    )
    link = HistoryId(row["id"])
    titles = Titles(shown=row["title"], page=report.page.title if report.page else "")
    for witness, target in _targets(row["url"], report):
        link = aliases.lead(db, link, target, witness=witness, titles=titles, now_ms=now_ms)
    freed = judging.page_came(db, link, now_ms=now_ms)
    freed += db.execute(
        """UPDATE queue SET not_before_ms = 0, waits_from_ms = 0
        WHERE history_id = ? AND state = 'pending' AND not_before_ms > 0 AND attempts = 0 AND refusals = 0""",
        (link,),
    ).rowcount
    return PageOutcome(freed=freed, merged=link != row["id"])


def forget(
    db: Database, *, before_ms: int, behind: tuple[int, int] = (-1, 0), limit: int = _FORGOTTEN_AT_ONCE
) -> tuple[int, int] | None:
    """Drop texts of links that were first seen before a time, the oldest first, never their keys.

    A link that may still go out somewhere keeps its texts.

    Args:
        db: the connection.
        before_ms: epoch milliseconds.
        behind: how far an earlier call came.
        limit: so many links are looked at.

    Returns:
        How far it came; None at the end.
    """
    rows = db.execute(
        f"""SELECT first_seen_ms, id, EXISTS (
            SELECT 1 FROM queue WHERE history_id = history.id AND queue.state IN ({_MAY_GO_OUT})) AS wanted
        FROM history WHERE (page IS NOT NULL OR summary <> '')
        AND first_seen_ms < ? AND (first_seen_ms, id) > (?, ?)
        ORDER BY first_seen_ms, id LIMIT ?""",
        (before_ms, *behind, limit),
    ).fetchall()
    db.execute(
        """UPDATE history SET page = NULL, summary = ''
        WHERE id IN (SELECT value FROM json_each(?))""",
        (json.dumps([row["id"] for row in rows if not row["wanted"]]),),
    )
    return (rows[-1]["first_seen_ms"], rows[-1]["id"]) if len(rows) == limit else None


def _try_again(db: Database, row: sqlite3.Row, now_ms: int) -> bool:
    """Put a page off, by twice as long each time; False when that would be too late."""
    after_ms = now_ms + _FIRST_PAUSE_MS * 2 ** row["attempts"]
    if after_ms >= row["ready_by_ms"]:
        return False
    db.execute(
        """UPDATE history SET state = 'accepted', lease_owner = NULL, lease_until_ms = NULL,
            attempts = attempts + 1, page_after_ms = ? WHERE id = ?""",
        (after_ms, row["id"]),
    )
    return True


def _facts(report: PageReport) -> dict[str, object]:
    """Return what a page said, without what it did not."""
    said = {} if report.page is None else dataclasses.asdict(report.page)
    return {name: value for name, value in said.items() if value not in (None, "", (), [])}


def _targets(url: str, report: PageReport) -> Iterator[tuple[Witness, str]]:
    """Yield the other addresses of a page, the surest first, under their keys."""
    found: list[tuple[Witness, str]] = []
    if report.led_to is not None:
        found.append(("wrapper" if needs_resolving(url) else "redirect", report.led_to))
    if report.page is not None:
        found += [("canonical", address) for address in report.page.aliases]
    for witness, address in found:
        try:
            yield witness, normalize(address)
        except RefusedUrl:
            continue

"""What there is to do for the janitor: one look, so that a minute without work writes nothing."""

from dataclasses import dataclass

from sqlite_utils import Database

from store import brake, finding, removing, watchdogs


@dataclass(frozen=True, slots=True, kw_only=True)
class Chores:
    """What waits for the janitor.

    Attributes:
        resume: pauses are over.
        resume_ms: when the next one is (epoch milliseconds); None: none ends by itself.
        words: links are to be brought into the index of words.
        removals: what was removed can be taken back no more.
        watch: there may be something to say about sources, or to ask about what the brake holds.
    """

    resume: bool = False
    resume_ms: int | None = None
    words: bool = False
    removals: bool = False
    watch: bool = False


def waiting(db: Database, *, now_ms: int) -> Chores:
    """Return what there is to do now. It only reads; what is done looks again for itself."""
    resume_ms, begun_ms = db.execute(
        """SELECT MIN(resumes_ms), MAX(state_ms) FROM subscriptions
        WHERE state = 'paused' AND resumes_ms IS NOT NULL"""
    ).fetchone()
    due = resume_ms is not None and (resume_ms <= now_ms or begun_ms > now_ms)
    return Chores(
        resume=due,
        resume_ms=None if due else resume_ms,
        words=finding.is_behind(db),
        removals=removing.can_forget(db, now_ms=now_ms),
        watch=watchdogs.may_speak(db, now_ms=now_ms) or brake.holds(db),
    )

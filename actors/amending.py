"""Carrying out what people want changed of posts that are in their chats."""

from typing import Protocol

import structlog
from sqlite_utils import Database

from actors.context import Context
from actors.graceful import finishing
from actors.insisting import insist
from actors.pacing import wait_for_turn
from core.protocol import Deferred, PlaceSuspended, Rejected, SendOutcome, Sent, Uncertain
from store import amendments, chats
from store.amendments import Amendment

_RETRY_S = 5.0
_GRACE_S = 1.5

log = structlog.get_logger("speaker")


class Amender(Protocol):
    """Changes messages. One that says so already, or is gone as wished, counts as sent; every no is told."""

    async def change(self, amendment: Amendment) -> SendOutcome:
        """Let a message, or the caption of a photo, say something else; its buttons stay."""
        ...

    async def erase(self, amendment: Amendment) -> SendOutcome:
        """Delete a message."""
        ...


async def amend_next(ctx: Context, amender: Amender) -> bool:
    """Carry out the next change that waits, if there is one; tell whether there was."""
    amendment = await insist(lambda: ctx.store.read(amendments.waiting, now_ms=ctx.now_ms()))
    if amendment is None:
        return False
    await wait_for_turn(ctx.pace)
    async with finishing() as grace:
        outcome: SendOutcome = Uncertain(error="stopped before an answer came")
        with grace.step(_GRACE_S):
            outcome = await (amender.erase if amendment.kind == "delete" else amender.change)(amendment)
        with grace.step(_GRACE_S):
            await insist(lambda: ctx.store.write(_note, amendment, outcome, ctx.rng.random(), ctx.now_ms()))
    log.info(
        "amendment",
        kind=amendment.kind,
        chat=amendment.chat_id,
        message=amendment.message_id,
        outcome=type(outcome).__name__.lower(),
    )
    return True


def _note(db: Database, amendment: Amendment, outcome: SendOutcome, jitter_s: float, now_ms: int) -> None:
    number = amendment.amendment_id
    match outcome:
        case Sent():
            amendments.made(db, number)
        case Deferred(retry_after_s=wait_s):
            until_ms = now_ms + round((wait_s + jitter_s) * 1000)
            chats.flood(db, chats.current_id(db, amendment.chat_id), until_ms=until_ms, now_ms=now_ms)
        case Rejected(error=error):
            amendments.refused(db, number, error=error, now_ms=now_ms)
        case PlaceSuspended(reason=reason):
            amendments.refused(db, number, error=reason, now_ms=now_ms)
        case _:
            error = getattr(outcome, "error", type(outcome).__name__.lower())
            amendments.postponed(db, number, wait_s=_RETRY_S, error=error, now_ms=now_ms)

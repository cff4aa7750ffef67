"""What the publisher asks of the writer, each in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlite_utils import Database

from actors.context import Context
from actors.prober import probe_place
from core.pacing import PacingPolicy
from core.protocol import Delivery, PlaceSuspended, Receipt
from core.settings import Settings
from core.uncertainty import UncertainPolicy
from core.urls.normalize import host_of
from store import approvals, doubts, no_facts, notices, people, posts
from store.outbox import claiming, staleness
from store.outbox.claiming import Claimed
from store.outbox.unsettled import is_unsettled


def settle_and_claim(db: Database, *, ctx: Context, limit: int, now_ms: int) -> tuple[Claimed, int]:
    """Settle what is in doubt, ask what is to be asked, and lease what may go out.

    Returns:
        The deliveries, and how many notices now wait to be spoken.
    """
    settings = ctx.settings
    alert = people.alert_place(db, settings.alert_place, settings.owner_ids)
    asked = doubts.settle(
        db,
        policy=uncertain_policy(settings),
        alert=alert,
        now_ms=now_ms,
        looked_for=probe_place(db, settings) is not None,
    )
    asked += no_facts.settle(db, alert=alert, now_ms=now_ms)
    if alert is not None:
        asked += approvals.ask(db, alert=alert, now_ms=now_ms)
    staleness.drop_stale(db, now_ms=now_ms)
    claimed = claiming.claim_deliveries(
        db, owner=ctx.owner, limit=limit, pacing=pacing_policy(settings), now_ms=now_ms
    )
    if not claimed.deliveries:
        claimed = replace(claimed, unsettled=is_unsettled(db))
    return claimed, asked + _tell_unmarked(db, claimed.unmarked, alert, now_ms)


def _tell_unmarked(
    db: Database, unmarked: Sequence[Delivery], alert: tuple[int, int] | None, now_ms: int
) -> int:
    """Say once for each chat and host that links are held for want of a token."""
    if alert is None:
        return 0
    for delivery in unmarked:
        chat_id, host = delivery.place.chat_id, host_of(delivery.content.url)
        key = f"no_erid:{chat_id}:{host}"
        args = {"chat": str(chat_id), "host": host}
        notices.post_once(db, place=alert, key=key, code="link.no_erid", args=args, now_ms=now_ms)
    return len(unmarked)


def record_receipt(db: Database, receipt: Receipt, *, ctx: Context, now_ms: int) -> bool:
    """Record how a send ended (`store.posts.record_receipt`)."""
    alert = None
    if isinstance(receipt.outcome, PlaceSuspended):
        alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
    return posts.record_receipt(db, receipt, now_ms=now_ms, alert=alert)


def pacing_policy(settings: Settings) -> PacingPolicy:
    """Return the operator's gaps between messages."""
    return PacingPolicy(
        chat_gap_s=settings.chat_gap,
        group_gap_s=settings.group_gap,
        global_rate=settings.global_rate,
        zone=settings.zone,
    )


def uncertain_policy(settings: Settings) -> UncertainPolicy:
    """Return the operator's choice for posts in doubt."""
    return UncertainPolicy(on_uncertain=settings.on_uncertain, after=settings.uncertain_after)

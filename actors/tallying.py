"""Counting how sends end."""

from actors.context import Context
from core.metrics import result_of
from core.protocol import Deferred, Delivery, SendOutcome, Sent


def count_send(ctx: Context, delivery: Delivery, outcome: SendOutcome) -> None:
    """Count a send that ended, how long its link was on its way, and what Telegram asked to wait."""
    ctx.metrics.sends_total.add(result_of(outcome))
    if isinstance(outcome, Sent) and delivery.wished_ms:
        on_its_way_s = (ctx.now_ms() - delivery.wished_ms) / 1000
        ctx.metrics.seen_to_posted_seconds.observe(max(0.0, on_its_way_s))
    if isinstance(outcome, Deferred):
        ctx.metrics.flood_wait_seconds_total.add(amount=outcome.retry_after_s)

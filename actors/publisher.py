"""The publisher: brings what waits in the outbox to its chats, and notes how each send ended."""

from dataclasses import replace
from math import inf

import structlog
import trio

from actors import claims
from actors.context import Context
from actors.drawing import drawn
from actors.gallery import Gallery
from actors.graceful import Grace
from actors.idling import TURN_S, idle
from actors.insisting import insist
from actors.messenger import Messenger
from actors.pacing import wait_for_turn
from actors.prober import Prober
from actors.tallying import count_send
from core.errors import TokenRefused
from core.pacing import holds_everywhere
from core.pictures.ways import Picture, fitting
from core.protocol import (
    Deferred,
    Delivery,
    NotSent,
    OutgoingMessage,
    PostId,
    Receipt,
    SendOutcome,
    Uncertain,
)
from core.rendering.post import RenderedPost
from core.text import utf16_length
from store import posts, queue, reconciling
from store.outbox.claiming import Claimed

ANSWER_GRACE_S = 3.0
RECEIPT_GRACE_S = 1.0
IN_FLIGHT = 32
"""Posts that are on their way at once, each to another chat."""
_LONGEST_BACKOFF_S = 60.0

log = structlog.get_logger("publisher")


async def run(
    ctx: Context,
    messenger: Messenger,
    gallery: Gallery,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Publish for ever. One request in flight per chat; order within a chat and lane is kept.

    At the end a request under way gets 3 s for its answer and 1 s for its receipt; what was claimed
    and not begun goes back. Crashes only by a bug, or by TokenRefused.
    """
    await rescue(ctx)
    task_status.started()
    publisher = Publisher(ctx, messenger, gallery)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.grace.watch)
        nursery.start_soon(publisher.prober.run)
        while True:
            ctx.turned()
            seen = ctx.store.changes
            claimed = await insist(publisher.claim)
            for delivery in claimed.deliveries:
                nursery.start_soon(publisher.deliver, delivery)
            if not claimed.deliveries:
                await idle(
                    ctx,
                    ctx.bells.publisher,
                    seen=seen,
                    until_ms=inf if claimed.next_ms is None else claimed.next_ms,
                    restless=claimed.unsettled,
                )


async def publish_pending(ctx: Context, messenger: Messenger, gallery: Gallery, *, patience_s: float) -> None:
    """Publish what waits, and return when nothing is left that may go out within `patience_s` seconds."""
    await rescue(ctx)
    publisher = Publisher(ctx, messenger, gallery)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.grace.watch)
        await publisher.prober.once()
        while await _round(publisher, ctx, patience_s):
            pass
        nursery.cancel_scope.cancel()


async def _round(publisher: "Publisher", ctx: Context, patience_s: float) -> bool:
    """Publish what may go out now, or wait until something may; return whether there may be more."""
    claimed = await insist(publisher.claim)
    async with trio.open_nursery() as nursery:
        for delivery in claimed.deliveries:
            nursery.start_soon(publisher.deliver, delivery)
    if not claimed.deliveries:
        if claimed.next_ms is None or claimed.next_ms - ctx.now_ms() > patience_s * 1000:
            return False
        await trio.sleep((claimed.next_ms - ctx.now_ms()) / 1000)
    return True


async def rescue(ctx: Context) -> None:
    """Take over what dead publishers left behind."""
    doubtful = await insist(
        lambda: ctx.store.write(queue.release_dead_leases, owner=ctx.owner, now_ms=ctx.now_ms())
    )
    await insist(lambda: ctx.store.write(reconciling.begin_anew, now_ms=ctx.now_ms()))
    if doubtful:
        log.warning("sends_in_doubt", count=doubtful, hint="begun before the last stop, answer unknown")


class Publisher:
    """One incarnation's work: claims, sends and receipts, under one pace."""

    def __init__(self, ctx: Context, messenger: Messenger, gallery: Gallery) -> None:
        self._ctx = ctx
        self._messenger = messenger
        self._gallery = gallery
        self.prober = Prober(ctx, messenger)
        self.grace = Grace()
        self._slots = trio.Semaphore(IN_FLIGHT)
        self._last_flood: tuple[int, float] | None = None

    async def claim(self) -> Claimed:
        """Lease what may go out now, as many as there are free slots; doubts are settled first."""
        ctx = self._ctx
        while not self._slots.value:
            await self._wait_for_slot()
            ctx.turned()
        claimed, asked = await ctx.store.write(
            claims.settle_and_claim, ctx=ctx, limit=self._slots.value, now_ms=ctx.now_ms()
        )
        for _ in claimed.deliveries:
            self._slots.acquire_nowait()
        if asked:
            ctx.bells.speaker.ring()
        return claimed

    async def _wait_for_slot(self) -> None:
        """Wait until a slot may be free; a flood wait of the whole bot can hold all of them for long."""
        with trio.move_on_after(TURN_S):
            await self._slots.acquire()
            self._slots.release()

    async def deliver(self, delivery: Delivery) -> None:
        """Make one post: wait for its slot, commit that it begins, send, record the receipt."""
        try:
            delivery = await self._gallery.hang(self._ctx, delivery)
            await wait_for_turn(self._ctx.pace)
            fitting, rendered = await drawn(self._ctx, delivery)
            await self._send(fitting, rendered)
        except BaseException:
            self.grace.stop()  # the others under way end with this one
            raise
        finally:
            self._slots.release()
        self._ctx.bells.publisher.ring()

    async def _send(self, delivery: Delivery, rendered: RenderedPost) -> None:
        message = message_of(delivery, rendered)
        grace, post_id = self.grace, None
        with grace.step(RECEIPT_GRACE_S):
            post_id = await insist(lambda: self._begin(delivery, rendered))
        if post_id is None:
            return
        outcome: SendOutcome = Uncertain(error="stopped before an answer came")
        try:
            if grace.stopping:
                outcome = NotSent(error="stopped before it was sent")
            else:
                with grace.step(ANSWER_GRACE_S):
                    outcome = await self._messenger.send(message)
        except TokenRefused:
            outcome = NotSent(error="the token was refused")
            raise
        finally:
            with grace.step(RECEIPT_GRACE_S):
                await self._note(delivery, post_id, self._judged(outcome, delivery), message.picture)

    async def _begin(self, delivery: Delivery, rendered: RenderedPost) -> PostId | None:
        return await self._ctx.store.write(
            posts.begin_send,
            delivery,
            owner=self._ctx.owner,
            fingerprint=rendered.fingerprint,
            now_ms=self._ctx.now_ms(),
            shared_id=self._messenger.highest_shared_id,
        )

    async def _note(
        self, delivery: Delivery, post_id: PostId, outcome: SendOutcome, picture: Picture | None
    ) -> None:
        receipt = Receipt(
            queue_id=delivery.queue_id,
            post_id=post_id,
            chat_id=delivery.place.chat_id,
            outcome=outcome,
            picture=None if picture is None else replace(picture, body=None),
        )
        await insist(lambda: self._record(receipt))
        count_send(self._ctx, delivery, outcome)
        log.info(
            "send_ended",
            queue=delivery.queue_id,
            link=delivery.history_id,
            chat=delivery.place.chat_id,
            outcome=type(outcome).__name__.lower(),
            picture=None if picture is None else picture.way,
            detail=getattr(outcome, "error", None) or getattr(outcome, "reason", None),
        )
        self._ctx.bells.speaker.ring()
        if isinstance(outcome, Uncertain):
            self._ctx.bells.prober.ring()

    async def _record(self, receipt: Receipt) -> bool:
        return await self._ctx.store.write_first(
            claims.record_receipt, receipt, ctx=self._ctx, now_ms=self._ctx.now_ms()
        )

    def _judged(self, outcome: SendOutcome, delivery: Delivery) -> SendOutcome:
        """Add what only the publisher can know: flood waits of the whole bot, and how long to back off."""
        now_s = trio.current_time()
        if isinstance(outcome, Deferred):
            chat_id = delivery.place.chat_id
            before = self._last_flood
            other = before is not None and before[0] != chat_id
            everywhere = (
                other and before is not None and holds_everywhere(flooded_at_s=before[1], now_s=now_s)
            )
            self._last_flood = (chat_id, now_s)
            wait_s = outcome.retry_after_s + self._ctx.rng.random()
            if everywhere:
                self._ctx.pace.freeze(until_s=now_s + wait_s)
            return Deferred(retry_after_s=wait_s, everywhere=everywhere)
        if isinstance(outcome, NotSent):
            wait_s = min(2.0 ** min(delivery.attempt, 6), _LONGEST_BACKOFF_S)
            return NotSent(error=outcome.error, retry_after_s=wait_s)
        return outcome


def message_of(delivery: Delivery, rendered: RenderedPost) -> OutgoingMessage:
    """Return the message of a post as it goes out."""
    return OutgoingMessage(
        place=delivery.place,
        text=rendered.text,
        entities=rendered.entities,
        buttons=rendered.buttons,
        silent=delivery.silent,
        preview=delivery.preview,
        picture=fitting(delivery.picture, text_length=utf16_length(rendered.text)),
    )

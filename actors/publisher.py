"""The publisher: brings what waits in the outbox to its chats, and notes how each send ended."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.drawing import drawn
from actors.gallery import Gallery
from actors.graceful import Grace, finishing
from actors.insisting import insist
from actors.messenger import Messenger
from actors.pacing import wait_for_turn
from actors.prober import Prober, probe_place
from core.errors import TokenRefused
from core.pacing import PacingPolicy, holds_everywhere
from core.pictures.ways import CAPTION_LIMIT, Picture
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
from core.settings import Settings
from core.text import utf16_length
from core.uncertainty import UncertainPolicy
from core.urls.normalize import host_of
from store import approvals, doubts, no_facts, notices, people, pictures, posts, queue, reconciling
from store.outbox import claiming, staleness
from store.outbox.claiming import Claimed

ANSWER_GRACE_S = 3.0
RECEIPT_GRACE_S = 1.0
_IN_FLIGHT = 32
_LONGEST_SLEEP_S = 60.0
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
        nursery.start_soon(publisher.prober.run)
        while True:
            claimed = await insist(publisher.claim)
            for delivery in claimed.deliveries:
                nursery.start_soon(publisher.deliver, delivery)
            if not claimed.deliveries:
                wait_s = _LONGEST_SLEEP_S
                if claimed.next_ms is not None:
                    wait_s = min(wait_s, (claimed.next_ms - ctx.now_ms()) / 1000)
                await ctx.bells.publisher.wait(wait_s)


async def publish_pending(ctx: Context, messenger: Messenger, gallery: Gallery, *, patience_s: float) -> None:
    """Publish what waits, and return when nothing is left that may go out within `patience_s` seconds."""
    await rescue(ctx)
    publisher = Publisher(ctx, messenger, gallery)
    await publisher.prober.once()
    while True:
        claimed = await insist(publisher.claim)
        async with trio.open_nursery() as nursery:
            for delivery in claimed.deliveries:
                nursery.start_soon(publisher.deliver, delivery)
        if not claimed.deliveries:
            if claimed.next_ms is None or claimed.next_ms - ctx.now_ms() > patience_s * 1000:
                return
            await trio.sleep((claimed.next_ms - ctx.now_ms()) / 1000)


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
        self._slots = trio.Semaphore(_IN_FLIGHT)
        self._last_flood: tuple[int, float] | None = None

    async def claim(self) -> Claimed:
        """Lease what may go out now, as many as there are free slots; doubts are settled first."""
        await self._slots.acquire()
        self._slots.release()
        ctx = self._ctx
        claimed, asked = await ctx.store.write(
            _settle_and_claim, ctx=ctx, limit=self._slots.value, now_ms=ctx.now_ms()
        )
        for _ in claimed.deliveries:
            self._slots.acquire_nowait()
        if asked:
            ctx.bells.speaker.ring()
        return claimed

    async def deliver(self, delivery: Delivery) -> None:
        """Make one post: wait for its slot, commit that it begins, send, record the receipt."""
        try:
            delivery = await self._with_picture(delivery)
            await wait_for_turn(self._ctx.pace)
            fitting, rendered = await drawn(self._ctx, delivery)
            async with finishing() as grace:
                await self._send(fitting, rendered, grace)
        finally:
            self._slots.release()
        self._ctx.bells.publisher.ring()

    async def _with_picture(self, delivery: Delivery) -> Delivery:
        """Return the delivery with its picture as it can be sent; what cannot be had is not tried again."""
        picture = delivery.picture
        if picture is None or picture.way != "upload":
            return delivery
        ready = await self._gallery.upload(picture, now_ms=self._ctx.now_ms())
        if ready is None:
            await insist(lambda: self._refuse_picture(delivery, picture))
            ready = replace(picture, way="preview")
        return replace(delivery, picture=ready)

    async def _refuse_picture(self, delivery: Delivery, picture: Picture) -> None:
        await self._ctx.store.write(
            pictures.refused,
            picture,
            queue_id=delivery.queue_id,
            here_only=False,
            now_ms=self._ctx.now_ms(),
        )

    async def _send(self, delivery: Delivery, rendered: RenderedPost, grace: Grace) -> None:
        message = message_of(delivery, rendered)
        post_id = None
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
            _record_receipt, receipt, ctx=self._ctx, now_ms=self._ctx.now_ms()
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
        picture=_fitted(delivery.picture, rendered),
    )


def _fitted(picture: Picture | None, rendered: RenderedPost) -> Picture | None:
    """Return the picture in a way that leaves its words whole: too many for a caption make it a preview."""
    if picture is None or picture.way == "none":
        return None
    if picture.way != "preview" and utf16_length(rendered.text) > CAPTION_LIMIT:
        return replace(picture, way="preview", body=None)
    return picture


def _settle_and_claim(db: Database, *, ctx: Context, limit: int, now_ms: int) -> tuple[Claimed, int]:
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


def _record_receipt(db: Database, receipt: Receipt, *, ctx: Context, now_ms: int) -> bool:
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

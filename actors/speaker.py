"""The speaker: says cards, questions and answers, and edits them when they change; so it does posts."""

from math import inf

import structlog
import trio
from sqlite_utils import Database

from actors.amending import Amender, amend_next
from actors.context import Context
from actors.graceful import finishing
from actors.idling import idle
from actors.insisting import insist
from actors.messenger import Messenger
from actors.pacing import wait_for_turn
from core.languages import speaking
from core.protocol import Deferred, Notice, OutgoingMessage, Place, Rejected, SendOutcome, Sent, Uncertain
from core.text import cut
from core.words import speak
from store import amendments, chats, languages, notices

_RETRY_S = 5.0
_GRACE_S = 1.5
_TEXT_LIMIT = 4096

log = structlog.get_logger("speaker")


async def run(
    ctx: Context,
    messenger: Messenger,
    amender: Amender,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Speak for ever, one notice after the other, and change what people want changed of posts.

    A notice is not a post: after an unclear answer it is said again, for a card seen twice does less
    harm than a question nobody ever saw.
    """
    task_status.started()
    while True:
        ctx.turned()
        seen = ctx.store.changes
        found = await insist(lambda: ctx.store.read(notices.waiting, limit=1, now_ms=ctx.now_ms()))
        if found:
            await _speak(ctx, messenger, found[0])
        elif not await amend_next(ctx, amender):
            later = await insist(lambda: ctx.store.read(_is_any_pending))
            until_ms = ctx.now_ms() + _RETRY_S * 1000 if later else inf
            await idle(ctx, ctx.bells.speaker, seen=seen, until_ms=until_ms)


async def _speak(ctx: Context, messenger: Messenger, notice: Notice) -> None:
    try:
        language = await insist(lambda: ctx.store.read(languages.of_place, notice.chat_id))
        with speaking(language or ctx.settings.bot_language):
            text, buttons = speak(notice.code, notice.args, now_ms=ctx.now_ms())
    except Exception:
        # Of another version, perhaps; it must not silence the others.
        log.exception("notice_without_words", code=notice.code)
        await insist(lambda: _later(ctx, notice, 0.0, final=True))
        return
    message = OutgoingMessage(
        place=Place(chat_id=notice.chat_id, topic_id=notice.topic_id),
        text=cut(text, _TEXT_LIMIT),
        buttons=buttons,
        preview=False,
    )
    await wait_for_turn(ctx.pace)
    if not await insist(lambda: ctx.store.read(notices.may_speak, notice, now_ms=ctx.now_ms())):
        return
    async with finishing() as grace:
        outcome: SendOutcome = Uncertain(error="stopped before an answer came")
        with grace.step(_GRACE_S):
            outcome = await _say(messenger, message, notice.message_id)
        with grace.step(_GRACE_S):
            await insist(lambda: _note(ctx, notice, outcome))
    log.info("notice", code=notice.code, chat=notice.chat_id, outcome=type(outcome).__name__.lower())


def _is_any_pending(db: Database) -> bool:
    return notices.is_any_pending(db) or amendments.is_any_pending(db)


async def _say(messenger: Messenger, message: OutgoingMessage, message_id: int | None) -> SendOutcome:
    if message_id is None:
        return await messenger.send(message)
    return await messenger.edit(message, message_id)


async def _note(ctx: Context, notice: Notice, outcome: SendOutcome) -> None:
    match outcome:
        case Sent(message_ids=message_ids):
            await ctx.store.write(notices.spoken, notice, message_id=message_ids[0])
            await ctx.store.write(chats.note_message, notice.chat_id, message_ids[0])
        case Deferred(retry_after_s=wait_s):
            await ctx.store.write(_flooded, notice, wait_s=wait_s + ctx.rng.random(), now_ms=ctx.now_ms())
        case Rejected():
            await _later(ctx, notice, 0.0, final=True)
        case _:
            await _later(ctx, notice, _RETRY_S, final=False)


def _flooded(db: Database, notice: Notice, *, wait_s: float, now_ms: int) -> None:
    """The whole chat has to wait, for posts too; the notice is not to blame and stays as it is."""
    chats.ensure(db, notice.chat_id)
    chats.flood(db, notice.chat_id, until_ms=now_ms + round(wait_s * 1000), now_ms=now_ms)


async def _later(ctx: Context, notice: Notice, wait_s: float, *, final: bool) -> None:
    await ctx.store.write(notices.unspoken, notice, wait_s=wait_s, final=final, now_ms=ctx.now_ms())

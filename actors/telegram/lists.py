"""Taking the lists that people send, beside everything else: the card of each tells how it goes.

A list is a row until it has been taken, so that a restart goes on with it; what was taken stays as it is.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import structlog
import trio
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from actors.context import Context
from actors.doorbell import Doorbell
from actors.importing import Intake
from actors.insisting import insist
from actors.telegram.received import content_of, pieces
from core.errors import TransientError, UserError
from core.import_request import ListJob
from core.incoming import Ways
from core.inside import Outside
from core.languages import gettext as _
from core.languages import ngettext, speaking, spoken
from core.languages.formats import number_text
from core.line_ranges import ranges_text
from core.opml import BrokenList, with_pauses
from core.protocol import Place
from core.text import cut
from store import exchange, imports
from store.adding import Wish

_TOLD = 10
_LONGEST = 4_000
_LONGEST_RANGES = 500
_PROGRESS_S = 3.0
_BREATH = 50
"""After so many lines others get a turn, though nothing was written."""
_LONGEST_SLEEP_S = 60.0

log = structlog.get_logger("telegram")


class Lists:
    """Takes lists one after the other. Owns nothing: a list is a row and a file at Telegram's."""

    def __init__(self, ctx: Context, bot: Bot) -> None:
        self._ctx = ctx
        self._bot = bot
        self._bell = Doorbell()

    async def put(self, job: ListJob) -> None:
        """Let a list wait for its turn."""
        await self._ctx.store.write(imports.put, replace(job, language=spoken()), now_ms=self._ctx.now_ms())
        self._bell.ring()

    async def run(self) -> None:
        """Take lists for ever. Cancelled in the middle of one, it is begun again by the next incarnation."""
        store = self._ctx.store
        while True:
            waiting = await insist(lambda: store.read(imports.first))
            if waiting is None:
                await self._bell.wait(_LONGEST_SLEEP_S)
                continue
            number, job = waiting
            with speaking(job.language or self._ctx.settings.bot_language):
                await self._end(job, await self._outcome(job))
            await insist(lambda number=number: store.write(imports.done, number))  # type: ignore[misc]

    async def _outcome(self, job: ListJob) -> str:
        """Take a list; return what there is to say of it, whatever it is."""
        try:
            return result_text(await self._take(job))
        except UserError as error:
            return str(error)
        except TransientError as error:
            return _("Not now: {error}. Please try again in a moment.").format(error=_(str(error)))
        except Exception:
            log.exception("import_failed")
            return _("Something went wrong here; it is in my log. What was taken stays.")

    async def _take(self, job: ListJob) -> Intake:
        body = await content_of(self._bot, job.file_id)
        intake = await self._intake(job)
        told_s = trio.current_time()
        try:
            for number, outline in enumerate(with_pauses(pieces(body))):
                if outline is None or number % _BREATH == 0:
                    await trio.lowlevel.checkpoint()
                if outline is not None:
                    await intake.take(outline)
                if trio.current_time() - told_s >= _PROGRESS_S:
                    told_s = trio.current_time()
                    await self._tell(job, _progress(intake.taken))
        except BrokenList as error:
            intake.troubles.append(_("{error}; what follows is not read").format(error=error))
        await intake.write()
        self._ctx.bells.poller.ring()
        return intake

    async def _intake(self, job: ListJob) -> Intake:
        settings, place = self._ctx.settings, Place(chat_id=job.chat_id, topic_id=job.topic_id)
        ways = Ways(
            interval_min_s=settings.interval_min,
            topics=await self._ctx.store.read(exchange.topics_by_name, job.chat_id),
            topic=job.topic or (str(job.topic_id) if job.topic_id else ""),
            kind=job.kind,
            interval_s=job.interval_s,
        )
        wish = Wish(
            place=place,
            url="",
            backlog=job.backlog,
            chat_type=job.chat_type,
            chat_title=job.chat_title,
            added_by=job.added_by,
        )
        return Intake(
            store=self._ctx.store,
            now_ms=self._ctx.now_ms,
            wish=wish,
            ways=ways,
            check=Outside(settings.allow_networks, settings.allow_hosts).check,
            owners=settings.owner_ids,
        )

    async def _end(self, job: ListJob, text: str) -> None:
        if not await self._tell(job, text):
            with suppress(TelegramAPIError):
                await self._bot.send_message(job.card_chat_id, text, parse_mode=None)

    async def _tell(self, job: ListJob, text: str) -> bool:
        """Change what the card says; progress that cannot be told is no reason to stop."""
        with suppress(TelegramAPIError):
            await self._bot.edit_message_text(
                text, chat_id=job.card_chat_id, message_id=job.card_id, parse_mode=None
            )
            return True
        return False


def result_text(intake: Intake) -> str:
    """Return what became of a list, in one message."""
    lines = [_head(intake), *_over_quota(intake), *_not_taken(intake.troubles)]
    return cut("\n".join(lines), _LONGEST)


def _head(intake: Intake) -> str:
    if not intake.taken and not intake.refused:
        if intake.troubles:
            return _("Nothing in this file can be watched.")
        return _("There is no address in this file.")
    return _("✔️ {new} added, {known} were here already, {count} not taken.").format(
        new=number_text(intake.new),
        known=number_text(intake.taken - intake.new),
        count=number_text(len(intake.troubles) + len(intake.refused)),
    )


def _over_quota(intake: Intake) -> list[str]:
    """Return which lines a quota left out, and what it says; of the first ones also the addresses."""
    if intake.reached is None:
        return []
    numbers = cut(ranges_text(number for number, _url in intake.refused), _LONGEST_RANGES)
    text = _("Not taken, lines {lines}: {why}").format(lines=numbers, why=intake.reached.refusal())
    first = [_("line {number}: {error}").format(number=number, error=url) for number, url in intake.refused]
    return [text, *_not_taken(first)]


def _not_taken(told: Sequence[str]) -> list[str]:
    more = len(told) - _TOLD
    lines = [cut(_("Not taken: {trouble}").format(trouble=each), 300) for each in told[:_TOLD]]
    return lines + ([_("… and {more} more").format(more=number_text(more))] if more > 0 else [])


def _progress(taken: int) -> str:
    text = ngettext("⏳ {count} subscription…", "⏳ {count} subscriptions…", taken)
    return text.format(count=number_text(taken))

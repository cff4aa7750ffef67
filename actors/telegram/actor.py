"""The telegram actor: presents the bot, and lets people talk to it."""

from collections.abc import Callable
from dataclasses import replace

import structlog
import trio
from aiogram import Bot, Router
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import User

from actors.context import Context
from actors.insisting import insist
from actors.reader.reading import Reader
from actors.telegram import (
    asking_for,
    asking_for_words,
    channel_posts,
    commands_alone,
    editing,
    filter_panel,
    link_panel,
    looks,
    membership,
    other_words,
    presses,
    queue_presses,
    schedule_panel,
    sent_editing,
    sent_presses,
    source_presses,
    stats_picture,
    taking_back,
    verdicts,
    zone_by_location,
)
from actors.telegram.access import OwnersOnly, ReadableErrors
from actors.telegram.admin_screens import FreeBytes
from actors.telegram.administrators import GroupAdministrators
from actors.telegram.commands import (
    add,
    admin,
    backup,
    bare,
    connect,
    duplicates,
    export,
    filter_,
    find,
    history,
    import_,
    info,
    lang,
    link,
    listing,
    pause,
    post,
    queue,
    remove,
    resume,
    role,
    schedule,
    set_,
    start,
    stats,
    template,
    test,
    tz,
    version,
    why,
)
from actors.telegram.commands import help as help_
from actors.telegram.dispatching import build_dispatcher, feeding
from actors.telegram.elsewhere import Elsewhere
from actors.telegram.languages import Languages
from actors.telegram.lists import Lists
from actors.telegram.menu import MenuOfNewOwner, offer_menus
from actors.telegram.patience import PatientBot
from actors.telegram.pump import pump
from actors.telegram.recording import Recording
from actors.telegram.returning import Returning
from core.errors import TokenRefused
from store import people

_LONGEST_BACKOFF_S = 60.0

log = structlog.get_logger("telegram")

Announce = Callable[[str], None]
"""Tells the person at the terminal something that belongs into no log."""


async def run(
    ctx: Context,
    bot: Bot,
    announce: Announce,
    free_bytes: FreeBytes,
    reader: Reader,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve people for ever. Waits for a Telegram that cannot be reached; ends with a refused token."""
    bot = PatientBot(ctx, bot)
    me = await _introduce(ctx, bot, announce)
    await _offer_claim(ctx, me, announce)
    ctx = replace(ctx, administrators=GroupAdministrators(bot))
    lists = Lists(ctx, bot)
    routers = _routers(ctx, free_bytes, lists, reader)
    inner = [
        Languages(ctx),
        ReadableErrors(),
        OwnersOnly(ctx),
        MenuOfNewOwner(ctx, bot),
        Returning(ctx),
        Recording(ctx),
        Elsewhere(bot),
    ]
    dispatcher = build_dispatcher(routers, inner)
    async with trio.open_nursery() as nursery, feeding(dispatcher, bot) as feed:
        nursery.start_soon(lists.run)
        nursery.start_soon(offer_menus, ctx, bot)
        task_status.started()
        await pump(ctx, bot, feed)


def _routers(ctx: Context, free_bytes: FreeBytes, lists: Lists, reader: Reader) -> list[Router]:
    return [
        start.router(ctx),
        help_.router(),
        commands_alone.router(ctx),
        add.router(ctx),
        remove.router(ctx),
        listing.router(ctx),
        import_.router(ctx, lists),
        export.router(ctx),
        info.router(ctx),
        set_.router(ctx),
        link.router(ctx),
        pause.router(ctx),
        sent_presses.router(ctx),
        why.router(ctx),
        asking_for_words.router(ctx),
        find.router(ctx),
        history.router(ctx),
        resume.router(ctx),
        filter_.router(ctx),
        schedule.router(ctx),
        queue.router(ctx),
        post.router(ctx),
        tz.router(ctx),
        zone_by_location.router(ctx),
        lang.router(ctx),
        template.router(ctx),
        looks.router(ctx),
        test.router(ctx),
        role.router(ctx),
        admin.router(ctx, free_bytes),
        connect.router(ctx),
        stats.router(ctx),
        stats_picture.router(ctx, reader),
        backup.router(ctx),
        duplicates.router(ctx),
        version.router(),
        channel_posts.router(ctx),
        membership.router(ctx),
        queue_presses.router(ctx),
        source_presses.router(ctx),
        taking_back.router(ctx),
        verdicts.router(ctx),
        sent_editing.router(ctx),
        editing.router(ctx),
        asking_for.router(ctx),
        filter_panel.router(ctx),
        link_panel.router(ctx),
        schedule_panel.router(ctx),
        bare.router(ctx),
        presses.router(ctx),
        other_words.router(),
    ]


async def _introduce(ctx: Context, bot: Bot, announce: Announce) -> User:
    """Ask who we are, and take the updates over from a webhook."""
    failures = 0
    while True:
        ctx.turned()
        try:
            me = await bot.me()
            await bot.delete_webhook()
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise TokenRefused(
                "Telegram refuses BOT_TOKEN; get a new one from @BotFather and check BOT_API_URL"
            ) from None
        except (TelegramAPIError, ClientDecodeError) as error:
            ctx.turned()
            failures += 1
            wait_s = min(2.0 ** min(failures, 6), _LONGEST_BACKOFF_S)
            if failures == 1:
                announce(
                    f"Telegram ({ctx.settings.bot_api_url}) cannot be reached ({type(error).__name__}). "
                    "I go on trying; where it is blocked, set PROXY_TELEGRAM=socks5://host:port "
                    "or another BOT_API_URL."
                )
            log.warning(
                "telegram_unreachable",
                error=type(error).__name__,
                retry_in_s=wait_s,
                hint="PROXY_TELEGRAM or BOT_API_URL may help",
            )
            await trio.sleep(wait_s + ctx.rng.random())
        else:
            if failures:
                announce(f"Telegram answers: @{me.username} is at work.")
            log.info("telegram_ready", bot=me.username)
            return me


async def _offer_claim(ctx: Context, me: User, announce: Announce) -> None:
    if await ctx.store.read(people.owners, ctx.settings.owner_ids):
        return
    fresh = f"{ctx.rng.getrandbits(96):024x}"
    code = await insist(lambda: ctx.store.write(people.claim_code, fresh=fresh))
    announce(
        f"This bot has no owner yet. Open https://t.me/{me.username}?start={code} to claim it "
        "(works once), or set OWNER_IDS."
    )

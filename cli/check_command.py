"""`check`: the doctor. One line for each thing looked at, and what to do about those that are not well."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import trio

from cli.findings import Finding, on_this_machine
from cli.reading import read_only
from cli.starting import now_ms, real_environment, settings_for
from core.errors import TokenRefused
from core.settings import Settings

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import ResultChatMemberUnion

_MOST_CLOCK_ERROR_S = 60
_TIMEOUT_S = 20


@click.command("check")
@click.option("--offline", is_flag=True, help="Look only at what needs no network.")
@click.pass_context
def command(ctx: click.Context, offline: bool) -> None:
    """Look at settings, token, rights in every chat, database, disk, clock and DNS.

    Exit code 0 and ALL CHECKS PASSED, or 1 and what to do.
    """
    settings = settings_for(ctx)
    findings = [Finding("settings", well=True, text="complete and possible")]
    findings += list(_offline(settings))
    if not offline:
        findings += trio.run(_online, settings)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'FAIL'} {finding.subject}: {finding.text}")
    if not all(finding.well for finding in findings):
        click.echo("Something needs you: see the lines that begin with FAIL.")
        sys.exit(1)
    click.echo("ALL CHECKS PASSED")


def _offline(settings: Settings) -> Iterator[Finding]:
    if settings.bot_token is None:
        yield Finding("token", well=False, text="BOT_TOKEN is missing; get one from @BotFather")
    yield from on_this_machine(settings, now_ms=now_ms())


async def _online(settings: Settings) -> list[Finding]:
    if settings.bot_token is None:
        return []
    import supervisor

    env = real_environment(settings)
    findings = [await _dns(settings)]
    async with supervisor.telegram_bot(env) as bot:
        findings += [finding async for finding in _telegram(settings, bot)]
    return findings


async def _dns(settings: Settings) -> Finding:
    url = urlsplit(settings.bot_api_url)
    host = url.hostname or ""
    if settings.proxy_telegram is not None:
        return Finding("dns", well=True, text="left to PROXY_TELEGRAM")
    with trio.move_on_after(_TIMEOUT_S):
        try:
            found = await trio.socket.getaddrinfo(host, url.port or url.scheme)
        except (OSError, UnicodeError):
            return Finding("dns", well=False, text=f"{host} is not found; check the network or BOT_API_URL")
        return Finding("dns", well=True, text=f"{host} is {found[0][4][0]}")
    return Finding("dns", well=False, text=f"{host}: no answer in {_TIMEOUT_S} s; check the name server")


async def _telegram(settings: Settings, bot: "Bot") -> AsyncIterator[Finding]:
    from aiogram.exceptions import (
        ClientDecodeError,
        TelegramAPIError,
        TelegramNotFound,
        TelegramUnauthorizedError,
    )

    try:
        me = await bot.me()
    except (TelegramUnauthorizedError, TelegramNotFound, TokenRefused):
        yield Finding("token", well=False, text="Telegram refuses it; get a new one from @BotFather")
        return
    except (TelegramAPIError, ClientDecodeError) as error:
        text = f"{settings.bot_api_url} does not answer ({type(error).__name__}); PROXY_TELEGRAM may help"
        yield Finding("telegram", well=False, text=text)
        return
    yield Finding("token", well=True, text=f"belongs to @{me.username}")
    yield await _clock(settings)
    for chat_id, title in _chats(settings):
        try:
            member = await bot.get_chat_member(chat_id, me.id)
        except (TelegramAPIError, ClientDecodeError) as error:
            yield Finding(f"chat {title}", well=False, text=getattr(error, "message", type(error).__name__))
        else:
            missing = _missing_right(member)
            yield Finding(f"chat {title}", well=missing is None, text=missing or "the bot may post")


def _missing_right(member: "ResultChatMemberUnion") -> str | None:
    if member.status in ("left", "kicked"):
        return "the bot is not there; add it again"
    if getattr(member, "can_post_messages", None) is False:
        return "the bot may not post; give it the right to post messages"
    if getattr(member, "can_send_messages", None) is False:
        return "the bot may not write; lift its restriction"
    return None


async def _clock(settings: Settings, *, now: Callable[[], int] = now_ms) -> Finding:
    """Compare the clock with the Bot API server's (header Date, to the second)."""
    import httpx

    from actors.telegram.session import telegram_transport

    proxy = settings.proxy_telegram.get_secret_value() if settings.proxy_telegram else None
    try:
        with trio.fail_after(_TIMEOUT_S):
            async with httpx.AsyncClient(
                transport=telegram_transport(proxy=proxy), trust_env=False
            ) as client:
                answer = await client.get(settings.bot_api_url)
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, trio.TooSlowError, KeyError, ValueError):
        return Finding("clock", well=True, text="not compared, the server tells no time")
    error_s = abs((datetime.fromtimestamp(now() / 1000, tz=UTC) - theirs).total_seconds())
    text = f"{error_s:.0f} s from Telegram's" + ("" if error_s <= _MOST_CLOCK_ERROR_S else "; set it right")
    return Finding("clock", well=error_s <= _MOST_CLOCK_ERROR_S, text=text)


def _chats(settings: Settings) -> list[tuple[int, str]]:
    if not settings.database_path.exists():
        return []
    with read_only(settings) as db:
        rows = db.execute(
            """SELECT DISTINCT chats.chat_id, chats.title FROM chats JOIN subscriptions USING (chat_id)
            WHERE subscriptions.state = 'active' AND chats.chat_id <> 0"""
        ).fetchall()
    return [(row["chat_id"], row["title"] or str(row["chat_id"])) for row in rows]

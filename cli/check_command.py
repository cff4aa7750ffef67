"""`check`: the doctor. One line for each thing looked at, and what to do about those that are not well."""

import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import trio

from cli.reading import read_only
from cli.starting import now_ms, real_environment, settings_for
from core.errors import TokenRefused, VestnikError
from core.settings import Settings
from core.words import say

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import ResultChatMemberUnion

_LEAST_FREE_BYTES = 200 * 2**20
_MOST_CLOCK_ERROR_S = 60
_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    subject: str
    well: bool
    text: str


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
    yield _disk(settings)
    if not settings.database_path.exists():
        text = f"{settings.database_path}: none yet, the first run makes it"
        yield Finding("database", well=True, text=text)
        return
    try:
        with read_only(settings) as db:
            yield from _database(db.conn)
    except (VestnikError, sqlite3.DatabaseError) as error:
        yield Finding("database", well=False, text=str(error))


def _disk(settings: Settings) -> Finding:
    folder = settings.database_path.absolute().parent
    if not folder.is_dir():
        return Finding("disk", well=False, text=f"{folder}: no such folder; create it or change DATABASE_URL")
    free = shutil.disk_usage(folder).free
    text = f"{free // 2**20} MiB free in {folder}"
    return Finding("disk", well=free >= _LEAST_FREE_BYTES, text=text)


def _database(db: sqlite3.Connection) -> Iterator[Finding]:
    damage = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    yield Finding("integrity", well=not damage, text="; ".join(damage) or "sound")
    dangling = len(db.execute("PRAGMA foreign_key_check").fetchall())
    yield Finding("references", well=not dangling, text=f"{dangling} dangling")
    yield _count(
        db,
        "duplicates",
        "SELECT COUNT(*) FROM (SELECT 1 FROM history GROUP BY normalized_url HAVING COUNT(*) > 1)",
    )
    yield _count(
        db,
        "repeated posts",
        """SELECT COUNT(*) FROM (SELECT 1 FROM queue WHERE state = 'sent'
        GROUP BY chat_id, scope, history_id, edition HAVING COUNT(*) > 1)""",
    )
    held = db.execute(
        """SELECT COALESCE(reason, state), COUNT(*) FROM queue WHERE state IN ('held', 'uncertain')
        GROUP BY 1"""
    ).fetchall()
    text = ", ".join(f"{count} {say(reason)}" for reason, count in held)
    yield Finding("held", well=True, text=text or "nothing")


def _count(db: sqlite3.Connection, subject: str, sql: str) -> Finding:
    count = db.execute(sql).fetchone()[0]
    return Finding(subject, well=count == 0, text=f"{subject} = {count}")


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

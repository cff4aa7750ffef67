"""`migrate`: the database is brought up to date now; an older bot's becomes this one's."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import trio

from cli.bars import bar_of_rows
from cli.places import find_place, target_of
from cli.starting import now_ms, private_files, settings_for
from core.errors import DatabaseRefused, UserError
from core.settings import Settings
from store import keys, older_bot
from store.connection import open_for_writing
from store.lock import owned
from store.migrations import copy_before, is_older_bots, migrate, refuse_strangers
from store.replacing import replaced


@click.command("migrate")
@click.option(
    "--chat", metavar="CHAT", help="Where an older bot's waiting links are to go: numeric id, or @name."
)
@click.pass_context
def command(ctx: click.Context, chat: str | None) -> None:
    """Bring the database up to date, with a copy of it before anything changes.

    The bot does the same when it starts; this shows what it does. The schema is changed to this version's.
    Links get their keys by this version's rules, and those that turn out to be one become one, with
    examples of them.

    An older bot's database (its tables history and queue) is taken over: rows that are the same link
    become one, what it posted counts as posted in its chats, and what waits in its queue is posted to CHAT.
    Its file stays beside the new one. Stop the older bot first.

    \b
    DATABASE_URL=sqlite:///old_bot.db python run.py migrate --chat -1001234567890
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    settings = settings_for(ctx)
    path = settings.database_path
    if not path.exists():
        raise DatabaseRefused(f"{path}: no such database yet; `python run.py` or `add` creates it")
    with owned(path):
        if is_older_bots(path):
            _take_over(path, None if chat is None else trio.run(_chat_id, settings, chat))
        else:
            refuse_strangers(path)
        _bring_up_to_date(path)


async def _chat_id(settings: Settings, chat: str) -> int:
    place, _, _ = await find_place(settings, target_of(chat))
    return place.chat_id


def _take_over(path: Path, chat_id: int | None) -> None:
    with replaced(path, now_ms=now_ms()) as files:
        wait = older_bot.waiting(files.old)
        if wait and chat_id is None:
            raise UserError(f"{path}: {wait:,} links wait in its queue; say with --chat where they are to go")
        with bar_of_rows("taking over", older_bot.rows_of(files.old)) as advance:
            done = older_bot.adopt(files.old, files.new, chat_id=chat_id, now_ms=now_ms(), advance=advance)
    click.echo(f"copy      {files.backup}")
    click.echo("\n".join(_lines(done, chat_id)))


def _lines(done: older_bot.Adopted, chat_id: int | None) -> Iterator[str]:
    yield f"history   {done.rows:,} rows are {done.links:,} links, {done.duplicates:,} were duplicates"
    yield f"sent      {done.sent:,} links are known to be in their chats"
    if done.homeless:
        yield f"unplaced  {done.homeless:,} posts name no chat by its id; --chat would have said which"
    if done.waiting:
        again = done.waiting - done.queued
        yield f"queue     {done.queued:,} links wait for {chat_id}, {again:,} were posted or there already"
    if done.doubtful:
        yield f"doubtful  {done.doubtful:,} of them were being posted when it ended: you will be asked"
    if done.left:
        counts = ", ".join(f"{count:,} {status}" for status, count in sorted(done.left.items()))
        yield f"finished  {counts}: they wait no more"
    if done.refused:
        yield f"ignored   {done.refused:,} rows without an address on the web"


def _bring_up_to_date(path: Path) -> None:
    with closing(open_for_writing(path)) as db:
        applied = migrate(db, path, now_ms=now_ms())
        if applied and (copy := copy_before(path, applied[0])).exists():
            click.echo(f"copy      {copy}")
        click.echo(f"schema    {len(applied)} migrations applied" if applied else "schema    up to date")
        wait = keys.outdated(db)
        if not wait:
            click.echo("keys      up to date")
        else:
            click.echo(f"copy      {keys.back_up_before_renewal(db, path)}")
            with bar_of_rows("renewing keys", wait) as advance:
                done = keys.renew(db, now_ms=now_ms(), advance=advance)
            click.echo("\n".join(_renewed(done)))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _renewed(done: keys.Renewed) -> Iterator[str]:
    yield f"keys      {done.looked_at:,} looked at, {done.changed:,} changed, {done.merged:,} links merged"
    if done.refused:
        yield f"ignored   {done.refused:,} that are no links any more by newer rules keep their keys"
    for one, other in done.examples:
        yield f"merged    {one}\n          {other}"

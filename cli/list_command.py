"""`list`: what is watched, and how it goes."""

import json

import click
from rich.console import Console
from rich.table import Table

from cli.reading import read_only
from cli.starting import now_ms, settings_for
from core.durations import format_duration
from core.urls.normalize import without_secrets
from core.words import say


@click.command("list")
@click.option("--chat", type=int, metavar="ID", help="Only this chat.")
@click.pass_context
def command(ctx: click.Context, chat: int | None) -> None:
    """Show what is watched, for which chats, and how it goes."""
    from store import reads

    with read_only(settings_for(ctx)) as db:
        rows = reads.watched(db, chat_id=chat)
    if not rows:
        click.echo("Nothing is watched yet. `python run.py add URL --chat CHAT` starts it.")
        return
    table = Table("chat", "no.", "title", "address", "state", box=None)
    for row in rows:
        state = say(row.state)
        if row.error is not None:
            state = f"{say(row.error, *json.loads(row.error_args))}, {row.errors} times in a row"
        if row.paused:
            state = f"pauses, {state}"
        wait = format_duration((row.next_check_ms - now_ms()) / 1000)
        place = f"{row.chat_id}/{row.topic_id}" if row.topic_id else str(row.chat_id)
        table.add_row(
            place, str(row.number), row.title, without_secrets(row.url), f"{state}; next check in {wait}"
        )
    Console(soft_wrap=True).print(table, markup=False)

"""`queue`: what waits for each chat."""

import click
from rich.console import Console
from rich.table import Table

from cli.reading import read_only
from cli.starting import now_ms, settings_for
from core.posting.shown import next_text
from core.text import cut, one_line
from core.urls.normalize import without_secrets
from core.words import say

_TITLE_LIMIT = 80


@click.command("queue")
@click.option("--chat", type=int, metavar="ID", help="Only this chat.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Rows for a chat."
)
@click.pass_context
def command(ctx: click.Context, chat: int | None, limit: int) -> None:
    """Show what waits for each chat, when it goes out by the clock of that chat, and why not before."""
    from actors.claims import pacing_policy
    from store.outbox.waiting import chats_with_queue, queue_of

    settings = settings_for(ctx)
    now = now_ms()
    with read_only(settings) as db:
        chat_ids = chats_with_queue(db) if chat is None else [chat]
        queues = {
            each: queue_of(db, each, limit=limit, pacing=pacing_policy(settings), now_ms=now)
            for each in chat_ids
        }
    table = Table("chat", "when", "link", "why", box=None)
    for chat_id, found in queues.items():
        for row in found.rows:
            when = f"{next_text(row.next_ms, found.zone, now_ms=now)} {found.zone}"
            title = cut(one_line(row.title) or without_secrets(row.url), _TITLE_LIMIT)
            table.add_row(str(chat_id), when, title, say(row.why))
        if found.total > len(found.rows):
            table.add_row(str(chat_id), "later", f"… and {found.total - len(found.rows)} more", "")
        for reason, count in found.held.items():
            table.add_row(str(chat_id), "held", f"{count} links", say(reason))
    if not table.row_count:
        click.echo("Nothing is waiting.")
        return
    Console(soft_wrap=True).print(table, markup=False)

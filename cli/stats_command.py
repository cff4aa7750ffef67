"""`stats`: counts of everything."""

import dataclasses
import json

import click

from cli.reading import read_only
from cli.starting import now_ms, settings_for
from core.words import say


@click.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show counts of everything: sources, links, posts by state, duplicates."""
    from store import reads

    with read_only(settings_for(ctx)) as db:
        counts = reads.counts(db, now_ms=now_ms())
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(counts)))
        return
    click.echo(f"sources       {_by_state(counts.sources)}; failing now {counts.failing}")
    click.echo(f"subscriptions {counts.subscriptions} in {counts.chats} chats")
    click.echo(f"links         {counts.links} known, {counts.repeats_caught} repeats caught")
    click.echo(f"queue         {_by_state(counts.queue)}; sent in the last 24 hours {counts.sent_today}")
    for reason, count in counts.held.items():
        click.echo(f"held          {count}: {say(reason)}")
    click.echo(f"duplicates    {counts.duplicates}")


def _by_state(counts: dict[str, int]) -> str:
    return ", ".join(f"{state} {count}" for state, count in counts.items()) or "none"

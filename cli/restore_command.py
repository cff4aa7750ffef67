"""`restore`: a backup takes the place of the database, and nothing is posted twice for it."""

from pathlib import Path

import click

from cli.moments import iso_utc
from cli.starting import now_ms, private_files, settings_for
from store import restoring
from store.lock import owned
from store.restoring import Backup, Since


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only verify the backup; replace nothing.")
@click.option(
    "--since-backup",
    type=click.Choice(["hold", "posted", "post"]),
    default="posted",
    show_default=True,
    help="What becomes of links that may have been posted after the backup was made.",
)
@click.pass_context
def command(ctx: click.Context, file: Path, check: bool, since_backup: Since) -> None:
    """Put a backup in the place of the database, after verifying it. Stop the bot first.

    Nobody knows what was posted after the backup was made. With `posted` (the default) whatever the
    sources show at their next poll counts as posted, and so does what waited: nothing is repeated. With
    `hold` all of that is held, and you are asked once. With `post` it is posted, repetitions included.

    The file that is replaced stays beside the new one.

    \b
    python run.py restore backups/bot_database.db.gz --check
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    settings = settings_for(ctx)
    if check:
        _describe(file, restoring.verify(file))
        return
    with owned(settings.database_path):
        done = restoring.restore(file, settings.database_path, since=since_backup, now_ms=now_ms())
    _describe(file, done.backup)
    if done.aside is not None:
        click.echo(f"aside     {done.aside}")
    if done.settled:
        became = "count as posted" if since_backup == "posted" else "are held: you will be asked"
        click.echo(f"waiting   {done.settled:,} posts that waited {became}")
    click.echo(f"restored  {settings.database_path}")


def _describe(file: Path, backup: Backup) -> None:
    click.echo(f"backup    {file}: whole, schema {backup.schema}")
    click.echo(
        f"holds     {backup.links:,} links, {backup.subscriptions:,} subscriptions, "
        f"{backup.waiting:,} posts waiting"
    )
    if backup.last_post_ms is not None:
        click.echo(f"newest    posted last at {iso_utc(backup.last_post_ms)}")

"""`backup`: the database as it is now, into a file, beside a bot that runs."""

from pathlib import Path

import click

from cli.bars import bar_of_bytes
from cli.starting import now_ms, private_files, settings_for
from core.errors import DatabaseRefused, UserError
from core.settings import Settings
from core.upkeep_words import format_size


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, file: Path | None) -> None:
    """Back the database up, also while the bot runs.

    Without FILE the backup goes to BACKUP_DIR, and the oldest there are removed as BACKUP_KEEP says. FILE
    may be a folder. A name that ends in .gz is compressed, any other is a plain SQLite database. It is
    checked before it gets its name, and `restore` reads both.
    """
    from store import backups

    private_files()
    settings = settings_for(ctx)
    database = settings.database_path
    if not database.exists():
        raise DatabaseRefused(f"{database}: no such database yet; `python run.py` or `add` creates it")
    target = _target(settings, file)
    if target.exists():
        raise UserError(f"{target}: exists already; choose another name")
    with bar_of_bytes("backing up", 2 * database.stat().st_size) as advance:
        before = 0

        def progress(done: int, _total: int) -> None:
            nonlocal before
            advance(done - before)
            before = done

        made = backups.make(database, target, progress=progress)
    click.echo(f"backup    {made.path} ({format_size(made.size_bytes)}, checked)")
    if file is None:
        kept = backups.prune(target.parent, database.name, keep=settings.backup_keep)
        click.echo(f"kept      {kept} of at most {settings.backup_keep}")


def _target(settings: Settings, file: Path | None) -> Path:
    from core.backups import name_of

    name = name_of(settings.database_path.name, now_ms=now_ms())
    if file is None:
        return settings.backup_folder / name
    return file / name if file.is_dir() else file

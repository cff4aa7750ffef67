"""What every command that works with the database needs: settings, logs, and the real world."""

import random
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.bare_imports import bare_imports
from core.errors import SettingsError
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from supervisor import Environment

HERE = Path(__file__).resolve().parent.parent


def settings_for(ctx: click.Context) -> Settings:
    """Load the settings and set up logging; warnings go to standard error.

    Raises:
        SettingsError: with all problems at once.
    """
    settings, warnings = load_settings(env_files())
    begin_logging(ctx, settings, warnings)
    return settings


def begin_logging(ctx: click.Context, settings: Settings, warnings: list[str]) -> None:
    """Set up logging as the settings say; warnings about them go to standard error."""
    with bare_imports():
        from cli.logs import secrets_of, set_up

    debug = bool(ctx.obj)
    level = "DEBUG" if debug else settings.log_level
    set_up(level=level, style=settings.log_format, secrets=secrets_of(settings))
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


def env_files() -> list[Path]:
    """Return where settings may lie: beside run.py, and in the working directory, which wins."""
    return list(dict.fromkeys([HERE / ".env", Path.cwd() / ".env"]))


def now_ms() -> int:
    """Return the wall clock in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def real_environment(settings: Settings) -> "Environment":
    """Return the world of production: real time, real chance, real threads, real networks."""
    with bare_imports():
        from actors.reader.reading import process_reader
        from actors.running import in_threads
        from actors.web import ask_the_system
        from supervisor import Environment

    return Environment(
        settings=settings,
        now_ms=now_ms,
        clock=time.monotonic,
        rng=random.SystemRandom(),
        run_write=in_threads(1),
        run_read=in_threads(2),
        announce=lambda text: print(text, flush=True),
        resolve=ask_the_system,
        open_reader=process_reader,
        run_long=in_threads(1),
        free_bytes=lambda folder: shutil.disk_usage(folder).free,
    )


def need_token(settings: Settings) -> None:
    """Refuse early what cannot work without a token.

    Raises:
        SettingsError: there is none.
    """
    if settings.bot_token is None:
        raise SettingsError(["BOT_TOKEN: missing; get one from @BotFather and write BOT_TOKEN=... into .env"])


def private_files() -> None:
    """Make every file this process creates readable by its owner only."""
    if sys.platform != "win32":
        import os

        os.umask(0o077)

"""`setup`: from a token to a bot that somebody owns."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import segno
import trio

from cli.starting import HERE, begin_logging, env_files, private_files, real_environment
from core.env_file import with_setting
from core.errors import DatabaseInUse, TokenRefused, UserError
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from aiogram.types import User

_TIMEOUT_S = 20


@click.command("setup")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the token from this file instead of asking for it.",
)
@click.pass_context
def command(ctx: click.Context, token_file: Path | None) -> None:
    """Ask for the bot's token, check it, write .env, and print the link that makes you the bot's owner.

    The token comes from @BotFather and is not shown while you type. In .env only the line BOT_TOKEN changes.
    Nothing is written before Telegram has accepted the token.
    """
    private_files()
    token = _token(token_file)
    settings, warnings = load_settings(env_files(), bot_token=token)
    begin_logging(ctx, settings, warnings)
    me = trio.run(_who_is, settings)
    path = _env_file()
    _write(path, token)
    click.echo(f"The token belongs to @{me.username}. It is in {path}, which only you can read.")
    if os.environ.get("BOT_TOKEN", token) not in ("", token):
        click.echo("warning: BOT_TOKEN is also set in the environment, and wins over the file", err=True)
    _show_way_in(settings, me)


def _token(token_file: Path | None) -> str:
    if token_file is not None:
        return token_file.read_text(encoding="utf-8").strip()
    click.echo("Talk to https://t.me/BotFather, send /newbot, and copy the token it gives you.", err=True)
    token: str = click.prompt("Token (not shown)", hide_input=True, err=True)
    return token.strip()


async def _who_is(settings: Settings) -> "User":
    """Ask Telegram whose token it is.

    Raises:
        TokenRefused, UserError: with what to do about it.
    """
    import supervisor

    async with supervisor.telegram_bot(real_environment(settings)) as bot:
        from aiogram.exceptions import (
            ClientDecodeError,
            TelegramAPIError,
            TelegramNetworkError,
            TelegramNotFound,
            TelegramUnauthorizedError,
        )

        try:
            return await bot.get_me(request_timeout=_TIMEOUT_S)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise TokenRefused(
                "Telegram refuses this token: copy the whole of it from @BotFather, "
                "or send /token there for a new one"
            ) from None
        except TelegramNetworkError:
            raise UserError(_out_of_reach(settings)) from None
        except ClientDecodeError:
            raise UserError(
                f"{settings.bot_api_url} answers, but is no Bot API; check BOT_API_URL and PROXY_TELEGRAM"
            ) from None
        except TelegramAPIError as error:
            raise UserError(f"Telegram says: {error.message}; try again in a while") from None


def _out_of_reach(settings: Settings) -> str:
    tried = f"{settings.bot_api_url} cannot be reached"
    if settings.proxy_telegram is not None:
        return f"{tried} through PROXY_TELEGRAM; check that the proxy runs and lets this host through"
    return (
        f"{tried}; check the network and the clock. Where Telegram is blocked, write "
        "PROXY_TELEGRAM=socks5://host:port (or another BOT_API_URL) into .env and try again"
    )


def _env_file() -> Path:
    """Return the file to write: the one in the working directory, unless only that beside run.py exists."""
    here, beside = Path.cwd() / ".env", HERE / ".env"
    return (beside if beside.exists() and not here.exists() else here).resolve()


def _write(path: Path, token: str) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    draft = path.with_name(f"{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - by descriptor, for the mode
        os.fchmod(descriptor, 0o600)
        file.write(with_setting(before, "BOT_TOKEN", token))
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def _show_way_in(settings: Settings, me: "User") -> None:
    try:
        code = trio.run(_claim_code, settings)
    except DatabaseInUse:
        click.echo("A bot runs with this database: start it again, and it prints the link that claims it.")
        return
    if code is None:
        click.echo(f"It has its owner already: https://t.me/{me.username}")
    else:
        link = f"https://t.me/{me.username}?start={code}"
        click.echo(f"Start the bot (python run.py), then open this link to become its owner:\n\n  {link}\n")
        _show_code(link)


async def _claim_code(settings: Settings) -> str | None:
    """Return the code that claims the bot, or None where it has an owner."""
    import supervisor
    from store import people

    env = real_environment(settings)
    async with supervisor.storage(env) as (store, _):
        if await store.read(people.owners, settings.owner_ids):
            return None
        return await store.write(people.claim_code, fresh=f"{env.rng.getrandbits(96):024x}")


def _show_code(link: str) -> None:
    """Draw a link as a code to scan, where the terminal can show it (ISO/IEC 18004)."""
    drawn = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(out=drawn, compact=True, border=2)
    try:
        click.echo(drawn.getvalue())
    except UnicodeEncodeError:
        return

"""`python run.py`: finds the command, runs it, and turns errors into one readable line."""

import sys
from importlib import import_module

import click

from core import VERSION
from core.errors import FatalError, UserError, VestnikError, leaves

COMMANDS = {
    "run": "run the bot in the foreground, until SIGTERM or SIGINT (the default)",
    "setup": "from a token to a bot that you own",
    "once": "poll all due sources, publish what is pending, exit",
    "add": "subscribe a chat to feeds, sitemaps, lists on pages",
    "remove": "end what a chat watches, by its number or address",
    "import": "subscribe a chat to a whole list: OPML, or one address a line",
    "export": "write what is watched as OPML, or as one address a line",
    "adopt": "mark every link of an exported chat history as sent there",
    "backup": "copy the database into a file, also while the bot runs",
    "migrate": "bring the database up to date, or take over an older bot's",
    "restore": "put a backup in the place of the database, without repeating posts",
    "list": "what is watched, and how it goes",
    "queue": "what waits for each chat, when it goes out, and why not before",
    "stats": "counts of everything",
    "check": "doctor: settings, token, database, disk",
    "explain": "the whole life of one link",
    "normalize": "the key under which history knows a URL",
    "parse": "read documents and print their entries as JSON",
    "extract": "read web pages and print what they say as JSON",
    "render": "read HTML and print the text and entities for Telegram as JSON",
    "demo": "see it work: no token, no internet",
    "version": "print the version",
}


class _LazyCommands(click.Group):
    """Imports a command's module only when that command is asked for: aiogram alone takes a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cli.{name}_command").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyCommands, invoke_without_command=True)
@click.option("--debug", is_flag=True, help="Show tracebacks, and log at level DEBUG.")
@click.version_option(VERSION, prog_name="vestnik")
@click.pass_context
def program(ctx: click.Context, debug: bool) -> None:
    """Vestnik watches feeds and publishes each new link to your Telegram chats, once.

    Settings come from the environment and from a .env file; BOT_TOKEN is the only one that `run`
    needs. `python run.py demo` shows everything without a token.
    """
    ctx.obj = debug
    if ctx.invoked_subcommand is None:
        ctx.invoke(import_module("cli.run_command").command)


def main() -> None:
    """Run the command line and exit with its code: 0, or as contract.md's table of exit codes says."""
    debug = "--debug" in sys.argv
    try:
        program(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(1)
    except BaseException as error:  # noqa: BLE001 - groups of trio's are among them
        sys.exit(_explain(error, debug=debug))


def _explain(error: BaseException, *, debug: bool) -> int:
    """Print what went wrong and return the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    found = list(leaves(error))
    if any(isinstance(leaf, KeyboardInterrupt) for leaf in found):  # in the group of a nursery
        click.echo("interrupted", err=True)
        return 1
    known = next((leaf for leaf in found if isinstance(leaf, VestnikError)), None)
    if known is None or debug:
        import traceback

        from cli.logs import redact

        click.echo(redact("".join(traceback.format_exception(error))), err=True)
    if known is None:
        click.echo("This is a bug: please report it with the lines above.", err=True)
        return 1
    for line in str(known).splitlines():
        click.echo(f"error: {line}", err=True)
    return known.exit_code if isinstance(known, (UserError, FatalError)) else 1

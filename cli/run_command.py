"""`run`: the bot, in the foreground."""

from dataclasses import replace

import click
import trio

from cli.garbage import spare_what_stays
from cli.readiness_notice import tell_ready
from cli.starting import need_token, private_files, real_environment, settings_for


@click.command("run")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run the bot in the foreground, until SIGTERM or SIGINT.

    Exit codes: 0 fine, 1 crashed, 2 wrong settings or a refused token, 3 another process owns the
    database, 4 another program uses the token.
    """
    private_files()
    settings = settings_for(ctx)
    need_token(settings)
    environment = replace(real_environment(settings), at_work=tell_ready, imported=spare_what_stays)

    async def main() -> None:
        import supervisor

        stop = trio.Event()
        async with trio.open_nursery() as nursery:
            await nursery.start(supervisor.stop_on_signals, stop)
            await supervisor.run(environment, stop)
            nursery.cancel_scope.cancel()

    trio.run(main)

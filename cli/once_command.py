"""`once`: one pass over everything that is due."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import trio

from cli.starting import need_token, private_files, real_environment, settings_for
from core.protocol import PollOutcome, PollReport
from core.settings import Settings

if TYPE_CHECKING:
    from actors.context import Context
    from actors.reader.reading import Reader
    from actors.web import Web
    from supervisor import Environment

_PATIENCE_S = 60.0


@click.command("once")
@click.option("--no-publish", is_flag=True, help="Poll only: what is new waits for the next run.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON on the last line.")
@click.pass_context
def command(ctx: click.Context, no_publish: bool, as_json: bool) -> None:
    """Poll all due sources, publish what is pending, and exit."""
    private_files()
    settings = settings_for(ctx)
    if not no_publish:
        need_token(settings)
    tally = _Tally()
    trio.run(_once, settings, tally, no_publish)
    if as_json:
        click.echo(json.dumps(tally.as_dict()))
    else:
        click.echo(", ".join(f"{name} {count}" for name, count in tally.as_dict().items()))


class _Tally:
    """Counts what one pass did."""

    def __init__(self) -> None:
        self.by_status = {"ok": 0, "not_modified": 0, "failed": 0, "gone": 0}
        self.new = 0
        self.duplicates = 0
        self.sent = 0
        self.seconds = 0.0

    def count(self, report: PollReport, outcome: PollOutcome) -> None:
        self.by_status[report.status] += 1
        self.new += outcome.new
        self.duplicates += outcome.duplicates

    def as_dict(self) -> dict[str, float]:
        return {
            "polled": sum(self.by_status.values()),
            "not_modified": self.by_status["not_modified"],
            "failed": self.by_status["failed"] + self.by_status["gone"],
            "new": self.new,
            "duplicates": self.duplicates,
            "sent": self.sent,
            "seconds": round(self.seconds, 3),
        }


async def _once(settings: Settings, tally: _Tally, no_publish: bool) -> None:
    world = real_environment(settings)
    import supervisor
    from actors import poller
    from actors.running import inline
    from store import reads

    # Nobody waits for this loop but its own fetches. Beside a loop at work, a thread loses the interpreter at
    # every row that it writes, and waits for it again.
    env = replace(world, run_write=inline, run_read=inline)
    started_s = env.clock()
    async with supervisor.storage(env) as (store, boot_id):
        ctx = supervisor.context_for(env, store, boot_id)
        due = await store.read(reads.due_sources, now_ms=env.now_ms())
        async with supervisor.web(env) as pages, env.open_reader() as reader:
            with _bar(due) as advance:

                def note(report: PollReport, outcome: PollOutcome) -> None:
                    tally.count(report, outcome)
                    advance()

                await poller.poll_once(ctx, pages, reader, note)
                await _read_pages(ctx, pages, reader)
            if not no_publish:
                tally.sent = await _publish(env, ctx, pages, reader)
    tally.seconds = env.clock() - started_s


async def _read_pages(ctx: "Context", web: "Web", reader: "Reader") -> None:
    from store import reads

    if await ctx.store.read(reads.pages_wait):
        from actors import fetcher  # it brings all that reads pages

        await fetcher.fetch_once(ctx, web, reader)


async def _publish(env: "Environment", ctx: "Context", web: "Web", reader: "Reader") -> int:
    import supervisor
    from actors import publisher
    from actors.gallery import Gallery
    from actors.telegram.messenger import TelegramMessenger
    from store import reads

    before = await ctx.store.read(reads.sent_count)
    async with supervisor.telegram_bot(env) as bot:
        gallery = Gallery(web, reader)
        await publisher.publish_pending(ctx, TelegramMessenger(bot), gallery, patience_s=_PATIENCE_S)
    after = await ctx.store.read(reads.sent_count)
    return after - before


@contextmanager
def _bar(due: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many sources are done; give what moves the bar on by one."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from cli.bars import bar_of_rows

    with bar_of_rows("polling", due) as advance:
        yield lambda: advance(1)

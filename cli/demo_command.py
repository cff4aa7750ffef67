"""`demo`: the real pipeline in a small world of its own. No token, no internet."""

import contextlib
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import trio
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from cli.demo_pipeline import PipelineView
from cli.demo_world import CHANNEL_ID, OWNER_ID, TOKEN, DemoWorld
from cli.starting import private_files, real_environment
from simulation.botapi import Accepted
from simulation.http import serve
from simulation.page import Stage, listen, serve_page

_PORT = 8479


@click.command("demo")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=_PORT,
    show_default=True,
    help="Where the page is; 0, or a port that is taken, means any free one.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed grows the same world.")
@click.option("--speed", default=1.0, show_default=True, help="How fast the sample feeds grow.")
@click.option("--posts", default=0, help="End after so many posts; 0 goes on until Ctrl-C.")
def command(port: int, seed: int, speed: float, posts: int) -> None:
    """See it work: sample feeds that grow, a simulated Telegram, and the real pipeline between them.

    Needs no token and no internet. The address it prints opens the chats in a browser, to read and to
    write in, with a view of the pipeline; posts appear in the terminal too. Ctrl-C ends it.
    """
    from cli.logs import set_up

    private_files()
    set_up(level="WARNING", style="console", secrets=(TOKEN,))
    with page_socket(port) as listener, tempfile.TemporaryDirectory(prefix="vestnik-demo-") as folder:
        trio.run(Demo(Path(folder), listener, seed=seed, speed=speed, posts=posts).run)


@contextlib.contextmanager
def page_socket(port: int) -> Iterator[socket.socket]:
    """Listen at a port, or at another one, and say so."""
    try:
        listener = listen(port)
    except OSError as error:
        listener = listen(0)
        click.echo(f"Port {port} is not to be had ({error.strerror}); the page is at another one.", err=True)
    with listener:
        yield listener


class Demo:
    """The world of the demo, and what the terminal shows of it."""

    def __init__(self, folder: Path, listener: socket.socket, *, seed: int, speed: float, posts: int) -> None:
        self._folder = folder
        self._listener = listener
        self._world = DemoWorld.begun(seed=seed, speed=speed)
        self._wanted = posts
        self._shown = 0
        self.stop = trio.Event()
        self._console = Console()
        self._world.api.on_accepted.append(self._show)

    async def run(self) -> None:
        with contextlib.ExitStack() as views:
            async with trio.open_nursery() as nursery:
                await self._run(nursery, views)
                nursery.cancel_scope.cancel()

    async def _run(self, nursery: trio.Nursery, views: contextlib.ExitStack) -> None:
        import supervisor

        bot_port = await nursery.start(partial(serve, self._world.api.handle))
        web_port = await nursery.start(partial(serve, self._world.web.handle))
        await nursery.start(supervisor.stop_on_signals, self.stop)
        self._world.open_sites(web_port)
        env = real_environment(self._world.settings(self._folder, bot_port))
        view = PipelineView(env, self._world.api)
        views.callback(view.close)
        self._open_page(nursery, view)
        self._world.begin()
        await supervisor.run(replace(env, at_work=view.open), self.stop)

    def _open_page(self, nursery: trio.Nursery, view: PipelineView) -> None:
        stage = Stage(
            self._world.api,
            self._world.web,
            owner_id=OWNER_ID,
            look=view.look,
            hints=self._world.hints(),
            trouble_chat=CHANNEL_ID,
        )
        host, port = self._listener.getsockname()[:2]
        nursery.start_soon(stage.run)
        nursery.start_soon(serve_page, stage, self._listener)
        self._console.print(f"The demo is at http://{host}:{port}/ until Ctrl-C.", soft_wrap=True)

    def _show(self, message: Accepted) -> None:
        if message.chat_id != CHANNEL_ID:
            return
        body = Text(message.text)
        for entity in message.entities:
            style = {"bold": "bold", "italic": "italic", "text_link": "underline cyan"}.get(entity["type"])
            if style:
                body.stylize(style, *_span(message.text, entity["offset"], entity["length"]))
        link = message.links[0] if message.links else ""
        self._console.print(
            Panel(body, title=f"{message.chat.title} · #{message.message_id}", subtitle=link, width=80)
        )
        self._shown += 1
        if self._wanted and self._shown >= self._wanted:
            self.stop.set()


def _span(text: str, offset: int, length: int) -> tuple[int, int]:
    """Turn UTF-16 units into places in the text."""
    encoded = text.encode("utf-16-le")
    start = len(encoded[: offset * 2].decode("utf-16-le"))
    return start, start + len(encoded[offset * 2 : (offset + length) * 2].decode("utf-16-le"))

"""`demo`: the real pipeline in a small world of its own. No token, no internet."""

import random
import tempfile
import time
from functools import partial
from pathlib import Path

import click
import trio
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from cli.starting import private_files, real_environment
from core.settings import Settings
from simulation.botapi import Accepted, BotApi, Chat
from simulation.feeds import Feed, FeedWorld
from simulation.http import serve

TOKEN = "1000000:opens-only-the-demo"  # noqa: S105
OWNER_ID = 1001
CHANNEL_ID = -1001000000001


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="The same seed grows the same world.")
@click.option("--speed", default=1.0, show_default=True, help="How fast the sample feeds grow.")
@click.option("--posts", default=0, help="End after so many posts; 0 goes on until Ctrl-C.")
def command(seed: int, speed: float, posts: int) -> None:
    """See it work: sample feeds that grow, a simulated Telegram, and the real pipeline between them.

    Needs no token and no internet. Posts appear here as they arrive in the chat; Ctrl-C ends it.
    """
    from cli.logs import set_up

    private_files()
    set_up(level="WARNING", style="console", secrets=(TOKEN,))
    with tempfile.TemporaryDirectory(prefix="vestnik-demo-") as folder:
        trio.run(_Demo(Path(folder), seed=seed, speed=speed, posts=posts).run)


class _Demo:
    """The world of the demo, and what is shown of it."""

    def __init__(self, folder: Path, *, seed: int, speed: float, posts: int) -> None:
        self._folder = folder
        self._rng = random.Random(seed)  # noqa: S311 - a world to be seen again, not a secret
        self._gap_s = 12.0 / max(speed, 0.01)
        self._wanted = posts
        self._shown = 0
        self._stop = trio.Event()
        self._console = Console()
        self._api = BotApi(token=TOKEN, now=time.time, rng=self._rng)
        self._api.people.private(OWNER_ID)
        self._api.chats.add(Chat(chat_id=CHANNEL_ID, kind="channel", title="The demo channel"))
        self._api.on_accepted.append(self._show)

    async def run(self) -> None:
        import supervisor

        self._console.print("Starting …")
        async with trio.open_nursery() as nursery:
            feeds = FeedWorld(rng=self._rng, now=time.time)
            bot_port = await nursery.start(partial(serve, self._api.handle))
            web_port = await nursery.start(partial(serve, feeds.handle))
            await nursery.start(supervisor.stop_on_signals, self._stop)
            urls = self._sites(feeds, web_port)
            self._console.print(f"Three feeds at http://127.0.0.1:{web_port}, one channel. Ctrl-C ends it.")
            self._api.user_says(OWNER_ID, OWNER_ID, f"/add {CHANNEL_ID} {' '.join(urls)} every=2s backlog=1")
            await supervisor.run(real_environment(self._settings(bot_port)), self._stop)
            nursery.cancel_scope.cancel()

    def _sites(self, feeds: FeedWorld, port: int) -> list[str]:
        base = f"http://127.0.0.1:{port}"
        sites = [
            Feed(name="morning-news", form="rss", gap_s=self._gap_s, base=f"{base}/morning-news"),
            Feed(name="releases", form="atom", gap_s=self._gap_s * 2, base=f"{base}/releases"),
            Feed(name="letters", form="json", gap_s=self._gap_s * 3, base=f"{base}/letters"),
        ]
        return [feeds.add(site).url for site in sites]

    def _settings(self, bot_port: int) -> Settings:
        return Settings.model_validate(
            {
                "bot_token": TOKEN,
                "bot_api_url": f"http://127.0.0.1:{bot_port}",
                "owner_ids": (OWNER_ID,),
                "database_url": f"sqlite:///{self._folder}/demo.db",
                "interval_min": 1.0,
                "interval_default": 2.0,
                "allow_networks": "127.0.0.0/8",
                "monitor_address": "",
                "backup_every": 0.0,
            }
        )

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
            self._stop.set()


def _span(text: str, offset: int, length: int) -> tuple[int, int]:
    """Turn UTF-16 units into places in the text."""
    encoded = text.encode("utf-16-le")
    start = len(encoded[: offset * 2].decode("utf-16-le"))
    return start, start + len(encoded[offset * 2 : (offset + length) * 2].decode("utf-16-le"))

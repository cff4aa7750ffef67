"""`python -m simulation serve`: a Bot API and growing feeds on loopback, to try the program against."""

import random
import time
from functools import partial

import click
import trio

from simulation.botapi import Accepted, BotApi, Chat
from simulation.feeds import Feed, FeedWorld
from simulation.http import serve

TOKEN = "1000000:simulated-by-vestnik"  # noqa: S105 - it opens nothing
OWNER_ID = 1001
CHANNEL_ID = -1001000000001


@click.command(name="serve")
@click.option("--bot-api-port", default=8081, show_default=True, help="0 takes a free one.")
@click.option("--web-port", default=8082, show_default=True, help="0 takes a free one.")
@click.option("--seed", default=1, show_default=True, help="The same seed grows the same feeds.")
@click.option("--gap", default=20.0, show_default=True, help="Mean seconds between two entries of a feed.")
def serve_world(bot_api_port: int, web_port: int, seed: int, gap: float) -> None:
    """Serve a simulated Telegram and three growing feeds, and print what arrives in the chats."""
    trio.run(_serve, bot_api_port, web_port, seed, gap)


async def _serve(bot_api_port: int, web_port: int, seed: int, gap_s: float) -> None:
    rng = random.Random(seed)
    api = BotApi(token=TOKEN, now=time.time, rng=rng)
    api.people.private(OWNER_ID)
    api.chats.add(Chat(chat_id=CHANNEL_ID, kind="channel", title="Sample channel"))
    api.on_accepted.append(_show)
    async with trio.open_nursery() as nursery:
        bot_port = await nursery.start(partial(serve, api.handle, port=bot_api_port))
        feeds = FeedWorld(rng=rng, now=time.time)
        web = await nursery.start(partial(serve, feeds.handle, port=web_port))
        feeds.add(Feed(name="news", form="rss", gap_s=gap_s, base=f"http://127.0.0.1:{web}/news"))
        feeds.add(Feed(name="releases", form="atom", gap_s=gap_s, base=f"http://127.0.0.1:{web}/releases"))
        feeds.add(Feed(name="letters", form="json", gap_s=gap_s, base=f"http://127.0.0.1:{web}/letters"))
        click.echo("Settings for the program:")
        click.echo(f"BOT_TOKEN={TOKEN} BOT_API_URL=http://127.0.0.1:{bot_port} OWNER_IDS={OWNER_ID}")
        click.echo(f"Chats: {CHANNEL_ID} (channel), {OWNER_ID} (the owner). Feeds:")
        for feed in feeds:
            click.echo(f"  {feed.url}")


def _show(message: Accepted) -> None:
    click.echo(f"[{message.chat_id}] #{message.message_id} {message.text}")

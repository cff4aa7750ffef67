"""The world of the demo: sites that grow, a Telegram with three chats, and the settings to live in it."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from simulation.botapi import BotApi, Chat, Limits
from simulation.feeds import Feed, FeedWorld
from simulation.feeds.documents import Format
from simulation.feeds.drawing import landscape

TOKEN = "1000000:opens-only-the-demo"  # noqa: S105
OWNER_ID = 1001
CHANNEL_ID = -1001000000001
GROUP_ID = -1001000000002
CHANNEL = "@demo_channel"

_GAP_S = 12.0
_SITES: tuple[tuple[str, Format, float], ...] = (
    ("morning-news", "rss", 1.0),
    ("releases", "atom", 2.0),
    ("letters", "json", 3.0),
    ("museum", "sitemap", 3.0),
    ("market", "list", 2.0),
)
"""Name, form, and how many times the usual gap lies between two entries."""
_WATCHED = 3
_BURST = 12
"""Messages that a chat takes at once: somebody who tries one command after the other gets answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWorld:
    """What the demo consists of, before anything is served."""

    api: BotApi
    web: FeedWorld
    rng: random.Random
    gap_s: float

    @classmethod
    def begun(cls, *, seed: int, speed: float) -> "DemoWorld":
        """Return a world; the same seed grows the same one, `speed` times as fast."""
        rng = random.Random(seed)  # noqa: S311 - a world to be seen again, not a secret
        api = BotApi(token=TOKEN, now=time.time, rng=rng, limits=Limits(chat_burst=_BURST))
        api.cloud.users.get(OWNER_ID).first_name = "You"
        api.people.private(OWNER_ID)
        api.chats.add(
            Chat(chat_id=CHANNEL_ID, kind="channel", title="The demo channel", username=CHANNEL[1:])
        )
        group = Chat(chat_id=GROUP_ID, kind="supergroup", title="Friends", bot_status="administrator")
        group.members[OWNER_ID] = "creator"
        api.chats.add(group)
        web = FeedWorld(rng=rng, now=time.time)
        web.draw = landscape
        return cls(api=api, web=web, rng=rng, gap_s=_GAP_S / max(speed, 0.01))

    def open_sites(self, port: int) -> None:
        """Let the sites begin to grow, at a port of this machine."""
        for name, form, times in _SITES:
            base = f"http://127.0.0.1:{port}/{name}"
            self.web.add(Feed(name=name, form=form, gap_s=self.gap_s * times, base=base))

    def begin(self) -> None:
        """Let the owner say what a new owner would: what the channel is to get."""
        urls = [feed.url for feed in self.web][:_WATCHED]
        self.api.user_says(OWNER_ID, OWNER_ID, f"/add {CHANNEL} {' '.join(urls)} every=2s backlog=1")

    def hints(self) -> list[str]:
        """Return what the owner could say next."""
        rest = [feed.url for feed in self.web][_WATCHED:]
        return [
            f"/add {rest[0]} every=5s",
            rest[1],
            f"/list {CHANNEL}",
            f"/queue {CHANNEL}",
            "/duplicates",
            "/help",
        ]

    def settings(self, folder: Path, bot_port: int) -> Settings:
        """Return settings for the program in this world."""
        return Settings.model_validate(
            {
                "bot_token": TOKEN,
                "bot_api_url": f"http://127.0.0.1:{bot_port}",
                "owner_ids": (OWNER_ID,),
                "database_url": f"sqlite:///{folder}/demo.db",
                "interval_min": 1.0,
                "interval_default": 2.0,
                "http_host_gap": 0.05,
                "allow_networks": "127.0.0.0/8",
                "monitor_address": "",
                "backup_every": 0.0,
            }
        )

"""A world for one program: a web of feeds, a Telegram, a clock and a disk, all from one seed.

It imports nothing of the program but its rules; the program gets its transports, time and chance from
here. Meant for runs under trio's mock clock, where its time is the clock's.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import trio

from core.settings import Settings
from simulation.botapi import Accepted, BotApi, Chat, Limits
from simulation.feeds import Feed, FeedWorld
from simulation.feeds.documents import Format
from simulation.http import InMemoryTransport
from simulation.power import Disk, after_power_loss

EPOCH_S = 1_790_000_000.0
TOKEN = "1000000:a-token-that-opens-only-a-simulation"  # noqa: S105
OWNER_ID = 1001
CHANNEL_ID = -1001000000001


class World:
    """Sites, Telegram and a disk.

    Args:
        seed: The same seed is the same world.
        folder: Where databases lie.
        nursery: Where servers work, so that they go on when the program is cut off.
        limits: Telegram's flood control.
    """

    def __init__(
        self, seed: int, folder: Path, *, nursery: trio.Nursery | None = None, limits: Limits | None = None
    ) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.folder = folder
        self.api = BotApi(token=TOKEN, now=self.now_s, rng=random.Random(self.rng.random()), limits=limits)
        self.web = FeedWorld(rng=random.Random(self.rng.random()), now=self.now_s)
        self.telegram_transport: httpx.AsyncBaseTransport = InMemoryTransport(
            self.api.handle, nursery=nursery
        )
        self.web_transport: httpx.AsyncBaseTransport = InMemoryTransport(self.web.handle, nursery=nursery)
        self.announced: list[str] = []
        self.free_bytes: int | None = None
        """What is free on the disk, or None: it is not looked at."""
        self.clock_error_s = 0.0
        """How far the clock of the program's machine is ahead; those of Telegram and the sites are right."""
        self.crashed = trio.Event()
        self.crashed_s: list[float] = []
        """When the plug was pulled, in epoch seconds."""
        self._lives = 0
        self.api.people.private(OWNER_ID)
        self.api.chats.add(Chat(chat_id=CHANNEL_ID, kind="channel", title="Channel"))

    @property
    def database(self) -> Path:
        """The database of the present life."""
        return self.folder / f"life-{self._lives}.db"

    def now_s(self) -> float:
        """Epoch seconds of this world: they pass as trio's clock does."""
        return EPOCH_S + trio.current_time()

    def now_ms(self) -> int:
        """Epoch milliseconds by the clock of the program's machine."""
        return round((self.now_s() + self.clock_error_s) * 1000)

    def settings(self, **changes: object) -> Settings:
        """Return settings for the program in this world; `changes` win."""
        values: dict[str, object] = {
            "bot_token": TOKEN,
            "owner_ids": (OWNER_ID,),
            "database_url": f"sqlite:///{self.database}",
            "bot_api_url": "http://telegram.example",
            "interval_min": 1.0,
            "interval_default": 60.0,
            "time_zone": "UTC",
            "backup_every": 0.0,
            "monitor_address": "",
        }
        return Settings.model_validate(values | changes)

    def feed(
        self,
        name: str,
        *,
        form: Format = "rss",
        gap_s: float | None = None,
        first: int = 3,
        window: int = 30,
    ) -> Feed:
        """Put a feed (or a source of another form) on the web; without `gap_s` it grows only when told to."""
        return self.web.add(Feed(name=name, form=form, gap_s=gap_s, first=first, window=window))

    def posts(self, chat_id: int) -> list[Accepted]:
        """Return the bot's messages in a chat that are posts of links, in order."""
        return [message for message in self.api.journal if message.chat_id == chat_id and message.links]

    def links(self, chat_id: int) -> list[str]:
        """Return the links posted to a chat, in order, repetitions included."""
        return [message.links[0] for message in self.posts(chat_id)]

    def all_links(self, chat_id: int) -> list[str]:
        """Return every link of the posts in a chat, in order: a digest has many."""
        return [link for message in self.posts(chat_id) for link in message.links]

    def crash_when(self, condition: Callable[[Accepted], bool]) -> None:
        """Pull the plug at the first accepted message of which `condition` is true.

        The database files are copied as they are at that moment, and Telegram hears nothing more from
        this life: whatever the old run still does is without effect. `next_life` continues from the copy.
        """

        def plug(message: Accepted) -> None:
            if not self.crashed.is_set() and condition(message):
                self.pull_the_plug()

        self.api.on_accepted.append(plug)

    def pull_the_plug(self, disk: Disk | None = None) -> None:
        """End this life now; `disk` is what the next one finds, else all that was written."""
        if disk is None:
            self._copy_database()
        else:
            disk.write(self._heir)
        self.api.freeze()
        self.crashed_s.append(self.now_s())
        self.crashed.set()

    def lose_power(self, before: Disk) -> None:
        """End this life amid what has been written since `before`; chance decides what arrived of it."""
        self.pull_the_plug(after_power_loss(before, Disk.read(self.database), self.rng))

    def next_life(self) -> None:
        """Go on after a crash, once the old run is over."""
        self._lives += 1
        self.api.on_accepted.clear()
        self.crashed = trio.Event()
        self.api.thaw()

    @property
    def _heir(self) -> Path:
        return self.folder / f"life-{self._lives + 1}.db"

    def _copy_database(self) -> None:
        for suffix in ("", "-wal"):
            source = self.database.with_name(self.database.name + suffix)
            if source.exists():
                shutil.copyfile(source, self._heir.with_name(self._heir.name + suffix))

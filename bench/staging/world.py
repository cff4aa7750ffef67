"""The world of a staging run: sites on hosts of their own, chats, and what goes wrong in them."""

import math
import random
import time
from collections import Counter
from collections.abc import Iterable
from functools import partial

import trio

from simulation.botapi import Accepted, BotApi, Chat
from simulation.botapi.chats import ChatKind
from simulation.botapi.faults import Fault
from simulation.botapi.parameters import Parameters
from simulation.feeds import Feed, FeedWorld, Trouble
from simulation.feeds.documents import Format
from simulation.feeds.trouble import TroubleKind
from simulation.http import serve

TOKEN = "1000000:simulated-by-vestnik"
OWNER_ID = 1001
ALERTS_ID, PROBES_ID = -1009000000001, -1009000000002
KINDS: tuple[ChatKind, ...] = ("channel", "channel", "supergroup")
FORMS: tuple[Format, ...] = ("rss", "rss", "atom", "json", "sitemap")
SHORTEST_GAP_S, LONGEST_GAP_S = 600.0, 86_400.0
FAILING: tuple[TroubleKind, ...] = ("status", "refuse", "hang", "garbage", "html", "empty", "reset", "drip")
ONE_FAILS_IN = 25
SENDS_STRUCK = 0.002
"""Share of posts that each kind of fault of Telegram strikes."""


class World:
    """Sites and a Telegram on loopback, from one seed.

    Every site has an address of its own in 127.0.0.0/8, so that what the program allows itself per host
    counts as it does outside. Sites publish once in ten minutes to a day; one in 25 fails all along.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.api = BotApi(token=TOKEN, now=time.time, rng=random.Random(self.rng.random()))
        self.web = FeedWorld(rng=random.Random(self.rng.random()), now=time.time)
        self.chats: list[int] = []
        self.failing: set[str] = set()
        self.bot_port = 0
        self._web_port = 0

    async def open(self, nursery: trio.Nursery) -> None:
        """Begin to serve."""
        self.bot_port = await nursery.start(partial(serve, self.api.handle))
        self._web_port = await nursery.start(partial(serve, self.web.handle, host="0.0.0.0"))

    def populate(self, sources: int, chats: int) -> None:
        """Make the chats and the sites."""
        self.api.people.private(OWNER_ID)
        for chat_id in (ALERTS_ID, PROBES_ID):
            self.api.chats.add(Chat(chat_id=chat_id, kind="channel"))
        for number in range(1, chats + 1):
            kind = self.rng.choice(KINDS)
            self.chats.append(self.api.chats.add(Chat(chat_id=-1001000000000 - number, kind=kind)).chat_id)
        for number in range(sources):
            self._add_site(number)
        self.api.faults.add(*_faults(self.rng))

    def repeated(self) -> Counter[tuple[int, str]]:
        """Return how often each link stands in one chat, for those that stand there more than once."""
        posted = Counter((post.chat_id, post.links[0]) for post in self.posts())
        return Counter({place: times for place, times in posted.items() if times > 1})

    def posts(self) -> Iterable[Accepted]:
        """Yield the posts of links."""
        watched = set(self.chats)
        return (one for one in self.api.journal if one.chat_id in watched and one.links)

    def published(self, since_s: float) -> int:
        """Return how many entries the sites that work have published since then, in epoch seconds."""
        return sum(
            entry.published >= since_s
            for feed in self.web
            if feed.name not in self.failing
            for entry in feed.entries
        )

    def _add_site(self, number: int) -> None:
        name = f"site{number}"
        gap_s = math.exp(self.rng.uniform(math.log(SHORTEST_GAP_S), math.log(LONGEST_GAP_S)))
        host = f"127.1.{number // 250}.{number % 250 + 1}:{self._web_port}"
        feed = Feed(name=name, form=FORMS[number % len(FORMS)], gap_s=gap_s, base=f"http://{host}/{name}")
        self.web.add(feed)
        if number % ONE_FAILS_IN == 0:
            kind = FAILING[number // ONE_FAILS_IN % len(FAILING)]
            self.web.trouble(name, Trouble(kind=kind, count=None))
            self.failing.add(name)


def _faults(rng: random.Random) -> list[Fault]:
    """Return faults that strike a few posts each, before or after they took effect."""
    strikes = partial(_strikes, random.Random(rng.random()))
    post = partial(Fault, method="sendMessage", predicate=strikes, count=None)
    return [
        post(what="flood", retry_after_s=7),
        post(what="restart"),
        post(what="html"),
        post(what="no_answer", when="after"),
        post(what="reset", when="after"),
        post(what="delay", delay_s=3.0),
    ]


def _strikes(rng: random.Random, ask: Parameters) -> bool:
    return ask.integer("chat_id") < 0 and rng.random() < SENDS_STRUCK

"""What a seed says: sites and chats, who follows what, and all that happens then, faults and crashes too.

A scenario is plain values, drawn at once. So it can be printed, and any of its steps can be left out without
changing the others.
"""

import random
from dataclasses import dataclass
from typing import Literal

from simulation.botapi.chats import ChatKind
from simulation.feeds.documents import Format
from simulation.steps import Step, drawn_steps

_API_RULES = (
    '{"items": "$.data.things[*]", "link": "$.where", "title": "$.what", "id": "$.key", "date": "$.when"}'
)
_FORMS: tuple[tuple[Format, str], ...] = (
    ("rss", "as=feed"),
    ("atom", "as=feed"),
    ("json", "as=feed"),
    ("rdf", "as=feed"),
    ("sitemap", "as=sitemap"),
    ("index", "as=sitemap"),
    ("list", "as=list select=.item"),
    ("api", f"as=json rules='{_API_RULES}'"),
)
_WISHES = (
    '/filter {chat} {n} block title ~ "harbour"',
    '/filter {chat} {n} keep title ~ "e"',
    "/filter {chat} silent title ~ engine",
    "/filter {chat} {n} first title ~ comet",
    "/filter {chat} tag #sale title ~ market",
    "/schedule {chat} gap 20s",
    "/schedule {chat} fold 3",
    "/schedule {chat} digest 14:40,15:05,15:30,16:30",
    "/schedule {chat} hold 14:25-14:50",
    "/schedule {chat} window 14:00-14:30 14:40-20:00",
    "/template {chat} {n} default",
    "/template {chat} {n}\n<b>{{{{ title|lower }}}}</b> {{{{ url }}}}\n[Open]({{{{ url }}}})",
    "/template {chat}\n{{% if 'e' in title %}}{{{{ title - 1 }}}}{{% endif %}}! {{{{ title }}}}",
    "/tz {chat} Europe/London",
    "/tz {chat} Europe/London; /schedule {chat} cap 60/day fold 2",
    "/schedule {chat} silent 14:00-18:00 gap 40s",
    "/link {chat} add news.example ref=me",
    "/set {chat} {n} approve=yes",
    "/set {chat} {n} silent=yes preview=no",
    "/set {chat} {n} expire=10m",
)
_KINDS: tuple[ChatKind, ...] = ("channel", "supergroup", "group", "private")
Once = Literal["chat", "topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site of the scenario, and the options with which it is added; a locked one by name and password."""

    name: str
    form: Format
    options: str
    first: int
    validators: Literal["both", "etag", "modified", "none"]
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A chat of the scenario; `topics` makes it a forum."""

    chat_id: int
    kind: ChatKind
    topics: tuple[int, ...] = ()
    once: Once = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A place follows a site, each so many seconds."""

    chat_id: int
    topic_id: int
    site: str
    every_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One course of the world.

    Attributes:
        seed: What it was drawn from.
        length_s: When the last step may happen, counted from when all is set up.
        wishes: What the owner says once everything is followed.
        steps: What happens then, in order of time.
        settings: Settings of the program.
        strict: Whether Telegram's flood limits hold.
    """

    seed: int
    length_s: float
    sites: tuple[Site, ...]
    rooms: tuple[Room, ...]
    followings: tuple[Following, ...]
    wishes: tuple[str, ...]
    steps: tuple[Step, ...]
    settings: tuple[tuple[str, object], ...]
    strict: bool

    @classmethod
    def drawn(cls, seed: int, *, length_s: float = 1200.0) -> "Scenario":
        """Draw everything from a seed."""
        rng = random.Random(f"scenario {seed}")
        sites = tuple(drawn_site(rng, number) for number in range(rng.randint(2, 4)))
        rooms = tuple(drawn_room(rng, number) for number in range(rng.randint(2, 4)))
        followings = _followings(rng, sites, rooms)
        steps = drawn_steps(
            rng,
            length_s=length_s,
            sites=[site.name for site in sites],
            rooms=[(room.chat_id, room.kind, room.topics) for room in rooms],
        )
        settings = (
            ("fetch_pages", rng.random() < 1 / 4),
            ("backoff_max", 300.0),
            ("flood_brake", rng.choice((0, 4, 20))),
        )
        return cls(
            seed=seed,
            length_s=length_s,
            sites=sites,
            rooms=rooms,
            followings=followings,
            wishes=_wishes(rng, rooms),
            steps=steps,
            settings=settings,
            strict=rng.random() < 1 / 2,
        )


def drawn_site(rng: random.Random, number: int) -> Site:
    """Draw a site; its number is in its name."""
    form, options = rng.choice(_FORMS)
    return Site(
        name=f"site{number}",
        form=form,
        options=options,
        first=rng.randint(1, 6),
        validators=rng.choice(("both", "etag", "modified", "none")),
        locked=rng.random() < 1 / 5,
    )


def drawn_room(rng: random.Random, number: int) -> Room:
    """Draw a chat; its number is in its id."""
    kind = rng.choice(_KINDS)
    base = {"channel": -1001000001000, "supergroup": -1001000002000, "group": -5000, "private": -7000}[kind]
    chat_id = base - number
    if kind == "supergroup" and rng.random() < 2 / 3:
        return Room(chat_id=chat_id, kind=kind, topics=(7, 9), once=rng.choice(("chat", "topic")))
    return Room(chat_id=abs(chat_id) if kind == "private" else chat_id, kind=kind)


def _followings(
    rng: random.Random, sites: tuple[Site, ...], rooms: tuple[Room, ...]
) -> tuple[Following, ...]:
    """Let each place follow some of the sites, and each site be followed somewhere."""
    found = []
    for room in rooms:
        for topic_id in room.topics or (0,):
            for site in rng.sample(sites, rng.randint(1, min(3, len(sites)))):
                every_s = rng.choice((15, 30, 60, 90))
                found.append(
                    Following(chat_id=room.chat_id, topic_id=topic_id, site=site.name, every_s=every_s)
                )
    return tuple(found)


def _wishes(rng: random.Random, rooms: tuple[Room, ...]) -> tuple[str, ...]:
    """Say what some chats want of their posts; in private chats nobody but the owner may."""
    places = [room.chat_id for room in rooms if room.kind != "private"]
    if not places:
        return ()
    chosen = rng.sample(_WISHES, rng.randint(0, 3))
    said = (words.format(chat=rng.choice(places), n=rng.randint(1, 2)) for words in chosen)
    return tuple(one for words in said for one in words.split("; "))

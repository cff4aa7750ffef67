"""Every command with typical arguments, the people who give them, and what each may expect."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TypedDict

import trio

from core.commands import ChatCommand
from core.languages import gettext, speaking
from simulation.botapi import Accepted, Chat
from simulation.world import OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER, give_roles
from tests.simulation.running import Life

MEMBER, ADMINISTRATOR, OTHER_EDITOR, OTHER_GROUP = 2006, 2007, 2008, -800
ROWS: dict[str, tuple[str, ...]] = {
    "start": ("",),
    "help": ("", "add", "nothing"),
    "add": ("{at}{two} as=feed backlog=none", "{at}"),
    "list": ("{at}", "{at}errors", "{at}paused"),
    "info": ("{at}1", "{at}", "{at}77"),
    "set": ("{at}1 every=2d", "{at}", "{at}1", "{at}1 wrong=1"),
    "link": ("{at}add one.example ref=x", "{at}", "{at}remove 1", "{at}off"),
    "pause": ("{at}1", "{at}", "{at}1 2h"),
    "resume": ("{at}1 backlog=none", "{at}"),
    "why": ("{link}", ""),
    "find": ("one", ""),
    "history": ("{at}", "{at}3", "{at}x"),
    "filter": ("{at}block title ~ казино", "{at}", "{at}test", "{at}off"),
    "schedule": ("{at}gap 1m", "{at}", "{at}off"),
    "queue": ("{at}",),
    "post": ("{at}https://hand.example/1 at=23:59", "{at}"),
    "tz": ("{at}Europe/Berlin", "{at}", "{at}default"),
    "template": ("{at}1 default", "{at}", "{at}{{{{ title }}}}"),
    "test": ("{at}1", "{at}"),
    "import": ("{at}",),
    "export": ("{at}", "{at}history"),
    "connect": ("{at}",),
    "role": ("", "remove 999", "editor " + str(GROUP), "quota 999 5", "quota 999"),
    "admin": ("",),
    "stats": ("",),
    "backup": ("",),
    "duplicates": ("",),
    "lang": ("", "{language}", "tlh"),
    "version": ("",),
    "remove": ("{at}2", "{at}"),
}
"""What is said after each command: `{at}` is the id of the group in private, nothing in the group itself.

The last ones undo what the others did.
"""

EXPLAINED = {("add", "{at}"), ("set", "{at}1 wrong=1"), ("post", "{at}"), ("import", "{at}")}
"""What cannot be meant in any chat: who has a role somewhere is told how to say it, whatever the role."""
PATIENCE_S = 2.5
"""Who is no owner may say one thing in two seconds without end."""
CALM = {"interval_default": 86_400.0, "interval_max": 86_400.0}
"""Settings with which no source is read again during a test: what changes then, somebody has changed."""

_RANKS = {"all": 0, "viewer": 1, "editor": 2, "owner": 3}
_UNTOLD = {"processes", "users", "facts", "posts"}
"""What notes that somebody wrote, or that the program lives: the only things that a refusal may change."""


class Numbers(TypedDict):
    """What the data of buttons name."""

    subscription: int
    queue: int
    any: int
    chat: int
    number: int
    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the world, and what they are in the group (0 to 3, as commands ask for)."""

    user_id: int
    rank: int
    anonymous: bool = False


PEOPLE = {
    "owner": Person(user_id=OWNER_ID, rank=3),
    "editor": Person(user_id=EDITOR, rank=2),
    "viewer": Person(user_id=VIEWER, rank=1),
    "stranger": Person(user_id=STRANGER, rank=0),
    "member": Person(user_id=MEMBER, rank=0),
    "anonymous": Person(user_id=ADMINISTRATOR, rank=2, anonymous=True),
}


async def settle_in(life: Life, language: str) -> None:
    """Put everybody and everything into the world: a group in use, with a post in it, and another one."""
    world = life.world
    for person in (OWNER_ID, EDITOR, VIEWER, STRANGER, MEMBER, OTHER_EDITOR):
        world.api.people.private(person, language_code=language)
    members = {OWNER_ID: "creator", ADMINISTRATOR: "administrator"} | dict.fromkeys(
        (EDITOR, VIEWER, MEMBER), "member"
    )
    for group in (GROUP, OTHER_GROUP):
        world.api.chats.add(
            Chat(chat_id=group, kind="group", members=dict(members), bot_status="administrator")  # type: ignore[arg-type]
        )
    for name, group in (("one", GROUP), ("other", OTHER_GROUP)):
        world.api.user_says(OWNER_ID, OWNER_ID, f"/add {group} {world.feed(name).url} as=feed backlog=1")
    await life.until(lambda: all(world.links(group) for group in (GROUP, OTHER_GROUP)))
    give_roles(world)
    with closing(sqlite3.connect(world.database, timeout=10)) as db:
        db.execute("INSERT INTO users (id) VALUES (?)", (OTHER_EDITOR,))
        db.execute("INSERT INTO members VALUES (?, ?, 'editor')", (OTHER_GROUP, OTHER_EDITOR))
        db.commit()
    await trio.sleep(60)


def words_of(world: World, command: ChatCommand, row: str, language: str, *, private: bool) -> str:
    """Return what is said: a command with its arguments."""
    at = f"{GROUP} " if private else ""
    two, link = world.web["two"].url, world.links(GROUP)[0]
    return f"/{command.name} {row.format(at=at, two=two, link=link, language=language)}".strip()


def may(person: Person, command: ChatCommand, *, private: bool) -> bool:
    """Tell whether somebody may give a command there, by what the table says of who uses it."""
    if command.who == "all":  # in groups others than owners are not greeted
        return private or person.rank == _RANKS["owner"]
    who = "editor" if command.name == "lang" and not private else command.who
    return person.rank >= _RANKS[who]


def is_refusal(text: str) -> bool:
    """Tell whether a text says, in either language, no more than that somebody may not."""
    said = ("This bot is private", "You may not do that there.")
    for language in ("en", "ru"):
        with speaking(language):
            private = gettext("This bot is private.")
            if text in (private, gettext(said[1])) or text.startswith(private.rstrip(".")):
                return True
    return False


def dump(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that somebody decides about, by table."""
    with closing(sqlite3.connect(f"file:{world.database}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if name not in _UNTOLD and not name.startswith(("words", "sqlite"))]
        return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=str) for name in kept}


def changes(before: dict[str, list[tuple[object, ...]]], world: World) -> list[str]:
    """Return which tables are not what they were, and with what."""
    after = dump(world)
    return [
        f"{name}: {[row for row in rows if row not in before[name]]}"
        for name, rows in after.items()
        if rows != before[name]
    ]


async def answers(life: Life, said_in: int, user_id: int, since: int) -> list[Accepted]:
    """Wait until the bot has done with what was said, and return its messages to that chat and person."""
    world = life.world
    await life.until(lambda: world.api.updates.pending == 0)
    await trio.sleep(1)
    return [one for one in world.api.journal[since:] if one.chat_id in (said_in, user_id)]

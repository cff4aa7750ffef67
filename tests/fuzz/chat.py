"""What people may say, press and send: real commands with odd arguments, forged buttons, broken files.

Everything that is drawn comes from one seed, and so does the order of tasks.
"""

import logging
import random
import sqlite3
import string
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import trio
from trio.testing import MockClock

from core.commands import COMMANDS
from simulation.botapi import Chat, Limits
from simulation.evidence import listening
from simulation.scheduling import seeded
from simulation.world import CHANNEL_ID, OWNER_ID, TOKEN, World

Program = Callable[[World], AbstractAsyncContextManager[object]]

STRANGER, EDITOR, MEMBER = 6001, 6002, 6003
GROUP, FORUM = -5005, -1001000006000
_BUILT_UP = (
    "/add {feed} as=feed backlog=2",
    "/add {channel} {feed} as=feed backlog=3",
    "/set {channel} approve=yes",
    "/filter {channel} block title ~ a",
    "/schedule {channel} gap 1m",
    "/post {channel} https://site.example/by-hand at=23:59",
    "/queue {channel}",
    "/find a",
    "https://site.example/feed.xml",
)
_WORDS = (
    *("all", "off", "none", "now", "again", "errors", "paused", "yes", "no", "0", "1", "2", "-1"),
    *("999", "1e9", "2h", "10m", "0s", "99999d", "18:30", "25:99", "every=", "every=1s", "every=x"),
    *("backlog=all", "as=feed", "as=", "select=div>a", "select=:::", 'rules={"item":"a"}', "rules={"),
    *("approve=yes", "approve=maybe", "title=<b>x</b>", "tags=#a #b", "expire=6h", "once=chat"),
    *("topic=99999999999999999999", "header=a:b", "proxy=socks5://u:p@h", "user_agent=\x00"),
    *("bare=post", "language=ru", "template={{title}}", "{{", "{%"),
    *("keep price < 5000 and discount >= 20", "block title ~ /(a+)+$/", "tag host = x #y", "block"),
    *("test", "del 1", "hold 23:00-08:00", "window 09:00-21:00 mon-fri", "gap 10m", "cap 20/day"),
    *("digest 09:00,18:00", "silent", "add site.example utm=1"),
    *("wrap site.example https://w.example/?u={url}", "require erid site.example", "Europe/Moscow"),
    *("Nowhere/City", "editor", "viewer", "owner", "\u202e\x00\ud7ff", "🧵" * 40, "x" * 3000),
    *("https://site.example/1", "http://127.0.0.1/", "http://[::1", "ftp://a", "javascript:alert(1)"),
    *("@channel", "@channel/45", "https://t.me/c/1000000001/45", "-1001000000001", "-100", "1001"),
    *("6001", "/", "//", "\n"),
)
_FILES = (
    b"",
    b"\xff\xfe\x00",
    b"<opml><body><outline xmlUrl='http://127.0.0.1/feed'/></body></opml>",
    b"<opml version='2.0'><body>" + b"<outline text='a'>" * 20_000,
    b"<?xml version='1.0' encoding='nowhere'?><opml><body><outline xmlUrl='https://x.example/f'/></body></opml>",
    b"<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><opml><body>&a;</body></opml>",
    b"https://one.example/feed\nhttps://one.example/feed\nnot an address\n" + b"x" * 5000,
    b'{"messages": [{"text": 1}]}',
)
_DECIDED = ("subscriptions", "queue", "members")
_SETTLE_S = 3.0


def fuzz_chat(seed: int, actions: int, folder: Path, program: Program) -> list[str]:
    """Let people of all roles do odd things; return what should not be, with what was done before.

    Args:
        seed: of everything.
        actions: how many odd things the owner and others do; strangers do half as many afterwards.
        folder: for the database.
        program: how the program is started in a world.
    """
    done: list[str] = []
    with listening() as heard, seeded(seed):
        wrong = trio.run(_run, seed, actions, folder, program, done, clock=MockClock(autojump_threshold=0.0))
    for level, line in heard.lines:
        if level >= logging.ERROR or "TelegramBadRequest" in line:
            wrong.append(f"logged: {line[:2000]}")
        if TOKEN.partition(":")[2] in line:
            wrong.append("the token is in the log")
    return [f"{one}\n  done: {done[-8:]}" for one in wrong]


async def _run(seed: int, actions: int, folder: Path, program: Program, done: list[str]) -> list[str]:
    async with trio.open_nursery() as nursery:
        world = World(seed, folder, nursery=nursery, limits=Limits.off())
        wrong = await _Crowd(world, done).act(actions, program)
        nursery.cancel_scope.cancel()
    return wrong


class _Crowd:
    """People in a world, and what they do."""

    def __init__(self, world: World, done: list[str]) -> None:
        self._world = world
        self._rng = random.Random(world.seed)
        self._done = done
        self._feed = world.feed("site", first=5)
        for user in (STRANGER, EDITOR, MEMBER):
            world.api.people.private(user)
        members = {OWNER_ID: "creator", EDITOR: "administrator", MEMBER: "member"}
        for chat_id, kind in ((GROUP, "group"), (FORUM, "supergroup")):
            chat = Chat(chat_id=chat_id, kind=kind, title="Group", members=members)  # type: ignore[arg-type] # literals
            world.api.chats.add(chat)

    async def act(self, actions: int, program: Program) -> list[str]:
        """Do what is to be done, and return what should not be."""
        async with program(self._world):
            for line in _BUILT_UP:
                await self._says(OWNER_ID, OWNER_ID, line.format(feed=self._feed.url, channel=CHANNEL_ID))
            for _ in range(actions):
                await self._anything((OWNER_ID, OWNER_ID, OWNER_ID, EDITOR, MEMBER, STRANGER))
            self._world.web.publish("site", 2)
            for place in ("", f"{CHANNEL_ID} "):  # pauses end by themselves
                await self._says(OWNER_ID, OWNER_ID, f"/resume {place}all")
            await trio.sleep(120)
            before = self._rows()
            for _ in range(actions // 2):
                await self._anything((STRANGER, MEMBER))
            changed = [
                str(one) for table, rows in self._rows().items() for one in rows if one not in before[table]
            ]
        said = [one.text for one in self._world.api.journal if TOKEN.partition(":")[2] in one.text]
        return [f"strangers changed {table}" for table in changed] + [
            f"the token is said: {one}" for one in said
        ]

    async def _anything(self, who: tuple[int, ...]) -> None:
        user = self._rng.choice(who)
        deed = self._rng.choice(
            (self._command, self._command, self._press, self._press, self._file, self._forward)
        )
        await deed(user)
        await trio.sleep(_SETTLE_S)

    async def _command(self, user: int) -> None:
        names = [name for command in COMMANDS for name in command.names]
        target = self._rng.choice((str(CHANNEL_ID), "1", "2", f"{CHANNEL_ID} 1", "", ""))
        words = [target, *(self._word() for _ in range(self._rng.randrange(4)))]
        await self._says(self._where(user), user, " ".join((f"/{self._rng.choice(names)}", *words)))

    def _word(self) -> str:
        if self._rng.random() < 0.1:
            return "".join(self._rng.choices(string.printable + "éж中🎉\u200b", k=self._rng.randrange(1, 30)))
        return self._rng.choice((*_WORDS, self._feed.url))

    async def _says(self, chat_id: int, user: int, text: str) -> None:
        self._note("says", chat_id, user, text)
        messages = self._world.api.messages(chat_id)
        reply_to = self._rng.choice(messages).message_id if messages and self._rng.random() < 0.2 else 0
        self._world.api.user_says(chat_id, user, text[:4096], reply_to=reply_to)
        await trio.sleep(_SETTLE_S)

    async def _press(self, user: int) -> None:
        """Press a button: as it is, changed a little, or one that no message has."""
        shown = [one for one in self._world.api.journal if any(data for _, data in one.buttons)]
        if not shown:
            return
        message = self._rng.choice(shown)
        _, data = self._rng.choice(message.buttons)
        change = self._rng.randrange(4)
        if change == 1:
            data = "".join(self._rng.choice("0123456789") if c.isdigit() else c for c in data)
        elif change == 2:
            data = data[: self._rng.randrange(len(data) + 1)] + self._rng.choice(
                ("", ":", "9" * 30, "é", "\n")
            )
        self._note("presses", message.chat_id, user, data)
        self._world.api.people.press(message.chat_id, user, message.message_id, data[:64])

    async def _file(self, user: int) -> None:
        name = self._rng.choice(("a.opml", "list.txt", "x.bin", "result.json", ""))
        body = self._rng.choice(_FILES)
        caption = self._rng.choice(("", "/import", f"/import {self._word()}", self._word()[:900]))
        self._note("sends", user, user, f"{name} {body[:20]!r} {caption}")
        self._world.api.people.sends_file(user, user, name, body, caption=caption)

    async def _forward(self, user: int) -> None:
        posts = self._world.api.journal
        message = self._rng.choice(posts)
        self._note("forwards", user, user, str(message.message_id))
        self._world.api.people.forwards(user, user, message)

    def _where(self, user: int) -> int:
        return self._rng.choice((user, user, GROUP, FORUM)) if user != STRANGER else user

    def _note(self, verb: str, chat_id: int, user: int, what: str) -> None:
        self._done.append(f"{user} {verb} in {chat_id}: {what[:200]}")

    def _rows(self) -> dict[str, list[object]]:
        """Return every row that a person's word can change."""
        with closing(sqlite3.connect(f"file:{self._world.database}?mode=ro", uri=True)) as db:
            return {table: list(_decided(db, table)) for table in _DECIDED}


def _decided(db: sqlite3.Connection, table: str) -> Iterator[object]:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    yield columns
    yield from db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")

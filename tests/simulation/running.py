"""Running the whole program in a world: the real supervisor, Dispatcher, Bot and Store."""

import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import trio

import actors.telegram  # noqa: F401 - here, for a thread that imports it would run on real time
import supervisor
from actors.running import inline
from simulation.botapi import Accepted
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from store.client import Runner
from tests.migrated import migrated


@dataclass
class Life:
    """One run of the program in a world."""

    world: World
    stop: trio.Event = field(default_factory=trio.Event)
    ended: trio.Event = field(default_factory=trio.Event)
    error: BaseException | None = None

    async def says(self, text: str, *, user_id: int = OWNER_ID, chat_id: int | None = None) -> Accepted:
        """Say something to the bot and return its next message in that chat."""
        here = user_id if chat_id is None else chat_id
        before = len(self.world.api.journal)
        self.world.api.user_says(here, user_id, text)
        return await self.world.api.wait_for(lambda m: m.chat_id == here, since=before)

    async def presses(self, card: Accepted, label: str, *, user_id: int = OWNER_ID) -> str:
        """Press the first button of a message whose label begins so; return what the bot pops up."""
        data = next(data for shown, data in card.buttons if shown.startswith(label))
        before = len(self.world.api.callback_answers)
        self.world.api.press(card.chat_id, user_id, card.message_id, data)
        await self.until(lambda: len(self.world.api.callback_answers) > before)
        await trio.sleep(1)
        return str(self.world.api.callback_answers[-1].get("text", ""))

    async def until(self, condition: Callable[[], bool], timeout_s: float = 600.0) -> None:
        """Wait until something is true of the world, looked at every quarter of a second."""
        with trio.fail_after(timeout_s):
            while not condition():  # noqa: ASYNC110 - the condition is about a world, not a task
                await trio.sleep(0.25)

    async def posted(self, links: list[str], chat_id: int = CHANNEL_ID, timeout_s: float = 600.0) -> None:
        """Wait until these links, and no others, stand in a chat in this order."""
        await self.until(lambda: len(self.world.links(chat_id)) >= len(links), timeout_s)
        await trio.sleep(10)
        assert self.world.links(chat_id) == links

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the database."""
        db = sqlite3.connect(f"file:{self.world.database}?mode=ro", uri=True)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()


@asynccontextmanager
async def start_program(
    world: World, *, run_write: Runner = inline, **changes: object
) -> AsyncIterator[Life]:
    """Run the program for the length of the block, then end it in order."""
    if not world.database.exists():
        world.database.write_bytes(migrated())
    life = Life(world)
    env = supervisor.Environment(
        settings=world.settings(**changes),
        now_ms=world.now_ms,
        clock=trio.current_time,
        rng=random.Random(world.rng.random()),
        run_write=run_write,
        run_read=inline,
        announce=world.announced.append,
        web_transport=world.web_transport,
        telegram_transport=world.telegram_transport,
        free_bytes=lambda _folder: world.free_bytes,
    )

    async def program() -> None:
        try:
            await supervisor.run(env, life.stop)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            life.error = error
        finally:
            life.ended.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(program)
        try:
            yield life
        finally:
            life.stop.set()
            if world.crashed.is_set():
                nursery.cancel_scope.cancel()
            else:
                with trio.move_on_after(30, shield=True) as scope:
                    await life.ended.wait()
                assert not scope.cancelled_caught, "the program does not end"
                nursery.cancel_scope.cancel()


Start = Callable[..., AbstractAsyncContextManager[Life]]
Check = Callable[..., None]
LeafOf = Callable[[BaseException | None], BaseException]
Watch = Callable[..., Awaitable[Feed]]

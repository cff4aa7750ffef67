"""A publisher whose posts all wait for their turn is at work, and says so."""

import random

import trio
from sqlite_utils import Database
from trio.testing import MockClock

import supervisor
from actors.publisher import IN_FLIGHT
from actors.pulse import LONGEST_TURN_S
from actors.running import inline
from core.protocol import Place
from simulation.botapi import Chat
from simulation.feeds import Feed
from simulation.world import World
from store import adding
from tests.simulation.running import Check, Start

CHATS = [-1001000000100 - number for number in range(IN_FLIGHT + 2)]
TURN_S = 200


async def test_posts_that_hold_every_slot_for_long_leave_the_program_ready(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news", gap_s=None)
    await _watch_everywhere(world, feed)
    async with start(world, global_rate=1 / TURN_S) as life:
        await trio.sleep(20)
        world.web.publish("news", 1)
        await life.until(lambda: any(map(world.links, CHATS)))
        oldest_s = 0.0
        for _ in range(TURN_S // 10 - 2):
            await trio.sleep(10)
            oldest_s = max(oldest_s, *life.pulse.ages().values())
        leased = life.rows("SELECT COUNT(*) FROM queue WHERE lease_owner IS NOT NULL")
        assert leased == [(IN_FLIGHT,)], "every slot is held"
        assert oldest_s <= LONGEST_TURN_S
    check(world, quiet=False)


async def _watch_everywhere(world: World, feed: Feed) -> None:
    env = supervisor.Environment(
        settings=world.settings(),
        now_ms=world.now_ms,
        clock=trio.current_time,
        rng=random.Random(1),
        run_write=inline,
        run_read=inline,
        announce=print,
    )
    async with supervisor.storage(env) as (store, _boot_id):
        await store.write(_add_to_all, feed.url, world.now_ms())
    for chat_id in CHATS:
        world.api.chats.add(Chat(chat_id=chat_id, kind="channel"))


def _add_to_all(db: Database, url: str, now_ms: int) -> None:
    for chat_id in CHATS:
        wish = adding.Wish(place=Place(chat_id=chat_id), kind="feed", url=url, backlog="none", interval_s=60)
        adding.add(db, wish, now_ms=now_ms)

"""A database is lost; the history of the channel and the same sources are all there is."""

import random
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

import supervisor
from actors.running import inline
from cli.adopt_command import adopt
from core.chat_export import ExportedChat
from simulation.botapi import Fault
from simulation.world import CHANNEL_ID, World
from tests.simulation.exports import export_chat
from tests.simulation.running import Check, Start


async def _adopt(world: World, path: Path) -> None:
    env = supervisor.Environment(
        settings=world.settings(),
        now_ms=world.now_ms,
        clock=trio.current_time,
        rng=random.Random(1),
        run_write=inline,
        run_read=inline,
        announce=world.announced.append,
    )
    await adopt(env, path, 1, ExportedChat(chat_id=CHANNEL_ID))


async def test_nothing_that_is_in_the_channel_is_posted_again(
    autojump_clock: MockClock, world: World, start: Start, check: Check, tmp_path: Path
) -> None:
    """Each link was posted once before and is once there in the end, also where its decoration changed."""
    one, two = world.feed("one", first=6), world.feed("two", first=4)
    everywhere = f"/add {CHANNEL_ID} {one.url} {two.url} backlog=all every=1m"
    async with start(world) as life:
        await life.says(everywhere)
        world.web.publish("one", link="https://shop.example/thing?utm_source=one", summary="Thing")
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 11)
    posted = sorted(world.links(CHANNEL_ID))
    export = export_chat(world, CHANNEL_ID, tmp_path / "result.json")
    world.next_life()
    assert not world.database.exists()

    await _adopt(world, export)
    async with start(world) as life:
        await life.says(everywhere)
        await trio.sleep(300)
        assert sorted(world.links(CHANNEL_ID)) == posted
        new = world.web.publish("two", 2)
        world.web.publish("two", link="https://shop.example/thing?utm_source=two")
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 13)
        await trio.sleep(300)
        assert sorted(world.links(CHANNEL_ID)) == sorted([*posted, *new])
        assert life.rows("SELECT COUNT(*) FROM queue WHERE reason = 'adopted'") == [(11,)]
    check(world)


async def test_a_doubt_is_settled_by_the_history(
    autojump_clock: MockClock,
    world: World,
    start: Start,
    check: Check,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    feed = world.feed("news")
    world.api.chats[CHANNEL_ID].protected = True  # so that it cannot be looked for
    async with start(world) as life:
        world.api.faults.add(Fault(what="no_answer", when="after", method="sendmessage", chat_id=CHANNEL_ID))
        await life.says(f"/add {CHANNEL_ID} {feed.url} backlog=all")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE reason = 'uncertain'")))
        await trio.sleep(300)
        assert len(world.links(CHANNEL_ID)) == 3
    await _adopt(world, export_chat(world, CHANNEL_ID, tmp_path / "result.json"))
    assert "settled   1 that were uncertain" in capsys.readouterr().out
    async with start(world) as life:
        await trio.sleep(300)
        assert len(world.links(CHANNEL_ID)) == 3
        assert life.rows("SELECT COUNT(*) FROM queue WHERE state = 'sent'") == [(3,)]
        assert any("marked as posted" in message.text for message in world.api.journal)
    check(world)

"""One thing that nobody can handle must not stop the others."""

import sqlite3

import pytest
import trio
from trio.testing import MockClock

from core.commands import find_command
from core.protocol import PostContent
from core.rendering.post import RenderedPost, render
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Start


async def test_post_that_cannot_be_rendered_goes_out_plain(
    autojump_clock: MockClock, world: World, start: Start, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(content: PostContent) -> RenderedPost:
        if "poison" in content.title:
            raise RecursionError("a bug in rendering")
        return render(content)

    monkeypatch.setattr("actors.drawing.render", fragile)
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(20)
        new = world.web.publish("news", 1, title="poison")
        new += world.web.publish("news", 1)
        await life.posted(new)
    check(world)


async def test_notice_without_words_does_not_silence_the_others(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says("/version")
        await trio.sleep(5)
    with sqlite3.connect(world.database) as db:
        db.execute(
            "INSERT INTO notices (chat_id, dedupe_key, code, created_ms) VALUES (?, 'x', 'of.tomorrow', 0)",
            (OWNER_ID,),
        )
    db.close()
    async with start(world) as life:
        card = await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await world.api.until(lambda: "No. 1" in card.text)
        await life.until(
            lambda: life.rows("SELECT state FROM notices ORDER BY id") == [("failed",), ("spoken",)]
        )
        assert life.error is None


async def test_update_that_cannot_be_handled_is_passed_over(
    autojump_clock: MockClock, world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(name: str) -> object:
        if "poison" in name:
            raise RuntimeError("a bug before any handler")
        return find_command(name)

    monkeypatch.setattr("actors.telegram.access.find_command", fragile)
    world.api.people.private(2002)
    async with start(world) as life:
        await life.says("/version")
        world.api.user_says(2002, 2002, "/poison")
        assert "Vestnik" in (await life.says("/version")).text
        await trio.sleep(120)
        assert life.error is None

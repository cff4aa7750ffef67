"""Pulling the plug at every step on which a story that comes under several addresses becomes one."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted
from simulation.feeds.pages import article
from simulation.http import InMemoryTransport, Reply, Request
from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Life, Start

HTML = (("content-type", "text/html; charset=utf-8"),)
LIMITS = {"flood_brake": 0, "http_host_gap": 0.0, "chat_gap": 0.0}


class Plug:
    """Pulls the plug at the n-th step of a kind in a life: a commit, a request for a page, a post."""

    def __init__(self, world: World, *, what: Literal["commit", "page", "post"]) -> None:
        self._world = world
        self._what = what
        self._left = 0

    def at(self, step: int) -> None:
        self._left = step
        if self._what == "post":  # every life begins without hooks
            self._world.api.on_accepted.append(self._hear)

    def _hear(self, message: Accepted) -> None:
        if message.chat_id == CHANNEL_ID:
            self.count()

    def count(self) -> None:
        self._left -= 1
        if self._left == 0 and not self._world.crashed.is_set():
            self._world.pull_the_plug()

    async def run_write(self, work: Callable[[], Any]) -> Any:
        await trio.lowlevel.checkpoint()
        result = work()
        if self._what == "commit":
            self.count()
        return result


class Stories:
    """Stories that come under three addresses: their own, a short one, and that of a copy that names it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.feeds = [world.feed(name, first=1, window=200) for name in ("original", "short", "mirror")]
        self.story_of: dict[str, str] = {}

    def publish(self) -> str:
        web = self.world.web
        title = f"The story of number {len(self.story_of)}"
        [link] = web.publish("original", title=title)
        [short] = web.publish("short", link=web.shorten(link), title=title)
        [copy] = web.publish("mirror", title=title)
        original = self.feeds[0].entries[-1]
        web.page_replies["mirror"] = Reply(headers=HTML, body=article(self.feeds[0], original).encode())
        self.story_of |= {link: link, short: link, copy: link}
        return link

    def posted(self) -> Counter[str]:
        return Counter(self.story_of[link] for link in self.world.links(CHANNEL_ID))

    def due(self) -> None:
        """Between two lives: have the feeds looked at at once in the next one."""
        db = sqlite3.connect(self.world.database)
        db.execute("UPDATE sources SET next_check_ms = 0, scheduled_ms = 0")
        db.commit()
        db.close()


def quiet(life: Life) -> bool:
    """Tell whether nothing is on its way any more."""
    waiting = """SELECT (SELECT COUNT(*) FROM queue WHERE state IN ('pending', 'sending', 'uncertain'))
        + (SELECT COUNT(*) FROM history WHERE state IN ('accepted', 'fetching'))
        + (SELECT COUNT(*) FROM sources WHERE next_check_ms = 0)"""
    return life.rows(waiting) == [(0,)]


async def _crash_everywhere(world: World, start: Start, plug: Plug) -> int:
    """Publish a story for each step of its way, and pull the plug there; return how many steps there are.

    Each is brought to its end in the next life, before the next one is published.
    """
    stories = Stories(world)
    async with start(world, **LIMITS) as life:
        await life.says(f"/add {CHANNEL_ID} {' '.join(each.url for each in stories.feeds)} every=1h as=feed")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 3)
    step = 0
    while True:
        step += 1
        link = stories.publish()
        stories.due()
        plug.at(step)
        async with start(world, run_write=plug.run_write, **LIMITS) as life:
            await life.until(partial(_is_over, world, stories, life, link))
        if not world.crashed.is_set():
            break
        world.next_life()
        async with start(world, **LIMITS) as life:
            await life.until(partial(quiet, life))
    _assert_once(stories, life)
    return step - 1


def _is_over(world: World, stories: Stories, life: Life, link: str) -> bool:
    return world.crashed.is_set() or (stories.posted()[link] == 1 and quiet(life))


def _assert_once(stories: Stories, life: Life) -> None:
    """Each story is there once, or visibly held because it was in flight."""
    rows = life.rows(
        """SELECT url, queue.state, reason FROM queue JOIN history ON history.id = history_id
        WHERE queue.state <> 'dropped'"""
    )
    doubtful = {
        stories.story_of[url] for url, state, reason in rows if (state, reason) == ("held", "uncertain")
    }
    posted = stories.posted()
    assert {link: count for link, count in posted.items() if count > 1} == {}
    assert set(posted) | doubtful == set(stories.story_of.values())
    assert Counter(stories.story_of[url] for url, _, _ in rows) == Counter(set(stories.story_of.values()))


async def test_crash_after_every_commit(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    assert await _crash_everywhere(world, start, Plug(world, what="commit")) >= 15
    check(world)


async def test_crash_at_every_request_for_a_page(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    plug = Plug(world, what="page")

    async def handle(request: Request) -> Reply:
        if request.path not in {feed.path for feed in world.web}:
            plug.count()
        return await world.web.handle(request)

    world.web_transport = InMemoryTransport(handle)
    assert await _crash_everywhere(world, start, plug) >= 4
    check(world)


async def test_crash_right_after_every_post(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    assert await _crash_everywhere(world, start, Plug(world, what="post")) >= 1
    check(world)

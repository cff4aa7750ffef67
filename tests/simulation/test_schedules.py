"""When posts go out: holds, caps, digests and what people do, through crashes and flood waits."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Chat, Fault, Limits
from simulation.botapi.faults import When
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

OTHER_ID = -1001000000002


async def _watch(world: World, life: Life, *schedule: str) -> Feed:
    """Give the channel a schedule, and let it watch a feed that has been read once."""
    for words in schedule:
        await life.says(words)
    feed = world.feed("news")
    await life.says(f"/add {CHANNEL_ID} {feed.url} every=20s as=feed")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    return feed


def _clock(world: World, minutes: float = 0) -> str:
    """Say the world's time of the day so many minutes from now."""
    return datetime.fromtimestamp(world.now_s() + minutes * 60, tz=UTC).strftime("%H:%M")


MIDNIGHT_SOON = f"/tz {CHANNEL_ID} Australia/Darwin"
"""Where it is a quarter to midnight when a world begins."""


async def test_a_hold_over_midnight_outlasts_a_crash(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life, MIDNIGHT_SOON, f"/schedule {CHANNEL_ID} hold 23:00-00:05")
        new = world.web.publish("news", 2)
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM queue") == [(2,)])
        world.pull_the_plug()
    world.next_life()
    async with start(world) as life:
        new += world.web.publish("news", 1)
        await trio.sleep(900)
        assert world.links(CHANNEL_ID) == []
        assert "posts are held at this hour" in (await life.says(f"/queue {CHANNEL_ID}")).text
        await life.posted(new, timeout_s=3600)
    first = world.posts(CHANNEL_ID)[0].at
    assert first % 3600 == pytest.approx(2100, abs=5), "five past midnight there"
    check(world)


async def test_a_full_day_goes_on_after_midnight(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life, MIDNIGHT_SOON, f"/schedule {CHANNEL_ID} cap 2/day")
        new = world.web.publish("news", 3)
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 2)
    async with start(world) as life:
        await trio.sleep(840)
        assert world.links(CHANNEL_ID) == new[:2]
        await life.posted(new, timeout_s=3600)
    assert world.posts(CHANNEL_ID)[2].at % 3600 == pytest.approx(1800, abs=5), "midnight there"
    check(world)


async def _digest_due(world: World, life: Life, count: int) -> list[str]:
    await _watch(world, life, f"/schedule {CHANNEL_ID} digest {_clock(world, 3)}")
    new = world.web.publish("news", count)
    await trio.sleep(60)
    assert world.links(CHANNEL_ID) == []
    return new


async def test_a_digest_is_one_post_with_all_links_in_order(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        new = await _digest_due(world, life, 5)
        await life.until(lambda: bool(world.posts(CHANNEL_ID)))
        (post,) = world.posts(CHANNEL_ID)
        assert post.links == new
        await life.until(lambda: life.rows("SELECT DISTINCT state FROM queue") == [("sent",)])
        assert life.rows("SELECT DISTINCT message_id FROM queue") == [(post.message_id,)]
        assert life.rows("SELECT kind, outcome FROM posts") == [("digest", "sent")]
    check(world)


@pytest.mark.parametrize(("how", "verdict"), [("crash", 0), ("lost answer", 1)])
async def test_a_digest_is_in_doubt_as_a_whole(
    autojump_clock: MockClock, world: World, start: Start, check: Check, how: str, verdict: int
) -> None:
    async with start(world) as life:
        new = await _digest_due(world, life, 4)
        world.api.chats[CHANNEL_ID].protected = True  # so that nobody can look for it
        if how == "crash":
            world.crash_when(lambda message: message.chat_id == CHANNEL_ID)
            with trio.fail_after(600):
                await world.crashed.wait()
            world.next_life()
        else:
            world.api.faults.add(Fault(what="reset", when="after", method="sendmessage", chat_id=CHANNEL_ID))
            await life.until(lambda: bool(world.posts(CHANNEL_ID)))
    async with start(world) as life:
        held = [("held", "uncertain")] * 4
        await life.until(lambda: life.rows("SELECT state, reason FROM queue") == held)
        await trio.sleep(10)
        (card,) = [m for m in world.api.messages(OWNER_ID) if "Was this posted" in m.text]
        world.api.press(OWNER_ID, OWNER_ID, card.message_id, card.buttons[verdict][1])
        await life.until(lambda: life.rows("SELECT DISTINCT state FROM queue") == [("sent",)])
    assert world.all_links(CHANNEL_ID) == new * (1 + verdict)
    check(world, may_repeat=bool(verdict))


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_digest_in_doubt_is_looked_for_as_a_whole(
    autojump_clock: MockClock, world: World, start: Start, check: Check, when: When
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        first = world.web.publish("news")
        await life.posted(first)
        await life.says(f"/schedule {CHANNEL_ID} digest {_clock(world, 3)}")
        new = world.web.publish("news", 4)
        world.api.faults.add(Fault(what="reset", when=when, method="sendmessage", chat_id=CHANNEL_ID))
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM queue WHERE state = 'sent'") == [(5,)])
        wanted = [*first, *new]
        assert [link for link in world.all_links(CHANNEL_ID) if link in wanted] == wanted
        assert life.rows("SELECT COUNT(DISTINCT message_id) FROM queue") == [(2,)]
    check(world)


async def test_a_digest_that_is_refused_is_taken_apart(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        new = await _digest_due(world, life, 3)
        refusal = Fault(
            what="error",
            status=400,
            description="Bad Request: nope",
            method="sendmessage",
            chat_id=CHANNEL_ID,
        )
        world.api.faults.add(refusal)
        await life.posted(new)
    check(world)


async def test_a_backlog_let_go_at_once_becomes_digests(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world, fetch_pages=False) as life:
        feed = world.feed("news", first=100, window=100)
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed backlog=all")
        await life.until(lambda: len(world.all_links(CHANNEL_ID)) == 100)
        assert world.all_links(CHANNEL_ID) == [entry.link for entry in feed.entries]
        assert len(world.posts(CHANNEL_ID)) <= 4
        await life.until(lambda: life.rows("SELECT DISTINCT state FROM queue") == [("sent",)])
    check(world)


async def test_what_waits_for_one_chat_does_not_slow_another(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    world.api.chats.add(Chat(chat_id=OTHER_ID, kind="channel"))
    async with start(world, fetch_pages=False) as life:
        slow = world.feed("slow", first=40, window=40)
        await life.says(f"/schedule {CHANNEL_ID} gap 5s fold off")
        await life.says(f"/add {CHANNEL_ID} {slow.url} every=10m as=feed backlog=all")
        fast = world.feed("fast")
        await life.says(f"/add {OTHER_ID} {fast.url} every=1s as=feed")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        published = world.now_s()
        new = world.web.publish("fast", 1)
        await life.until(lambda: world.links(OTHER_ID) == new)
        assert world.now_s() - published < 4
        assert len(world.links(CHANNEL_ID)) < 8
        await life.says("/remove 1")
        await life.says(f"/remove {OTHER_ID} 1")
        await life.posted([entry.link for entry in slow.entries], timeout_s=1200)
    check(world)


async def test_a_chat_that_floods_is_written_to_less_often(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start, check: Check
) -> None:
    world = World(4, tmp_path, nursery=nursery, limits=Limits())
    async with start(world, flood_brake=0, fetch_pages=False) as life:
        feed = world.feed("news", first=70, window=70)
        world.api.user_says(OWNER_ID, OWNER_ID, f"/schedule {CHANNEL_ID} fold off")
        await trio.sleep(5)
        world.api.user_says(OWNER_ID, OWNER_ID, f"/add {CHANNEL_ID} {feed.url} every=1h as=feed backlog=all")
        await life.posted([entry.link for entry in feed.entries], timeout_s=3000)
        refused = life.rows("SELECT COUNT(*) FROM posts WHERE outcome = 'deferred'")[0][0]
    assert 1 <= refused <= 3, "without a wider gap, each twenty posts would bring another refusal"
    times = [post.at for post in world.posts(CHANNEL_ID)]
    assert times[1] - times[0] < 2
    assert times[-1] - times[-2] >= 2
    check(world)


async def test_posting_by_hand(autojump_clock: MockClock, world: World, start: Start, check: Check) -> None:
    one, two, three = (f"https://shop.example/{name}" for name in ("one", "two", "three"))
    async with start(world, fetch_pages=False) as life:
        await life.says(f"/schedule {CHANNEL_ID} hold {_clock(world, -5)}-{_clock(world, 30)}")
        assert "Queued" in (await life.says(f"/post {CHANNEL_ID} {one}")).text
        assert "Queued" in (await life.says(f"/post {two} {CHANNEL_ID} now")).text
        await life.posted([two])
        at = _clock(world, 10)
        assert f"At {at}" in (await life.says(f"/post {CHANNEL_ID} {three} at={at}")).text
        await life.posted([two, three], timeout_s=900)
        assert _clock(world, -1) <= at <= _clock(world)
        assert "posted here before" in (await life.says(f"/post {CHANNEL_ID} {two} now")).text
        assert "Queued" in (await life.says(f"/post {CHANNEL_ID} {two} now again")).text
        await life.posted([two, three, two])
        assert "goes before" in (await life.says(f"/post {CHANNEL_ID} {one}")).text
        await life.posted([two, three, two, one], timeout_s=3000)
    check(world, may_repeat=True)


async def test_buttons_of_the_queue(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        schedule = f"/schedule {CHANNEL_ID} hold {_clock(world, -5)}-{_clock(world, 8)}"
        await _watch(world, life, schedule)
        a, b, c = world.web.publish("news", 3)
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM queue") == [(3,)])
        await trio.sleep(5)
        card = await life.says(f"/q {CHANNEL_ID}")
        assert "3 waiting, next at " in card.text

        async def press(row: int, button: int) -> None:
            before = len(world.api.callback_answers)
            world.api.press(OWNER_ID, OWNER_ID, card.message_id, card.buttons[6 * row + button][1])
            await life.until(lambda: len(world.api.callback_answers) > before)
            await trio.sleep(5)

        await press(2, 1)  # the third one up
        await press(2, 5)  # drops b, which is the third one now
        assert "2 waiting" in card.text
        await press(1, 0)  # c now
        await life.posted([c])
        world.api.press(OWNER_ID, 3003, card.message_id, card.buttons[5][1])
        await trio.sleep(5)
        assert life.rows("SELECT COUNT(*) FROM queue WHERE state = 'dropped'") == [(1,)], "strangers may not"
        await trio.sleep(400)
        await life.posted([c, a])
        assert life.rows("SELECT reason FROM queue WHERE state = 'dropped'") == [("dropped_by_hand",)]
    assert b not in world.all_links(CHANNEL_ID)
    check(world)


async def test_stale_links_are_dropped_and_silent_hours_make_no_sound(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        rules = f"hold {_clock(world, -5)}-{_clock(world, 5)} silent {_clock(world)}-{_clock(world, 8)}"
        await _watch(world, life, f"/schedule {CHANNEL_ID} {rules}")
        assert "expire: 2m" in (await life.says(f"/set {CHANNEL_ID} 1 expire=2m")).text
        world.web.publish("news", 1)
        await life.until(
            lambda: life.rows("SELECT state, reason FROM queue") == [("dropped", "expired")], timeout_s=900
        )
        await trio.sleep(30)
        new = world.web.publish("news", 1)
        await life.posted(new, timeout_s=900)
        assert world.posts(CHANNEL_ID)[0].silent
        await trio.sleep(180)
        new += world.web.publish("news", 1)
        await life.posted(new)
        assert not world.posts(CHANNEL_ID)[1].silent
    check(world)


async def test_a_schedule_is_shown_and_refused_in_words(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        assert "No rules" in (await life.says("/schedule")).text
        shown = (await life.says("/schedule window 09:00-21:00 mon-fri, gap 10m")).text
        assert "window 09:00-21:00 mon-fri\ngap 10m" in shown
        assert "Europe/Berlin" in (await life.says("/tz berlin")).text
        assert "Perhaps" in (await life.says("/tz berl")).text
        assert "is no rule" in (await life.says("/schedule whenever")).text
        assert "gap 10m" in (await life.says("/schedule window off")).text
        assert "No rules" in (await life.says("/schedule off")).text
        assert "Now, or at a time" in (await life.says("/post https://a.example/x now at=10:00")).text


class _PlugAt:
    """Pulls the plug after the commit that leaves a state of the outbox for the first time."""

    def __init__(self, world: World, states: list[tuple[str, int]]) -> None:
        self._world = world
        self._states = states

    async def __call__(self, work: Callable[[], Any]) -> Any:
        await trio.lowlevel.checkpoint()
        result = work()
        counts = Life(self._world).rows("SELECT state, COUNT(*) FROM queue GROUP BY 1 ORDER BY 1")
        if counts == self._states and not self._world.crashed.is_set():
            self._world.pull_the_plug()
        return result


@pytest.mark.parametrize(
    ("states", "doubtful"),
    [
        ([("pending", 10), ("sending", 80), ("sent", 1)], 80),
        ([("pending", 10), ("sent", 81)], 0),
        ([("sending", 10), ("sent", 81)], 10),
    ],
)
async def test_a_crash_at_a_commit_of_digests(
    autojump_clock: MockClock,
    world: World,
    start: Start,
    check: Check,
    states: list[tuple[str, int]],
    doubtful: int,
) -> None:
    async with start(world, flood_brake=0, fetch_pages=False) as life:
        feed = await _watch(world, life)
        feed.window = 100
        await life.posted(world.web.publish("news"))
        new = world.web.publish("news", 90)
    plug = _PlugAt(world, states)
    async with start(world, flood_brake=0, fetch_pages=False, run_write=plug):
        with trio.fail_after(200):
            await world.crashed.wait()
    world.next_life()
    async with start(world, flood_brake=0, fetch_pages=False) as life:
        await trio.sleep(30)
        doubts = life.rows("SELECT COUNT(*), COUNT(DISTINCT post_id) FROM queue WHERE state = 'uncertain'")
        assert doubts == [(doubtful, min(doubtful, 1))]
        await life.until(lambda: life.rows("SELECT DISTINCT state FROM queue") == [("sent",)])
    assert [link for link in world.all_links(CHANNEL_ID) if link in new] == new
    check(world)

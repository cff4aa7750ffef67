"""Posts whose answer was lost are looked for in Telegram itself, whatever else happens there meanwhile."""

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat, Fault
from simulation.botapi.faults import When
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

GROUP_ID = -77
HELD = "SELECT state, reason FROM queue WHERE state <> 'sent'"


async def _watch(world: World, life: Life, chat_id: int = CHANNEL_ID) -> Feed:
    feed = world.feed("news")
    target = "" if chat_id == OWNER_ID else chat_id
    await life.says(f"/add {target} {feed.url} every=10s as=feed backlog=none")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    first = world.web.publish("news", 1)
    await life.until(lambda: _posted(world, chat_id, first) == first)
    return feed


def _posted(world: World, chat_id: int, wanted: list[str]) -> list[str]:
    """Return those of the links that stand in a chat, in the order in which they were posted there."""
    posts = [message for message in world.posts(chat_id) if message.origin is None]
    return [message.links[0] for message in posts if message.links[0] in wanted]


def _lose(world: World, when: When, chat_id: int = CHANNEL_ID, method: str = "sendmessage") -> None:
    world.api.faults.add(Fault(what="no_answer", when=when, method=method, chat_id=chat_id))


def _copies(world: World) -> list[Accepted]:
    return [message for message in world.api.journal if message.origin is not None and not message.deleted]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chat_id", [OWNER_ID, GROUP_ID])
async def test_where_ids_run_over_the_whole_account(
    autojump_clock: MockClock, world: World, start: Start, check: Check, chat_id: int, when: When
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP_ID, kind="group", members={OWNER_ID: "member"}))
    async with start(world, group_gap=1.0) as life:
        await _watch(world, life, chat_id)
        _lose(world, when, chat_id)
        new = world.web.publish("news", 2)
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE state = 'uncertain'")))
        for number in range(70):  # others use up more ids than may be missing
            world.api.user_says(2000 + number % 3, 2000 + number % 3, "Hello")
        await life.until(lambda: _posted(world, chat_id, new) == new)
        assert life.rows("SELECT DISTINCT state FROM queue") == [("sent",)]
    assert _copies(world) == []
    check(world)


async def test_others_post_to_the_channel_too(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        _lose(world, "after")
        for number in range(3):
            world.api.user_says(CHANNEL_ID, OWNER_ID, f"By hand {number}")
        new = world.links(CHANNEL_ID) + world.web.publish("news", 2)
        await life.posted(new)
    assert _copies(world) == []
    check(world)


async def test_a_channel_without_an_end_is_asked_about(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        _lose(world, "before")
        world.web.publish("news", 1)
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE state = 'uncertain'")))
        for number in range(61):
            world.api.user_says(CHANNEL_ID, OWNER_ID, f"By hand {number}")
        await life.until(lambda: life.rows(HELD) == [("held", "uncertain")], 130)
        await trio.sleep(90)
    assert _copies(world) == []
    check(world)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_search_itself_is_not_answered(
    autojump_clock: MockClock, world: World, start: Start, check: Check, when: When
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        _lose(world, "after")
        world.api.faults.add(
            Fault(what="no_answer", when=when, method="forwardmessage"),
            Fault(what="flood", method="forwardmessage", retry_after_s=5),
            Fault(what="refuse", method="forwardmessage"),
            Fault(what="no_answer", when=when, method="deletemessage"),
        )
        new = world.links(CHANNEL_ID) + world.web.publish("news", 2)
        await life.posted(new)
        await life.until(
            lambda: life.rows("SELECT ended_ms FROM posts WHERE kind = 'probe'")[0][0] is not None
        )
    assert _copies(world) == []
    check(world)


async def test_a_flood_wait_for_a_deletion_holds_other_searches(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    """Two posts are in doubt; the deletion of the first copy is to wait, so the second copy waits too."""
    other_id = -1001000000002
    world.api.chats.add(Chat(chat_id=other_id, kind="channel"))
    async with start(world) as life:
        feed = await _watch(world, life)
        await life.says(f"/add {other_id} {feed.url} every=10s as=feed backlog=none")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        before = world.web.publish("news", 1)
        await life.until(lambda: _posted(world, other_id, before) == before)
        _lose(world, "after")
        _lose(world, "after", other_id)
        world.api.faults.add(Fault(what="flood", method="deletemessage", retry_after_s=8))
        world.web.publish("news", 1)
        await life.until(lambda: len(life.rows("SELECT 1 FROM queue WHERE state = 'uncertain'")) == 2)
        await life.until(lambda: not life.rows("SELECT 1 FROM queue WHERE state <> 'sent'"))
        await life.until(lambda: not life.rows("SELECT 1 FROM posts WHERE ended_ms IS NULL"))
    assert any(fault.what == "flood" for _, fault in world.api.faults.struck)
    assert _copies(world) == []
    check(world)


async def test_nothing_is_looked_at_while_a_deletion_waits_for_its_answer(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    """The answer may be a flood wait, and a copy made meanwhile would go into it (seed 1020)."""
    other_id = -1001000000002
    world.api.chats.add(Chat(chat_id=other_id, kind="channel"))
    async with start(world) as life:
        feed = await _watch(world, life)
        await life.says(f"/add {other_id} {feed.url} every=10s as=feed backlog=none")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        before = world.web.publish("news", 1)
        await life.until(lambda: _posted(world, other_id, before) == before)
        _lose(world, "after")
        _lose(world, "after", other_id)
        world.api.faults.add(Fault(what="delay", method="deletemessage", when="after", delay_s=9, count=2))
        world.web.publish("news", 1)
        await life.until(lambda: len(life.rows("SELECT 1 FROM queue WHERE state = 'uncertain'")) == 2)
        await life.until(lambda: not life.rows("SELECT 1 FROM queue WHERE state <> 'sent'"))
        await life.until(lambda: not life.rows("SELECT 1 FROM posts WHERE ended_ms IS NULL"))
    deleted = [at for at, method, _ in world.api.calls if method.lower() == "deletemessage"]
    looked = [at for at, method, _ in world.api.calls if method.lower() == "forwardmessage"]
    assert len(deleted) >= 2
    assert not [at for at in looked for since in deleted[:2] if since < at < since + 9]
    check(world)


@pytest.mark.parametrize("probe_chat", [None, "-1001000000009"])
@pytest.mark.parametrize("moment", ["copied", "recorded"])
async def test_a_crash_in_the_middle_of_a_search(
    autojump_clock: MockClock, world: World, start: Start, check: Check, moment: str, probe_chat: str | None
) -> None:
    world.api.chats.add(Chat(chat_id=-1001000000009, kind="channel"))
    async with start(world, probe_chat=probe_chat) as life:
        await _watch(world, life)
        _lose(world, "after")
        if moment == "recorded":
            world.api.faults.add(Fault(what="hang", method="deletemessage"))
        else:
            world.crash_when(lambda message: message.origin is not None)
        new = world.links(CHANNEL_ID) + world.web.publish("news", 2)
        if moment == "recorded":
            found = "SELECT 1 FROM posts WHERE kind = 'probe' AND message_ids <> '[]'"
            await life.until(lambda: bool(life.rows(found)))
            world.pull_the_plug()
        with trio.fail_after(300):
            await world.crashed.wait()
    assert len(_copies(world)) == 1
    world.next_life()
    async with start(world, probe_chat=probe_chat) as life:
        await life.posted(new)
        await trio.sleep(120)
        assert life.rows("SELECT COUNT(*) FROM posts WHERE kind = 'probe' AND ended_ms IS NULL") == [(0,)]
    assert _copies(world) == []
    check(world)


async def test_in_a_chat_without_known_messages_only_finding_counts(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed backlog=none")
        await trio.sleep(20)
        _lose(world, "before")
        world.web.publish("news", 1)
        await life.until(lambda: life.rows(HELD) == [("held", "uncertain")], 130)
    check(world)


async def test_without_an_owner_nothing_is_looked_for(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life)
    async with start(world, owner_ids=()) as life:
        _lose(world, "after")
        world.web.publish("news", 1)
        await life.until(lambda: life.rows(HELD) == [("held", "uncertain")], 60)
    assert not [message for message in world.api.journal if message.origin is not None]
    check(world)


async def test_what_is_sent_again_waits_for_a_chat_that_is_out_of_reach(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    chat = world.api.chats[CHANNEL_ID]
    async with start(world) as life:
        await _watch(world, life)
        _lose(world, "after")
        new = world.web.publish("news", 1)
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE state = 'uncertain'")))
        chat.state = "kicked"
        world.api.people.set_bot_status(CHANNEL_ID, OWNER_ID, "kicked")
        await life.until(lambda: life.rows(HELD) == [("held", "uncertain")])
        await trio.sleep(30)
        question = next(one for one in world.api.messages(OWNER_ID) if "unc:" in str(one.buttons))
        again = next(label for label, data in question.buttons if data.endswith(":again"))
        await life.presses(question, again)
        assert life.rows(HELD) == [("held", "suspended")]
        chat.state = "ok"
        world.api.people.set_bot_status(CHANNEL_ID, OWNER_ID, "administrator")
        await life.until(lambda: life.rows(HELD) == [])
    assert _posted(world, CHANNEL_ID, new) == new * 2
    check(world)

"""What each refusal of the Bot API, and each way of not answering, means for row, chat and owner."""

from dataclasses import replace

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Chat, Fault
from simulation.botapi.faults import What
from simulation.botapi.refusals import refusal
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

FORUM_ID = -1001000000005


async def _watch(world: World, life: Life, place: str = str(CHANNEL_ID)) -> Feed:
    feed = world.feed("news")
    await life.says(f"/add {place} {feed.url} every=10s as=feed backlog=none")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    return feed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("blocked", "blocked"),
        ("deactivated", "deactivated"),
        ("never started", "never_started"),
        ("kicked", "kicked"),
        ("kicked from channel", "kicked"),
        ("not a member", "kicked"),
        ("deleted group", "kicked"),
        ("to a bot", "kicked"),
        ("chat not found", "not_found"),
        ("upgraded", "upgraded"),
        ("no rights", "no_rights"),
        ("no rights at all", "no_rights"),
        ("write forbidden", "no_rights"),
        ("no administrator", "no_rights"),
    ],
)
async def test_a_chat_out_of_reach(
    autojump_clock: MockClock, world: World, start: Start, check: Check, text: str, reason: str
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        world.api.faults.add(refusal(text, chat_id=CHANNEL_ID))
        new = world.web.publish("news", 2)
        await life.until(lambda: life.rows("SELECT DISTINCT reason FROM queue") == [("suspended",)])
        assert life.rows("SELECT state_reason FROM chats WHERE chat_id = ?", CHANNEL_ID) == [(reason,)]
        await life.until(lambda: any("Nothing can be posted" in m.text for m in world.api.messages(OWNER_ID)))
        world.api.people.set_bot_status(CHANNEL_ID, OWNER_ID, "administrator")
        await life.posted(new)
    check(world)


@pytest.mark.parametrize(("text", "reason"), [("topic closed", "topic_closed"), ("topic gone", "topic_gone")])
async def test_a_topic_out_of_reach_is_not_tried_again_and_again(
    autojump_clock: MockClock, world: World, start: Start, check: Check, text: str, reason: str
) -> None:
    world.api.chats.add(
        Chat(
            chat_id=FORUM_ID,
            kind="supergroup",
            is_forum=True,
            topics={7: "open"},
            members={OWNER_ID: "member"},
        )
    )
    async with start(world) as life:
        await _watch(world, life, f"{FORUM_ID}/7")
        world.api.faults.add(refusal(text, chat_id=FORUM_ID))
        world.web.publish("news", 3)
        await life.until(lambda: life.rows("SELECT DISTINCT reason FROM queue") == [("topic_suspended",)])
        assert life.rows("SELECT state_reason FROM topics") == [(reason,)]
        await trio.sleep(60)
        asked = [ask for _, method, ask in world.api.calls if method == "sendmessage"]
        assert sum(ask.text("chat_id") == str(FORUM_ID) for ask in asked) == 1
    check(world)


@pytest.mark.parametrize("text", ["entities", "too long", "empty", "button"])
async def test_a_refused_message_goes_out_plain_once_and_holds_up_nobody(
    autojump_clock: MockClock, world: World, start: Start, check: Check, text: str
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        fault = refusal(text, chat_id=CHANNEL_ID)
        world.api.faults.add(replace(fault, count=1))
        first = world.web.publish("news", 1)
        await life.posted(first)
        world.api.faults.add(replace(fault, count=2))
        _, fine = world.web.publish("news", 2)
        await life.posted([*first, fine])
        ((state, reason),) = life.rows("SELECT state, reason FROM queue WHERE state <> 'sent'")
        assert state == "dead"
        assert reason.startswith("rejected: ")
    check(world)


@pytest.mark.parametrize("what", ["refuse", "dns", "tls"])
async def test_without_a_connection_nothing_was_sent(
    autojump_clock: MockClock, world: World, start: Start, check: Check, what: What
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        world.api.faults.add(Fault(what=what, method="sendmessage", chat_id=CHANNEL_ID, count=2))
        await life.posted(world.web.publish("news", 2), timeout_s=60)
        assert life.rows("SELECT 1 FROM posts WHERE outcome = 'uncertain'") == []
    check(world)


@pytest.mark.parametrize("text", ["server error", "bad gateway", "half an album"])
async def test_what_proves_nothing_is_looked_for(
    autojump_clock: MockClock, world: World, start: Start, check: Check, text: str
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        first = world.web.publish("news", 1)
        await life.posted(first)
        world.api.faults.add(replace(refusal(text, chat_id=CHANNEL_ID), when="after"))
        await life.posted(first + world.web.publish("news", 2))
        assert life.rows("SELECT COUNT(*) FROM posts WHERE outcome = 'found'") == [(1,)]
    check(world)


async def test_an_answer_after_more_than_a_minute_is_none(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        first = world.web.publish("news", 1)
        await life.posted(first)
        world.api.faults.add(
            Fault(what="delay", when="before", delay_s=90, method="sendmessage", chat_id=CHANNEL_ID)
        )
        await life.posted(first + world.web.publish("news", 2))
    check(world)


async def test_a_conflict_is_no_attempt(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life)
        world.api.faults.add(refusal("conflict", chat_id=CHANNEL_ID))
        await life.posted(world.web.publish("news", 2), timeout_s=60)
    check(world)


async def test_a_command_shows_that_a_chat_is_back(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    group = world.api.chats.add(Chat(chat_id=-77, kind="group", members={OWNER_ID: "member"}))
    async with start(world) as life:
        await _watch(world, life, str(group.chat_id))
        world.api.faults.add(refusal("kicked", chat_id=group.chat_id))
        new = world.web.publish("news", 1)
        await life.until(lambda: life.rows("SELECT reason FROM queue") == [("suspended",)])
        world.api.user_says(group.chat_id, OWNER_ID, "/version")
        await life.posted(new, group.chat_id)
    check(world)

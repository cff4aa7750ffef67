"""What happens to the row, the chat and the owner for each way in which sending can fail."""

from dataclasses import replace
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from core.errors import TokenInUse, TokenRefused
from simulation.botapi import Chat, Fault, Limits
from simulation.botapi.chats import ChatState, TopicState
from simulation.botapi.faults import What, When
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, LeafOf, Life, Start, Watch


@pytest.fixture
def watch() -> Watch:
    """Subscribe the channel to a feed and wait until it is known."""

    async def subscribe(world: World, life: Life, *chats: int) -> Feed:
        feed = world.feed("news")
        for chat in chats or (CHANNEL_ID,):
            await life.says(f"/add {chat} {feed.url} every=10s")
        await life.until(
            lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == max(1, len(chats))
        )
        await trio.sleep(5)
        return feed

    return subscribe


def _refuse_looks(world: World) -> None:
    """Let no message be looked at, so that nobody can tell what arrived."""
    refusal = "Bad Request: not enough rights to send text messages to the chat"
    world.api.faults.add(
        Fault(what="error", status=400, description=refusal, method="forwardmessage", count=None)
    )


@pytest.mark.parametrize(
    "what", ["error", "restart", "html", "truncated", "binary", "no_answer", "reset", "half"]
)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_posts_with_unclear_answers_are_looked_for(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check, what: What, when: When
) -> None:
    async with start(world) as life:
        await watch(world, life)
        before = world.web.publish("news", 1)
        await life.posted(before)
        world.api.faults.add(Fault(what=what, when=when, method="sendmessage", chat_id=CHANNEL_ID))
        await life.posted(before + world.web.publish("news", 2))
        assert life.rows("SELECT DISTINCT state, reason FROM queue") == [("sent", None)]
        assert not [m for m in world.api.journal if m.origin is not None and not m.deleted], "no copy stays"
        assert not [m for m in world.api.messages(OWNER_ID) if "Was this posted" in m.text]
    check(world)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_where_looking_does_not_tell_posts_are_held_and_asked_about(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check, when: When
) -> None:
    _refuse_looks(world)
    what: What = "no_answer"
    async with start(world) as life:
        await watch(world, life)
        world.api.faults.add(Fault(what=what, when=when, method="sendmessage", chat_id=CHANNEL_ID))
        doubtful, following = world.web.publish("news", 2)
        await life.until(lambda: following in world.links(CHANNEL_ID), 130)
        await trio.sleep(60)
        assert world.links(CHANNEL_ID) == ([doubtful, following] if when == "after" else [following])
        assert life.rows("SELECT state, reason FROM queue ORDER BY id") == [
            ("held", "uncertain"),
            ("sent", None),
        ]
        card = world.api.messages(OWNER_ID)[-1]
        assert [text for text, _ in card.buttons] == ["It is there", "Send it again"]
        verdict = card.buttons[0 if when == "after" else 1][1]
        world.api.press(OWNER_ID, OWNER_ID, card.message_id, verdict)
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM queue WHERE state = 'sent'") == [(2,)])
        await trio.sleep(30)
        assert sorted(world.links(CHANNEL_ID)) == sorted([doubtful, following])
        assert card.edited
        assert card.buttons == []
    check(world)


async def test_hanging_answer_is_uncertain_after_its_deadline(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check
) -> None:
    async with start(world) as life:
        await watch(world, life)
        world.api.faults.add(Fault(what="hang", when="after", method="sendmessage", chat_id=CHANNEL_ID))
        world.web.publish("news", 1)
        await life.until(lambda: life.rows("SELECT state FROM queue") == [("uncertain",)])
        await life.until(lambda: life.rows("SELECT state FROM queue") == [("sent",)])
    check(world)


@pytest.mark.parametrize(("then", "state"), [("drop", "dropped"), ("resend", "sent")])
async def test_unanswered_question_becomes_what_the_operator_chose(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, then: str, state: str
) -> None:
    _refuse_looks(world)
    async with start(world, uncertain_after=f"1h:{then}") as life:
        await watch(world, life)
        world.api.faults.add(Fault(what="no_answer", when="before", method="sendmessage", chat_id=CHANNEL_ID))
        (link,) = world.web.publish("news")
        await life.until(lambda: life.rows("SELECT state FROM queue") == [("held",)])
        await trio.sleep(3700)
        assert life.rows("SELECT state FROM queue") == [(state,)]
        assert world.links(CHANNEL_ID) == ([link] if then == "resend" else [])
        if then == "resend":
            assert "may be a repetition" in world.posts(CHANNEL_ID)[0].text


@pytest.mark.parametrize(("policy", "state"), [("drop", "dropped"), ("resend", "sent")])
async def test_other_policies_for_doubt(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, policy: str, state: str
) -> None:
    _refuse_looks(world)
    async with start(world, on_uncertain=policy) as life:
        await watch(world, life)
        world.api.faults.add(Fault(what="reset", when="before", method="sendmessage", chat_id=CHANNEL_ID))
        world.web.publish("news")
        await life.until(lambda: life.rows("SELECT state FROM queue") == [(state,)])


async def test_connection_refused_is_tried_again_and_nothing_overtakes(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check
) -> None:
    async with start(world) as life:
        await watch(world, life)
        world.api.faults.add(Fault(what="refuse", method="sendmessage", chat_id=CHANNEL_ID, count=4))
        new = world.web.publish("news", 3)
        await life.posted(new)
        assert life.rows("SELECT COUNT(*) FROM queue WHERE state = 'sent'") == [(3,)]
    check(world)


async def test_flood_wait_holds_its_chat_only_and_is_kept(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check
) -> None:
    other = world.api.chats.add(Chat(chat_id=-1009, kind="channel"))
    async with start(world) as life:
        await watch(world, life, CHANNEL_ID, other.chat_id)
        world.api.faults.add(Fault(what="flood", method="sendmessage", chat_id=CHANNEL_ID, retry_after_s=120))
        new = world.web.publish("news", 2)
        await life.posted(new, other.chat_id)
        assert world.links(CHANNEL_ID) == []
        await life.posted(new)
        assert life.rows("SELECT DISTINCT attempts FROM queue") == [(1,)], "a flood wait is no attempt"
    check(world)


async def test_flood_wait_is_kept_through_a_restart(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check
) -> None:
    async with start(world) as life:
        await watch(world, life)
        world.api.faults.add(Fault(what="flood", method="sendmessage", chat_id=CHANNEL_ID, retry_after_s=300))
        new = world.web.publish("news", 2)
        await life.until(lambda: bool(life.rows("SELECT 1 FROM chats WHERE flood_until_ms > 0")))
    async with start(world) as life:
        await life.posted(new)
    check(world)


async def test_two_floods_within_a_second_pause_everything(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check
) -> None:
    others = [world.api.chats.add(Chat(chat_id=-1010 - n, kind="channel")).chat_id for n in range(3)]
    async with start(world) as life:
        await watch(world, life, *others)
        world.api.faults.add(
            Fault(what="flood", scope="all", method="sendmessage", retry_after_s=60),
        )
        new = world.web.publish("news", 1)
        for chat in others:
            await life.posted(new, chat)
        assert life.rows("SELECT COUNT(*) FROM facts WHERE name = 'flood_until_ms'") == [(1,)]


async def test_real_limits_are_never_hit_twice(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start, watch: Watch, check: Check
) -> None:
    world = World(3, tmp_path, nursery=nursery, limits=Limits(chat_burst=1))
    async with start(world, flood_brake=0) as life:
        await watch(world, life)
        world.api.user_says(OWNER_ID, OWNER_ID, f"/schedule {CHANNEL_ID} fold off")
        await trio.sleep(2)
        new = world.web.publish("news", 30)
        await life.posted(new, timeout_s=3000)
    check(world)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("blocked", "blocked"),
        ("kicked", "kicked"),
        ("left", "kicked"),
        ("no_rights", "no_rights"),
        ("not_found", "not_found"),
    ],
)
async def test_chat_out_of_reach_is_suspended_and_resumed(
    autojump_clock: MockClock,
    world: World,
    start: Start,
    watch: Watch,
    check: Check,
    trouble: ChatState,
    reason: str,
) -> None:
    async with start(world) as life:
        await watch(world, life)
        chat = world.api.chats[CHANNEL_ID]
        chat.state = trouble
        new = world.web.publish("news", 3)
        await life.until(
            lambda: (
                life.rows("SELECT state, state_reason FROM chats WHERE chat_id = ?", CHANNEL_ID)
                == [("suspended", reason)]
            )
        )
        await trio.sleep(60)
        assert life.rows("SELECT DISTINCT state, reason FROM queue") == [("held", "suspended")]
        assert life.rows("SELECT state FROM subscriptions") == [("active",)]
        cards = [m for m in world.api.messages(OWNER_ID) if "Nothing can be posted" in m.text]
        assert len(cards) == 1
        new += world.web.publish("news", 1)
        await trio.sleep(60)
        chat.state = "ok"
        world.api.people.set_bot_status(CHANNEL_ID, OWNER_ID, "administrator")
        await life.posted(new)
    check(world)


@pytest.mark.parametrize("state", ["closed", "deleted"])
async def test_closed_topic_suspends_the_topic_alone(
    autojump_clock: MockClock, world: World, start: Start, state: TopicState, check: Check
) -> None:
    feed = world.feed("news")
    forum = world.api.chats.add(
        Chat(
            chat_id=-1002, kind="supergroup", is_forum=True, topics={7: "open"}, members={OWNER_ID: "member"}
        )
    )
    async with start(world) as life:
        await life.says(f"/add {forum.chat_id}/7 {feed.url} every=10s")
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s")
        await trio.sleep(20)
        forum.topics[7] = state
        new = world.web.publish("news", 2)
        await life.posted(new)
        assert life.rows("SELECT state FROM topics") == [("suspended",)]
        assert life.rows("SELECT state FROM chats WHERE chat_id = ?", forum.chat_id) == [("active",)]
        rows = life.rows("SELECT DISTINCT state, reason FROM queue WHERE topic_id = 7")
        assert rows == [("held", "topic_suspended")]
    check(world)


async def test_group_that_becomes_a_supergroup_takes_everything_along(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    group = world.api.chats.add(Chat(chat_id=-77, kind="group", members={OWNER_ID: "member"}))
    async with start(world, group_gap=1.0) as life:
        await life.says(f"/add {group.chat_id} {feed.url} every=10s")
        await trio.sleep(20)
        first = world.web.publish("news", 1)
        await life.posted(first, group.chat_id)
        world.api.people.migrate(group.chat_id, -100777)
        new = world.web.publish("news", 3)
        await life.posted(new, -100777)
        assert world.links(group.chat_id) == first
        assert life.rows("SELECT chat_id FROM subscriptions") == [(-100777,)]
    check(world)


async def test_migration_told_only_by_the_refused_send(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    group = world.api.chats.add(Chat(chat_id=-77, kind="group", members={OWNER_ID: "member"}))
    async with start(world, group_gap=1.0) as life:
        await life.says(f"/add {group.chat_id} {feed.url} every=10s")
        await trio.sleep(20)
        world.api.people.migrate(group.chat_id, -100777)
        world.api.updates.drop()
        new = world.web.publish("news", 3)
        await life.posted(new, -100777)
    check(world)


async def test_refused_post_is_sent_plain_once_then_given_up(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, check: Check
) -> None:
    async with start(world) as life:
        await watch(world, life)
        refusal = Fault(
            what="error",
            status=400,
            description="Bad Request: can't parse entities",
            method="sendmessage",
            chat_id=CHANNEL_ID,
        )
        world.api.faults.add(replace(refusal))
        first = world.web.publish("news", 1)
        await life.posted(first)
        assert world.posts(CHANNEL_ID)[0].text.endswith(first[0]), "plain, with the address itself"
        world.api.faults.add(replace(refusal, count=2))
        hopeless, fine = world.web.publish("news", 2)
        await life.posted([*first, fine])
        ((state, reason),) = life.rows("SELECT state, reason FROM queue WHERE state <> 'sent'")
        assert state == "dead"
        assert "can't parse entities" in reason
        assert hopeless not in world.links(CHANNEL_ID)
    check(world)


async def test_links_that_telegram_refuses_in_entities_still_arrive(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start
) -> None:
    world = World(5, tmp_path, nursery=nursery, limits=Limits(enforced=False, refuse_bad_links=True))
    async with start(world) as life:
        feed = world.feed("news")
        feed.base = "http://intranet/news"
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await trio.sleep(20)
        odd = "http://intranet/news/page"
        world.web.publish("news", link=odd)
        await life.until(lambda: any(odd in m.text for m in world.api.messages(CHANNEL_ID)))


async def test_refused_token_ends_the_program_with_code_2(
    autojump_clock: MockClock, world: World, start: Start, leaf_of: LeafOf
) -> None:
    async with start(world, bot_token="1000000:a-wrong-token") as life:
        await life.ended.wait()
    error = leaf_of(life.error)
    assert isinstance(error, TokenRefused)
    assert error.exit_code == 2


async def test_token_revoked_in_the_middle_keeps_the_queue(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, leaf_of: LeafOf
) -> None:
    async with start(world) as life:
        await watch(world, life)
        world.api.token = "1000000:another-token-now"
        world.web.publish("news", 1)
        await life.ended.wait()
        assert isinstance(leaf_of(life.error), TokenRefused)
        assert life.rows("SELECT DISTINCT state FROM queue") in ([("pending",)], [])


async def test_second_program_with_the_token_ends_this_one_with_code_4(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch, leaf_of: LeafOf
) -> None:
    async with start(world) as life:
        await watch(world, life)
        conflict = "Conflict: terminated by other getUpdates request"
        world.api.faults.add(
            Fault(what="error", status=409, description=conflict, method="getupdates", count=10_000)
        )
        world.api.user_says(OWNER_ID, OWNER_ID, "/start")
        await trio.sleep(60)
        new = world.web.publish("news", 1)
        await trio.sleep(40)
        assert world.links(CHANNEL_ID) == [], "publishing pauses while there is a conflict"
        await life.ended.wait()
        assert isinstance(leaf_of(life.error), TokenInUse)
    world.api.faults.clear()
    async with start(world) as life:
        await life.posted(new)


async def test_telegram_out_of_reach_at_start_is_waited_for(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.faults.add(Fault(what="refuse", method="getme", count=5))
    async with start(world) as life:
        await trio.sleep(120)
        assert "Hello" in (await life.says("/start")).text


async def test_unspeakable_notices_do_not_stop_others(
    autojump_clock: MockClock, world: World, start: Start, watch: Watch
) -> None:
    async with start(world) as life:
        feed = await watch(world, life)
        world.api.faults.add(
            Fault(
                what="error",
                status=400,
                description="Bad Request: nope",
                method="sendmessage",
                chat_id=OWNER_ID,
            ),
            Fault(what="flood", method="sendmessage", chat_id=OWNER_ID, retry_after_s=7),
            Fault(what="no_answer", method="sendmessage", chat_id=OWNER_ID),
        )
        for topic in range(1, 4):
            world.api.user_says(OWNER_ID, OWNER_ID, f"/add {CHANNEL_ID}/{topic + 1} {feed.url}")
        await life.until(
            lambda: (
                life.rows("SELECT state, COUNT(*) FROM notices GROUP BY state ORDER BY state")
                == [("spoken", 4)]
            )
        )

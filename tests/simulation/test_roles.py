"""Who may do what: by invitation, as an administrator of a group, anonymously, and not at all."""

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER
from tests.simulation.running import Life, Start

_LINK = "https://t.me/vestnik_bot?start="


async def _code(life: Life, kind: str, chat_id: int) -> str:
    told = await life.says(f"/role {kind} {chat_id}")
    assert _LINK in told.text
    return told.text.partition("?start=")[2].strip()


async def test_a_link_gives_a_role_once_and_it_can_be_taken_back(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    for user in (EDITOR, VIEWER, STRANGER):
        world.api.people.private(user)
    url = world.feed("one").url
    async with start(world) as life:
        for user, kind in ((EDITOR, "editor"), (VIEWER, "viewer")):
            code = await _code(life, kind, CHANNEL_ID)
            assert f"You are {kind} of Channel" in (await life.says(f"/start {code}", user_id=user)).text
            assert "private" in (await life.says(f"/start {code}", user_id=STRANGER)).text
            assert f"You are {kind}" in (await life.says(f"/start {code}", user_id=user)).text, "repeated"
        stored = life.rows("SELECT code_hash FROM invitations") + life.rows("SELECT args FROM audit")
        assert code not in str(stored)
        assert "may not" in (await life.says(f"/add {CHANNEL_ID} {url}", user_id=VIEWER)).text
        await life.says(f"/add {CHANNEL_ID} {url} as=feed", user_id=EDITOR)
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM subscriptions") == [(1,)])
        for user, told in ((OWNER_ID, "1."), (EDITOR, "1."), (VIEWER, "1."), (STRANGER, "private")):
            assert told in (await life.says(f"/list {CHANNEL_ID}", user_id=user)).text
        for user in (EDITOR, VIEWER, STRANGER):
            assert "private" in (await life.says("/role", user_id=user)).text
        listed = (await life.says("/role")).text
        assert f"({EDITOR})" in listed
        assert "Taken back: 1" in (await life.says(f"/role remove {EDITOR}")).text
        assert "private" in (await life.says(f"/list {CHANNEL_ID}", user_id=EDITOR)).text
        assert "has no role" in (await life.says(f"/role remove {OWNER_ID}")).text
        actions = life.rows(
            "SELECT action, user_id, chat_id FROM audit WHERE action LIKE 'role%' ORDER BY id"
        )
        assert actions == [
            ("role.invited", OWNER_ID, CHANNEL_ID), ("role.accepted", EDITOR, CHANNEL_ID),
            ("role.invited", OWNER_ID, CHANNEL_ID), ("role.accepted", VIEWER, CHANNEL_ID),
            ("role.removed", OWNER_ID, CHANNEL_ID),
        ]  # fmt: skip


@pytest.mark.parametrize("words", ["boss @x", "editor", "remove", "remove me", "editor @x y", "remove 1 2"])
async def test_wrong_words_get_help(
    autojump_clock: MockClock, world: World, start: Start, words: str
) -> None:
    async with start(world) as life:
        assert "/role" in (await life.says(f"/role {words}")).text
        assert life.rows("SELECT COUNT(*) FROM invitations") == [(0,)]


async def test_administrators_of_a_group_in_use_are_its_editors_as_long_as_they_are(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    members = {OWNER_ID: "creator", EDITOR: "administrator", STRANGER: "member"}
    world.api.chats.add(
        Chat(chat_id=GROUP, kind="group", members=dict(members), bot_status="administrator")  # type: ignore[arg-type]
    )
    one, two = world.feed("one").url, world.feed("two").url
    count = "SELECT COUNT(*) FROM subscriptions"
    async with start(world) as life:
        world.api.user_says(GROUP, EDITOR, f"/add {one} as=feed")
        world.api.user_says(GROUP, 0, f"/add {one} as=feed", anonymous=True)
        await trio.sleep(10)
        assert life.rows(count) == [(0,)], "nobody lets a stranger's group in but an owner"
        await life.says(f"/add {one} as=feed", chat_id=GROUP)
        await trio.sleep(5)
        world.api.user_says(GROUP, STRANGER, f"/add {two} as=feed")
        world.api.user_says(GROUP, STRANGER, f"/add {CHANNEL_ID} {two} as=feed")
        await trio.sleep(5)
        assert life.rows(count) == [(1,)]
        world.api.user_says(GROUP, EDITOR, f"/add {two} as=feed")
        await life.until(lambda: life.rows(count) == [(2,)])
        world.api.user_says(GROUP, 0, "/remove 2", anonymous=True)
        await life.until(lambda: life.rows("SELECT state FROM subscriptions") == [("active",), ("removed",)])
        world.api.user_says(GROUP, 0, f"/add {CHANNEL_ID} {two} as=feed", anonymous=True)
        asked = sum(method == "getchatmember" for _, method, _ in world.api.calls)
        world.api.people.set_member(GROUP, EDITOR, "member")
        world.api.user_says(GROUP, EDITOR, "/remove 1")
        await trio.sleep(10)
        assert life.rows("SELECT COUNT(*) FROM subscriptions WHERE state = 'active'") == [(1,)]
        assert sum(method == "getchatmember" for _, method, _ in world.api.calls) == asked + 1

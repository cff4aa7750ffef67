"""/admin in the whole program: every screen and its way back, what its buttons do, and for whom."""

from trio.testing import MockClock

from core import VERSION
from simulation.botapi import Accepted, Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, give_roles, write
from tests.simulation.running import Check, Life, Start

SCREENS = ("Chats", "Roles", "Links", "Log", "Check")


async def _there_and_back(life: Life, card: Accepted) -> dict[str, str]:
    """Open every screen from the first one; return what each said."""
    said = {}
    for label in SCREENS:
        await life.presses(card, label)
        said[label] = card.text
        await life.presses(card, "Back")
        assert card.text.startswith(f"Vestnik {VERSION}, up for ")
    return said


async def test_every_screen_and_its_buttons(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    url = world.feed("news").url
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {url} as=feed")
        give_roles(world)
        await life.says(f"/role editor {CHANNEL_ID}")
        write(world, "UPDATE chats SET state = 'suspended', state_reason = 'kicked', state_ms = 0")
        card = await life.says("/admin")
        assert "Sources: 1 active; failing: 0" in card.text
        assert "Chats out of reach: 1" in card.text
        said = await _there_and_back(life, card)
        assert "⚠️ Channel: 1 watched; out of reach for" in said["Chats"]
        assert "the bot is not in the chat" in said["Chats"]
        assert f"({EDITOR})" in said["Roles"]
        assert "Channel: editor, for another 6d" in said["Links"]
        assert f"{OWNER_ID} made a link for an editor of Channel" in said["Log"]
        assert "✅ Duplicates: 0" in said["Check"]
        assert "⚠️ Chats out of reach: 1" in said["Check"]
        await life.presses(card, "Chats")
        assert await life.presses(card, "Resume Channel") == "It is tried again."
        assert "⚠️" not in card.text
        await life.presses(card, "Back")
        await life.presses(card, "Links")
        assert await life.presses(card, "Take back") == "The link works no more."
        assert card.text.startswith("No link")
        await life.presses(card, "Back")
        await life.presses(card, "Roles")
        assert await life.presses(card, "Remove") == "Taken back."
        assert life.rows("SELECT user_id FROM members WHERE role = 'editor'") == []
        await life.presses(card, "Back")
        await life.presses(card, "Log")
        assert f"{OWNER_ID} took the role editor from {EDITOR} in" in card.text
        await life.presses(card, "Back")
        since = len(world.api.journal)
        await life.presses(card, "Back up now")
        made = await world.api.wait_for(lambda m: m.chat_id == OWNER_ID, since=since)
        await life.until(lambda: "…" not in made.text)
    check(world)


async def test_only_owners_in_private_and_forged_presses_change_nothing(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    world.api.people.private(EDITOR)
    async with start(world) as life:
        await life.says("/version")
        give_roles(world)
        assert "private" in (await life.says("/admin", user_id=EDITOR)).text
        assert "private chat" in (await life.says("/admin", chat_id=GROUP)).text
        listed = await life.says(f"/list {GROUP}", user_id=EDITOR)
        in_group = await life.says("/version", chat_id=GROUP)
        actions = (f"adm:unrole:{GROUP}:{EDITOR}:0", f"adm:resume:{GROUP}:0", "adm:backup:0", "adm:home:0")
        forged = [(listed, EDITOR, data) for data in actions] + [(in_group, OWNER_ID, d) for d in actions]
        for card, user, data in forged:
            before, text = len(world.api.callback_answers), card.text
            world.api.press(card.chat_id, user, card.message_id, data)
            await life.until(lambda n=before: len(world.api.callback_answers) > n)  # type: ignore[misc]
            assert "may not" in str(world.api.callback_answers[-1]["text"])
            assert card.text == text
        assert life.rows("SELECT COUNT(*) FROM members WHERE role = 'editor'") == [(1,)]
        own = await life.says("/version")
        for stale in ("adm:unrole:1:2:0", "adm:revoke:0123456789abcdef:0", "adm:chats:9999", "adm:chats:x"):
            before = len(world.api.callback_answers)
            world.api.press(OWNER_ID, OWNER_ID, own.message_id, stale)
            await life.until(lambda n=before: len(world.api.callback_answers) > n)  # type: ignore[misc]
        texts = [str(answer.get("text", "")) for answer in world.api.callback_answers[-4:]]
        assert texts == [
            "There is no such role any more.",
            "That link is gone already.",
            "",
            "This button is too old.",
        ]


async def test_long_lists_are_turned_page_by_page(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await life.says("/version")
        for number in range(20):
            write(world, "INSERT INTO users (id, name) VALUES (?, 'Name')", 3000 + number)
            write(world, "INSERT INTO members VALUES (?, ?, 'viewer')", GROUP, 3000 + number)
        card = await life.says("/admin")
        await life.presses(card, "Roles")
        seen = card.text.splitlines()
        for place in ("2 of 3", "3 of 3"):
            await life.presses(card, "→")
            assert place in [label for label, _ in card.buttons]
            seen += card.text.splitlines()
        assert len(set(seen)) == 20
        await life.presses(card, "→")
        assert card.text.splitlines() == seen[:8], "around"

"""The panels of /schedule and /filter: opened, pressed, gone back from, and pressed by those who may not."""

from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, VIEWER, give_roles
from tests.simulation.running import Life, Start

SCHEDULE = (
    "SELECT json_extract(schedule, '$.gap'), json_extract(schedule, '$.cap') FROM chats WHERE chat_id = ?"
)
RULES = "SELECT json_extract(options, '$.filter') FROM chats WHERE chat_id = ?"


async def _forged(life: Life, card: Accepted, data: str, user_id: int) -> str:
    """Press a button that is none of a message's, or not for this user; return what pops up."""
    before = len(life.world.api.callback_answers)
    life.world.api.press(card.chat_id, user_id, card.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)
    return str(life.world.api.callback_answers[-1].get("text", ""))


async def test_schedules_are_set_by_presses(autojump_clock: MockClock, world: World, start: Start) -> None:
    async with start(world) as life:
        await life.says(f"/schedule {CHANNEL_ID} fold 7")
        card = await life.says(f"/schedule {CHANNEL_ID}")
        assert await life.presses(card, "gap 10m") == "gap 10m"
        await life.presses(card, "cap 20/day")
        assert life.rows(SCHEDULE, CHANNEL_ID) == [(600.0, 20)]
        assert "gap 10m\ncap 20/day\nfold 7" in card.text
        await life.presses(card, "✓ gap 10m")
        assert life.rows(SCHEDULE, CHANNEL_ID) == [(None, 20)]
        assert "private" in await _forged(life, card, f"sch:{CHANNEL_ID}:2", EDITOR)
        assert await _forged(life, card, f"sch:{CHANNEL_ID}:99", OWNER_ID) == ""
        assert life.rows(SCHEDULE, CHANNEL_ID) == [(None, 20)]
        await life.presses(card, "No rules at all")
        assert "No rules: posts go out as they come." in card.text


async def test_rules_are_added_tried_and_taken_away_by_presses(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        card = await life.says(f"/filter {CHANNEL_ID}")
        assert "No rules for the whole chat" in card.text
        since = len(world.api.journal)
        await life.presses(card, "Add a rule")
        await world.api.wait_for(lambda m: "Send me a rule" in m.text, since=since)
        assert "no rule" not in (await life.says("black friday")).text
        assert life.rows(RULES, CHANNEL_ID) == [('block title contains "black friday"',)]
        await life.says(f"/filter {CHANNEL_ID} keep price < 5000")
        card = await life.says(f"/filter {CHANNEL_ID}")
        await life.presses(card, "Try them")
        assert "Nothing has come yet" in card.text
        await life.presses(card, "Back")
        await life.presses(card, "✖ 1.")
        old = dict(card.buttons)["Remove"]
        assert "Shall this rule hold no more?" in card.text
        assert await life.presses(card, "Remove") == "Removed."
        assert life.rows(RULES, CHANNEL_ID) == [("keep price < 5000",)]
        assert "changed meanwhile" in await _forged(life, card, old, OWNER_ID)
        assert life.rows(RULES, CHANNEL_ID) == [("keep price < 5000",)]


async def test_viewers_change_no_rules(autojump_clock: MockClock, world: World, start: Start) -> None:
    world.api.people.private(EDITOR)
    world.api.people.private(VIEWER)
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    async with start(world) as life:
        await life.says("/start")
        give_roles(world)
        card = await life.says(f"/filter {GROUP} block title ~ sale", user_id=EDITOR)
        card = await life.says(f"/filter {GROUP}", user_id=EDITOR)
        asked = next(data for text, data in card.buttons if text.startswith("✖ 1."))
        for data in (asked, asked.replace("ask", "del"), f"flt:add:{GROUP}:0", f"sch:{GROUP}:off"):
            assert "may not" in await _forged(life, card, data, VIEWER)
        assert life.rows(RULES, GROUP) == [("block title ~ sale",)]

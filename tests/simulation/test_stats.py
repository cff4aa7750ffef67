"""/stats on one screen, of a bot at work."""

import pytest
from sqlite_utils import Database
from trio.testing import MockClock

from core.errors import TransientError
from simulation.botapi import Accepted
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Life, Start


async def _picture(life: Life, message: Accepted, label: str) -> Accepted:
    before = len(life.world.api.journal)
    data = next(data for text, data in message.buttons if text == label)
    life.world.api.press(message.chat_id, OWNER_ID, message.message_id, data)
    return await life.world.api.wait_for(lambda m: m.method == "sendPhoto", since=before)


async def test_one_screen_tells_how_everything_is(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        news, copy = world.feed("news"), world.feed("copy")
        for feed in (news, copy):
            await life.says(f"/add {CHANNEL_ID} {feed.url} every=60s as=feed backlog=none")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        links = world.web.publish("news", 3)
        await life.posted(links)
        world.web.publish("copy", link=links[0])
        await life.until(lambda: bool(life.rows("SELECT 1 FROM verdicts WHERE verdict = 'repeat'")))
        answer = await life.says("/stats")
        said = answer.text
        pictures = [await _picture(life, answer, "Picture"), await _picture(life, answer, "Picture")]
        dark = await _picture(life, pictures[1], "Dark")
        assert [text for text, _ in dark.buttons] == ["Light"]
    for words in (
        "Sources: 2 (2 active)",
        "Failing now: 0",
        "Subscriptions: 2 (chats: 1, paused: 0)",
        "Posted: 3 in a day, 3 in 7 days",
        "Repeats caught: 1 in a day",
        "From seen to posted: half within ",
        "(last 3)",
        "Waiting: 0",
        "Database: ",
        "Running for ",
    ):
        assert words in said


async def test_what_goes_wrong_behind_the_answer_to_a_press_is_said_in_a_message(
    autojump_clock: MockClock, world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_db: Database, **_asked: object) -> None:
        raise TransientError("another program holds the database locked")

    monkeypatch.setattr("actors.telegram.stats_picture.chart_of", locked)
    async with start(world) as life:
        answer = await life.says("/stats")
        before = len(world.api.journal)
        await life.presses(answer, "Picture")
        said = await world.api.wait_for(lambda m: m.chat_id == OWNER_ID, since=before)
        assert said.text.startswith("Not now: another program holds the database locked.")
        assert len(world.api.callback_answers) == 1


async def test_a_chat_that_wants_it_has_a_receipt_for_each_day(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        assert "receipt: yes" in (await life.says(f"/set {CHANNEL_ID} receipt=yes")).text
    async with start(world) as life:

        def receipts() -> list[str]:
            return [said.text for said in world.api.messages(OWNER_ID) if said.text.startswith("🧾")]

        await life.until(lambda: bool(receipts()))
        assert "0 seen = 0 posted + 0 repeats + 0 filtered + 0 unexplained" in receipts()[0]
        assert len(receipts()) == 1

"""/template in the whole program: shown before it holds, kept, and left where it fails."""

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

EDITOR, GROUP = 2003, -700
TEMPLATE = '📰 <b><a href="{{ url }}">{{ title }}</a></b>\n[Open {{ source }}]({{ url }})'


def _buttons(message: Accepted) -> list[str]:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def _press(life: Life, message: Accepted, text: str, *, user_id: int = OWNER_ID) -> str:
    rows = (message.reply_markup or {})["inline_keyboard"]
    data = next(button["callback_data"] for row in rows for button in row if button["text"] == text)
    before = len(life.world.api.callback_answers)
    life.world.api.press(message.chat_id, user_id, message.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)
    return str(life.world.api.callback_answers[-1].get("text"))


async def _question(life: Life, since: int) -> Accepted:
    return await life.world.api.wait_for(lambda m: "Save" in _buttons(m), since=since)


async def test_a_template_is_shown_with_the_last_item_then_saved(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await trio.sleep(20)
        first = world.web.publish("news", 1, title="First of all")
        await life.posted(first)
        since = len(world.api.journal)
        preview = await life.says(f"/template {CHANNEL_ID} 1\n{TEMPLATE}")
        assert preview.text == "📰 First of all"
        assert _buttons(preview)[0].startswith("Open ")
        question = await _question(life, since)
        data = (question.reply_markup or {})["inline_keyboard"][0][0]["callback_data"]
        assert await _press(life, question, "Save") == "Noted."
        world.api.press(OWNER_ID, OWNER_ID, question.message_id, data)
        await life.until(lambda: "settled before" in str(world.api.callback_answers[-1]))
        await life.until(lambda: "From now on" in question.text)
        second = world.web.publish("news", 1, title="Second")
        await life.posted(first + second)
        post = world.posts(CHANNEL_ID)[-1]
        assert post.text == "📰 Second"
        assert _buttons(post)[0].startswith("Open ")
        assert TEMPLATE in (await life.says(f"/template {CHANNEL_ID} 1")).text
        await life.says(f"/set_template {CHANNEL_ID} 1 default")
        third = world.web.publish("news", 1, title="Third")
        await life.posted(first + second + third)
        assert world.posts(CHANNEL_ID)[-1].text.startswith("Third\n")
    check(world)


async def test_a_template_that_fails_gives_way_and_is_told_of_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await trio.sleep(20)
        since = len(world.api.journal)
        template = "{% if title == 'Poison' %}{{ title - 1 }}{% endif %}! {{ title }} {{ url }}"
        preview = await life.says(f"/template {CHANNEL_ID} {template}")
        assert "Your first post" in preview.text
        await _press(life, await _question(life, since), "Save")
        new = world.web.publish("news", 1, title="Poison")
        new += world.web.publish("news", 1, title="Poison")
        new += world.web.publish("news", 1, title="Fine")
        await life.posted(new)
        assert [post.text[:6] for post in world.posts(CHANNEL_ID)] == ["Poison", "Poison", "! Fine"]
        told = [m for m in world.api.messages(OWNER_ID) if "did not work" in m.text]
        assert len(told) == 1
        assert "TypeError" in told[0].text
    check(world)


async def test_templates_that_cannot_be_used_are_refused_with_their_line(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        assert "Line 2: there is no field “nope”" in (await life.says("/template a\n{{ nope }}")).text
        assert "number 9" in (await life.says("/template 9 {{ title }}")).text
        assert "{{ summary|cut(300) }}" in (await life.says("/template")).text
        assert "does not work for “Your first post”" in (await life.says("/template {{ title - 1 }}")).text
        assert life.rows("SELECT COUNT(*) FROM notices") == [(0,)]


async def test_only_who_may_change_a_chat_saves_its_template(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", members={EDITOR: "member", OWNER_ID: "creator"}))
    async with start(world) as life:
        since = len(world.api.journal)
        await life.says("/template {{ title }}", chat_id=GROUP)
        question = await _question(life, since)
        assert await _press(life, question, "Save", user_id=EDITOR) == "This bot is private."
        assert life.rows("SELECT options FROM chats WHERE chat_id = ?", GROUP) in ([], [("{}",)])
        assert await _press(life, question, "Cancel") == "Noted."
        await life.until(lambda: "stay as they are" in question.text)


async def test_the_message_replied_to_may_hold_the_template(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        world.api.user_says(OWNER_ID, OWNER_ID, "* {{ title }}")
        shown = await life.world.api.wait_for(lambda m: m.chat_id == OWNER_ID)
        written = shown.message_id - 1
        since = len(world.api.journal)
        world.api.user_says(OWNER_ID, OWNER_ID, "/template", reply_to=written)
        preview = await life.world.api.wait_for(lambda m: m.text.startswith("* Your first post"), since=since)
        assert preview.links == ["https://example.com/story#preview"]

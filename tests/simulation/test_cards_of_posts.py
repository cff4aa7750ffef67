"""The card of a post that somebody forwards: what its buttons do, for whom, and through crashes."""

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat, Fault
from simulation.botapi.answers import Json
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, STRANGER, VIEWER, write
from tests.simulation.running import Check, Life, Start

GROUP = -1_001_234_567_890


async def _post(world: World, life: Life, chat_id: int = CHANNEL_ID, image: str = "") -> Feed:
    """Let a chat have one post."""
    feed = world.feed("news")
    await life.says(f"/add {chat_id} {feed.url} every=60s as=feed backlog=none")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    world.web.publish("news", title="Elephants fly", image=image)
    await life.until(lambda: bool(world.posts(chat_id)))
    await life.says(f"/set {chat_id} 1 every=5h")
    return feed


async def _forward(world: World, life: Life, post: Accepted, user_id: int = OWNER_ID) -> Accepted:
    before = len(world.api.journal)
    world.api.people.forwards(user_id, user_id, post)
    return await world.api.wait_for(lambda m: m.chat_id == user_id, since=before)


def _labels(card: Accepted) -> list[str]:
    return [text for text, _ in card.buttons]


async def _press(life: Life, card: Accepted, label: str, *, user_id: int = OWNER_ID) -> str:
    data = next(data for text, data in card.buttons if text.startswith(label))
    return await _press_data(life, card, data, user_id=user_id)


async def _press_data(life: Life, card: Accepted, data: str, *, user_id: int = OWNER_ID) -> str:
    before = len(life.world.api.callback_answers)
    life.world.api.press(card.chat_id, user_id, card.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)
    await trio.sleep(3)
    return str(life.world.api.callback_answers[-1].get("text"))


async def test_a_post_of_a_channel_is_struck_rewritten_and_deleted(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _post(world, life)
        (post,) = world.posts(CHANNEL_ID)
        link = post.links[0]
        card = await _forward(world, life, post)
        assert "Elephants fly" in card.text
        assert "as message" in card.text
        buttons = ["Edit", "Sold out", "Delete", "Post again", "Mute source", "Less like this"]
        assert _labels(card) == buttons
        assert "On its way" in await _press(life, card, "Sold out")
        assert post.text.startswith("Sold out: Elephants fly")
        struck: Json = {"type": "strikethrough", "offset": 10, "length": 13}
        assert struck in post.entities
        assert "Sold out by" in card.text
        assert "says so already" in await _press(life, card, "Sold out")
        await _press(life, card, "Edit")
        said = await life.says("Other words")
        assert "On its way" in said.text
        await life.until(lambda: post.text == f"Other words\n\n{link}")
        await _press(life, card, "Delete")
        assert _labels(card) == ["Yes, delete it there", "Back"]
        await _press(life, card, "Back")
        assert _labels(card) == buttons
        await _press(life, card, "Delete")
        assert "being deleted" in await _press(life, card, "Yes")
        assert post.deleted
        assert _labels(card) == ["Post again", "Mute source", "Less like this"]
        assert "no such post" in await _press_data(life, card, "sent:sure:1")
        assert "no such post" in await _press_data(life, card, "sent:sold:1")
        assert "no such post" in await _press_data(life, card, "sent:edit:1")
        told = len(world.api.journal)
        assert "no such post" in await _press_data(life, card, "sent:mute:999")
        assert len(world.api.journal) == told
        assert life.rows("SELECT action FROM audit WHERE action LIKE 'post.%' ORDER BY id") == [
            ("post.sold",),
            ("post.edit",),
            ("post.delete",),
        ]
    check(world)


async def test_a_change_survives_a_crash_before_telegram_answers(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _post(world, life)
        await life.says(f"/lang {CHANNEL_ID} ru")  # the owner goes on in English
        (post,) = world.posts(CHANNEL_ID)
        card = await _forward(world, life, post)
        lost = Fault(what="hang", method="editMessageText", chat_id=CHANNEL_ID, when="after")
        world.api.faults.add(lost)
        await _press(life, card, "Sold out")
        world.pull_the_plug()
    world.next_life()
    async with start(world) as life:
        await life.until(lambda: life.rows("SELECT state FROM amendments") == [("done",)])
        assert post.text.startswith("Продано: ")
        assert len(post.versions) == 1
    check(world)


async def test_a_source_is_muted_and_back_and_a_link_posted_again_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _post(world, life)
        (post,) = world.posts(CHANNEL_ID)
        card = await _forward(world, life, post)
        assert "is paused" in await _press(life, card, "Mute source")
        assert "settled before" in await _press_data(life, card, "sent:mute:1")
        assert life.rows("SELECT state FROM subscriptions") == [("paused",)]
        assert "goes on" in await _press(life, card, "Unmute source")
        assert life.rows("SELECT state FROM subscriptions") == [("active",)]
        again = dict(card.buttons)["Post again"]
        assert await _press_data(life, card, again) == "Queued."
        assert "again before" in await _press_data(life, card, again)
        await life.until(lambda: len(world.posts(CHANNEL_ID)) == 2)
        assert life.rows("SELECT edition, state FROM queue") == [(0, "sent"), (1, "sent")]
    check(world, may_repeat=True)


async def test_rules_are_proposed_with_what_they_would_have_stopped(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _post(world, life)
        (post,) = world.posts(CHANNEL_ID)
        card = await _forward(world, life, post)
        await _press(life, card, "Less like this")
        assert "1. block title contains elephants: would have stopped 1 of the last " in card.text
        rule = card.buttons[0][1]
        assert "Added" in await _press_data(life, card, rule)
        assert "there already" in await _press_data(life, card, rule)
        assert "too old" in await _press_data(life, card, "sent:rule:1:00000000")
        assert life.rows("SELECT filter FROM subscriptions") == [("block title contains elephants",)]
    check(world)


async def test_who_may_and_where_telegram_does_not_tell_the_message(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="supergroup", title="Team", members={OWNER_ID: "creator"}))
    async with start(world) as life:
        await life.says(f"/link {GROUP} add * via=bot")
        await _post(world, life, GROUP)
        (post,) = world.posts(GROUP)
        for user, role in ((EDITOR, "editor"), (VIEWER, "viewer")):
            write(world, "INSERT INTO users (id) VALUES (?)", user)
            write(world, "INSERT INTO members VALUES (?, ?, ?)", GROUP, user, role)
        card = await _forward(world, life, post, EDITOR)
        assert "Sold out" in _labels(card)
        seen = await _forward(world, life, post, VIEWER)
        assert "as message" in seen.text
        assert seen.buttons == []
        assert "private" in (await _forward(world, life, post, STRANGER)).text
        for word in ("sold", "sure", "mute", "less", "edit"):
            data = f"sent:{word}:1"
            assert "may not" in await _press_data(life, seen, data, user_id=VIEWER)
            assert "may not" in await _press_data(life, card, data.replace(":1", ":99"), user_id=EDITOR)
        write(world, "DELETE FROM members WHERE user_id = ?", EDITOR)
        assert "private" in await _press_data(life, card, "sent:sold:1", user_id=EDITOR)
        assert life.rows("SELECT COUNT(*) FROM amendments") == [(0,)]
        assert not post.edited
    check(world)


async def test_a_photo_has_its_caption_changed_and_what_telegram_refuses_is_told(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _post(world, life, image="https://news.example/picture.jpg")
        (post,) = world.posts(CHANNEL_ID)
        assert post.method == "sendPhoto"
        card = await _forward(world, life, post)
        flood = Fault(what="flood", method="editMessageCaption", retry_after_s=30)
        world.api.faults.add(flood, Fault(what="restart", method="editMessageCaption", when="after"))
        await _press(life, card, "Sold out")
        await life.until(lambda: life.rows("SELECT state FROM amendments") == [("done",)])
        assert post.text.startswith("Sold out: ")
        said = "Bad Request: message can't be deleted"
        world.api.faults.add(Fault(what="error", method="deleteMessage", status=400, description=said))
        await _press(life, card, "Delete")
        await _press(life, card, "Yes")
        await life.until(lambda: "could not be deleted" in world.api.messages(OWNER_ID)[-1].text)
        assert not post.deleted
        assert "forward it to me once more" in (await _press_data(life, card, "sent:sold:1")).lower()
        assert "which did not work" in (await _forward(world, life, post)).text
    check(world)


async def test_a_digest_goes_as_a_whole(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        feed = world.feed("news")
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=60s as=feed backlog=none")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        await life.says(f"/schedule {CHANNEL_ID} fold 2")
        world.web.publish("news", 4)
        await life.until(lambda: bool(world.posts(CHANNEL_ID)))
        (post,) = world.posts(CHANNEL_ID)
        card = await _forward(world, life, post)
        assert "Its message has 4 links" in card.text
        assert _labels(card) == ["Delete"]
        assert "shares a digest" in await _press_data(life, card, "sent:sold:1")
        await _press(life, card, "Delete")
        await _press(life, card, "Yes")
        assert post.deleted
        assert card.buttons == []
    check(world)

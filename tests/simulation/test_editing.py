"""[Edit] and [Time]: the words and the moment of a post are a person's own, through crashes and races."""

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.botapi.answers import Json
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, STRANGER, VIEWER, write
from tests.simulation.running import Check, Life, Start

BOLD: Json = {"type": "bold", "offset": 0, "length": 3}


async def _watch(world: World, life: Life, how: str) -> Feed:
    """Let the channel watch a feed that has been read once, whose links wait."""
    feed = world.feed("news")
    await life.says(f"/add {CHANNEL_ID} {feed.url} every=60s as=feed backlog=none")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    await life.says(how)
    return feed


async def _card(world: World, life: Life, link: str) -> Accepted:
    def cards() -> list[Accepted]:
        return [m for m in world.api.messages(OWNER_ID) if m.text.startswith("📝") and f"\n{link}" in m.text]

    await life.until(lambda: bool(cards()))
    return cards()[0]


def _data(message: Accepted, label: str) -> str:
    return next(data for text, data in message.buttons if text == label)


async def _press(life: Life, message: Accepted, label: str, *, user_id: int = OWNER_ID) -> str:
    """Press a button of a message and return what the press is answered."""
    return await _press_data(life, message, _data(message, label), user_id=user_id)


async def _press_data(life: Life, message: Accepted, data: str, *, user_id: int = OWNER_ID) -> str:
    before = len(life.world.api.callback_answers)
    life.world.api.press(message.chat_id, user_id, message.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)
    await trio.sleep(2)
    return str(life.world.api.callback_answers[-1].get("text"))


async def _writes(life: Life, text: str, *entities: Json, user_id: int = OWNER_ID) -> Accepted:
    """Write something in private, and return the bot's next message there."""
    before = len(life.world.api.journal)
    life.world.api.user_says(user_id, user_id, text, entities=entities)
    return await life.world.api.wait_for(lambda m: m.chat_id == user_id, since=before)


async def test_a_text_of_ones_own_survives_a_restart_and_goes_out_as_written(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life, f"/set {CHANNEL_ID} 1 approve=yes")
        (link,) = world.web.publish("news")
        card = await _card(world, life, link)
        await _press(life, card, "Edit")
        assert "Send me the new text" in world.api.messages(OWNER_ID)[-1].text
    async with start(world) as life:
        preview = await _writes(life, "New words: 🎺 & <b>no markup</b>", BOLD)
        assert [text for text, _ in preview.buttons] == ["Publish", "Edit", "Drop"]
        await life.until(lambda: "written by" in card.text)
        world.pull_the_plug()
    world.next_life()
    async with start(world) as life:
        assert "newer" not in await _press_data(life, card, "apr:1:0:publish")
        assert world.links(CHANNEL_ID) == [], "who presses has not seen this text"
        assert await _press(life, preview, "Publish") == "Noted."
        assert "settled before" in await _press_data(life, card, "apr:1:1:drop")
        await life.posted([link])
        (post,) = world.posts(CHANNEL_ID)
        assert post.text == f"New words: 🎺 & <b>no markup</b>\n\n{link}"
        assert BOLD in post.entities
        assert preview.buttons == []
        assert "can be changed no more" in await _press_data(life, preview, "edit:1")
    check(world)


async def test_the_link_stays_where_the_text_has_it(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await life.says(f"/link {CHANNEL_ID} add * via=bot")
        await life.says(f"/link {CHANNEL_ID} ad Advert of ACME")
        await _watch(world, life, f"/set {CHANNEL_ID} 1 approve=yes")
        (link,) = world.web.publish("news")
        card = await _card(world, life, link)
        await _press(life, card, "Edit")
        linked: Json = {"type": "text_link", "offset": 5, "length": 4, "url": link}
        await _writes(life, "Read this", linked)
        await life.until(lambda: "written by" in card.text)
        await _press(life, card, "Publish")
        await life.until(lambda: bool(world.posts(CHANNEL_ID)))
        (post,) = world.posts(CHANNEL_ID)
        assert post.text == "Read this\n\nAdvert of ACME"
        assert post.links == [f"{link}{'&' if '?' in link else '?'}via=bot"]


async def test_cancel_and_later_answers_leave_a_post_as_it_is(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await _watch(world, life, f"/set {CHANNEL_ID} 1 approve=yes")
        (link,) = world.web.publish("news")
        card = await _card(world, life, link)
        await life.says(f"/set {CHANNEL_ID} 1 every=5h")
        assert "nothing to cancel" in (await _writes(life, "/cancel")).text
        await _press(life, card, "Edit")
        assert "stays as it is" in (await _writes(life, "/cancel")).text
        assert "did not understand" in (await _writes(life, "Too late")).text
        await _press(life, card, "Edit")
        question = world.api.messages(OWNER_ID)[-1]
        world.api.people.sends_file(OWNER_ID, OWNER_ID, "list.opml", b"<opml/>")
        await trio.sleep(4000)
        assert "did not understand" in (await _writes(life, "An hour later")).text
        before = len(world.api.journal)
        world.api.user_says(OWNER_ID, OWNER_ID, "In reply", reply_to=question.message_id)
        shown = await world.api.wait_for(lambda m: m.text.startswith("In reply"), since=before)
        assert shown.buttons
        assert life.rows("SELECT text, version FROM own_texts") == [("In reply", 1)]


async def test_who_may_and_what_is_over(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    group = Chat(chat_id=CHANNEL_ID - 9, kind="supergroup", members={OWNER_ID: "creator", EDITOR: "member"})
    world.api.chats.add(group)
    async with start(world, alert_chat=str(group.chat_id)) as life:
        await _watch(world, life, f"/set {CHANNEL_ID} 1 approve=yes")
        for user, role in ((EDITOR, "editor"), (VIEWER, "viewer")):
            write(world, "INSERT INTO users (id) VALUES (?)", user)
            for chat_id in (CHANNEL_ID, group.chat_id):
                write(world, "INSERT INTO members VALUES (?, ?, ?)", chat_id, user, role)
        (link,) = world.web.publish("news")
        await life.until(lambda: any("📝" in m.text for m in world.api.messages(group.chat_id)))
        card = next(m for m in world.api.messages(group.chat_id) if "📝" in m.text)
        assert "private" in await _press(life, card, "Edit", user_id=STRANGER)
        assert "may not" in await _press(life, card, "Edit", user_id=VIEWER)
        assert "may not" in await _press_data(life, card, "edit:99", user_id=VIEWER)
        assert "press Start" in await _press(life, card, "Edit", user_id=EDITOR)
        assert life.rows("SELECT COUNT(*) FROM conversations") == [(0,)]
        await _writes(life, "/start", user_id=EDITOR)
        assert await _press(life, card, "Edit", user_id=EDITOR) == "I asked you in private."
        for command in ("/role", "/backup", "/connect"):
            told = await _writes(life, command, user_id=EDITOR)
            assert "private" in told.text, "to be asked something is no right"
        write(world, "DELETE FROM members WHERE user_id = ? AND chat_id = ?", EDITOR, CHANNEL_ID)
        assert "may not" in (await _writes(life, "I was one", user_id=EDITOR)).text
        assert "private" in (await _writes(life, "I was one", user_id=VIEWER)).text
        write(world, "INSERT INTO members VALUES (?, ?, 'editor')", CHANNEL_ID, EDITOR)
        await _press(life, card, "Publish")
        await life.posted([link])
        assert "changed no more" in (await _writes(life, "I am one", user_id=EDITOR)).text
        assert life.rows("SELECT COUNT(*) FROM own_texts") == [(0,)]
    check(world)


async def test_words_and_time_of_what_waits_in_the_queue(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watch(world, life, f"/schedule {CHANNEL_ID} gap 30m")
        first, second, third = world.web.publish("news", 3)
        await life.posted([first])
        queue = await life.says(f"/queue {CHANNEL_ID}")
        assert "2 waiting, next at " in queue.text
        labels = [text for text, _ in queue.buttons]
        assert labels == [
            "1. Now",
            "↑",
            "↓",
            "Edit",
            "Time",
            "Drop",
            "2. Now",
            "↑",
            "↓",
            "Edit",
            "Time",
            "Drop",
        ]
        await _press_data(life, queue, queue.buttons[9][1])
        preview = await _writes(life, "Words for the third")
        assert [text for text, _ in preview.buttons] == ["Now", "Edit", "Time", "Drop"]
        await _press(life, preview, "Time")
        assert "no time I can read" in (await _writes(life, "soon")).text
        assert (await _writes(life, "+5m")).text.startswith("At ")
        await life.posted([first, third], timeout_s=400)
        assert world.posts(CHANNEL_ID)[-1].text == f"Words for the third\n\n{third}"
        assert "waits no more" in await _press_data(life, queue, queue.buttons[10][1])
        await _press_data(life, queue, queue.buttons[0][1])
        await life.posted([first, third, second])
    check(world)


async def test_what_is_set_for_a_source_shows_in_its_posts(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        said = (
            f"/set {CHANNEL_ID} 1 tags=#news, tech template=<b>{{{{ title }}}}</b> {{{{ labels|hashtags }}}}"
        )
        await _watch(world, life, said)
        shown = (await life.says(f"/set {CHANNEL_ID} 1")).text
        assert "tags: #news #tech" in shown
        assert "template: <b>{{ title }}</b>" in shown
        links = world.web.publish("news", 1, title="One")
        await life.posted(links)
        assert world.posts(CHANNEL_ID)[0].text == f"One #news #tech\n\n{links[0]}"
        assert "no field “nope”" in (await life.says(f"/set {CHANNEL_ID} template={{{{ nope }}}}")).text
        assert "topic: 5\npages: no" in (await life.says(f"/set {CHANNEL_ID} topic=5 pages=no")).text
    check(world)

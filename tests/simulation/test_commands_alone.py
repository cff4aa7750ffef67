"""Commands alone: buttons for what can be meant, and questions for what is missing."""

import trio
from trio.testing import MockClock

from core.templates.defaults import DEFAULTS
from simulation.botapi import Accepted, Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER, give_roles, write
from tests.simulation.running import Life, Start

LINK = "https://links.example/story"


async def _group_with_a_post(life: Life) -> str:
    """Put a group with an editor, a viewer and a post into the world; return the link of the post."""
    world = life.world
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    for user in (EDITOR, VIEWER, STRANGER):
        world.api.people.private(user)
    await life.says(f"/add {GROUP} {world.feed('news').url} as=feed backlog=1")
    await life.until(lambda: bool(world.links(GROUP)))
    give_roles(world)
    await trio.sleep(10)
    return world.links(GROUP)[0]


async def _forged(life: Life, card: Accepted, data: str, user_id: int) -> str:
    """Press a button that is none of a message's, or not for this user; return what pops up."""
    before = len(life.world.api.callback_answers)
    life.world.api.press(card.chat_id, user_id, card.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)
    return str(life.world.api.callback_answers[-1].get("text", ""))


async def test_add_alone_asks_where_and_for_what(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world, fetch_pages=False) as life:
        await life.says(f"/connect {CHANNEL_ID}")
        await world.api.wait_for(lambda m: m.text == "What next?")
        card = await life.says("/sub")
        assert [text for text, _ in card.buttons] == ["Here", "Channel"]
        since = len(world.api.journal)
        await life.presses(card, "Channel")
        await world.api.wait_for(lambda m: "What shall I watch for Channel?" in m.text, since=since)
        await life.says(feed.url)
        await life.until(lambda: life.rows("SELECT chat_id FROM subscriptions") == [(CHANNEL_ID,)])


async def test_post_alone_asks_where_and_for_what(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        await life.says(f"/connect {CHANNEL_ID}")
        await world.api.wait_for(lambda m: m.text == "What next?")
        card = await life.says("/post")
        since = len(world.api.journal)
        await life.presses(card, "Channel")
        await world.api.wait_for(lambda m: "What shall I post in Channel?" in m.text, since=since)
        assert "Write it like" in (await life.says("no link")).text
        assert (await life.says(LINK)).text == "Queued."
        await life.until(lambda: life.rows("SELECT chat_id FROM queue") == [(CHANNEL_ID,)])


async def test_in_a_group_editors_are_asked_in_private(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    for user in (EDITOR, VIEWER):
        world.api.people.private(user)
    async with start(world) as life:
        await life.says("/start")
        give_roles(world)
        for here in (GROUP, VIEWER):
            assert "may not" in (await life.says("/add", user_id=VIEWER, chat_id=here)).text
        card = await life.says("/add", user_id=EDITOR, chat_id=GROUP)
        assert "may not" in await life.presses(card, "Ask me in private", user_id=VIEWER)
        since = len(world.api.journal)
        await life.presses(card, "Ask me in private", user_id=EDITOR)
        asked = await world.api.wait_for(lambda m: "What shall I watch" in m.text, since=since)
        assert asked.chat_id == EDITOR


async def test_find_alone_asks_for_words_and_finds_by_them(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        link = await _group_with_a_post(life)
        await trio.sleep(60)  # until words are found by
        word = link.rsplit("/", 1)[1]
        assert "What shall I look for?" in (await life.says("/find", user_id=VIEWER)).text
        await trio.sleep(1)
    async with start(world, fetch_pages=False) as life:
        assert "Send the words" in (await life.says("?!", user_id=VIEWER)).text
        found = await life.says(word, user_id=VIEWER)
        assert found.text.startswith("🔎 " + word.replace("-", " ") + "\n• ")
        assert "did not understand" in (await life.says("more")).text


async def test_find_alone_in_a_group_offers_to_ask_in_private(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        card = await life.says("/find", user_id=VIEWER, chat_id=GROUP)
        assert "private" in await life.presses(card, "Ask me in private", user_id=STRANGER)
        assert "asked you" in await life.presses(card, "Ask me in private", user_id=VIEWER)
        write(world, "DELETE FROM members WHERE user_id = ?", VIEWER)
        assert "may not" in (await life.says("story", user_id=VIEWER)).text
        assert "private" in await life.presses(card, "Ask me in private", user_id=VIEWER)


async def test_why_alone_shows_the_last_posts_and_their_lives(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        link = await _group_with_a_post(life)
        card = await life.says("/why", user_id=VIEWER)
        [(label, data)] = card.buttons
        await life.presses(card, label, user_id=VIEWER)
        assert f"Known as {link.partition('://')[2]}" in card.text
        assert "Group: sent" in card.text
        await life.presses(card, "Back", user_id=VIEWER)
        assert "one of the last posts" in card.text
        assert card.buttons == [(label, data)]
        await _forged(life, card, "why:0:99", VIEWER)
        assert card.text.startswith("I know nothing of it here")
        assert "private" in await _forged(life, card, data, STRANGER)
        write(world, "DELETE FROM members WHERE user_id = ?", VIEWER)
        assert "private" in await _forged(life, card, data, VIEWER)


async def test_why_alone_in_a_group_is_about_its_posts(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        await life.says(f"/add {CHANNEL_ID} {world.feed('other').url} as=feed backlog=1")
        await life.until(lambda: bool(world.links(CHANNEL_ID)))
        since = len(world.api.journal)
        world.api.user_says(GROUP, VIEWER, "/why")
        card = await world.api.wait_for(lambda m: m.chat_id == VIEWER, since=since)
        assert len(card.buttons) == 1
        assert len((await life.says("/why")).buttons) == 2
        [(theirs,)] = life.rows("SELECT history_id FROM queue WHERE chat_id = ?", CHANNEL_ID)
        await _forged(life, card, f"why:{GROUP}:{theirs}", VIEWER)
        assert card.text.startswith("I know nothing of it here")
        await life.presses(card, "Back", user_id=VIEWER)
        assert await life.presses(card, card.buttons[0][0], user_id=VIEWER) == ""
        for data in (f"why:{CHANNEL_ID}:list", f"why:{CHANNEL_ID}:1"):
            assert "may not" in await _forged(life, card, data, VIEWER)
        here = world.api.messages(GROUP)[-1]
        assert "may not" in await _forged(life, here, "why:0:list", OWNER_ID)


async def test_link_alone_has_buttons_that_take_rules_away_and_add_them(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    rules = "SELECT link_rules FROM chats WHERE chat_id = ?"
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        await life.says(f"/link {GROUP} add one.example a=1")
        await life.says(f"/link {GROUP} require erid two.example")
        card = await life.says(f"/link {GROUP} ad Mine", user_id=EDITOR)
        assert [text[:8] for text, _ in card.buttons] == ["✖ add on", "✖ requir", "✖ ad Min", "Add a ru"]
        await life.presses(card, "✖ add one", user_id=EDITOR)
        sure = dict(card.buttons)["Remove"]
        assert "may not" in await _forged(life, card, sure, VIEWER)
        assert await life.presses(card, "Remove", user_id=EDITOR) == "Removed."
        assert "before" in await _forged(life, card, sure, EDITOR)
        assert "meanwhile" in await _forged(life, card, sure.replace("del", "ask"), EDITOR)
        await life.presses(card, "✖ ad", user_id=EDITOR)
        await life.presses(card, "Remove", user_id=EDITOR)
        assert life.rows(rules, GROUP) == [('{"rules": ["require erid two.example"], "ad": ""}',)]
        await life.presses(card, "Add a rule", user_id=EDITOR)
        assert "Write one of" in (await life.says("nonsense", user_id=EDITOR)).text
        assert "2. add" in (await life.says("add three.example b=2", user_id=EDITOR)).text
        for what in ("show", "add"):
            assert "may not" in await _forged(life, card, f"lnk:{what}:{GROUP}", VIEWER)


async def test_template_alone_shows_each_look_before_it_holds(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    kept = "SELECT json_extract(options, '$.template') FROM chats WHERE chat_id = ?"
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        card = await life.says(f"/template {GROUP}", user_id=EDITOR)
        assert [text for text, _ in card.buttons] == [
            "✓ By what the link is", "News", "Release", "Video", "Product"
        ]  # fmt: skip
        assert {name for _, data in card.buttons if (name := data.split(":")[3]) in DEFAULTS} == set(DEFAULTS)
        for label, stays in (("Release", DEFAULTS["release"]), ("✓ By what", None)):
            since = len(world.api.journal)
            assert await life.presses(card, label, user_id=EDITOR) == ""
            question = await world.api.wait_for(lambda m: "would look" in m.text, since=since)
            assert "may not" in await _forged(life, question, question.buttons[0][1], VIEWER)
            assert await life.presses(question, "Save", user_id=EDITOR) == "Noted."
            assert life.rows(kept, GROUP) == [(stays,)]
        assert "may not" in await _forged(life, card, card.buttons[0][1], VIEWER)
        assert "number 9" in await _forged(life, card, f"look:{GROUP}:9:news", EDITOR)


async def test_export_alone_asks_of_which_chat_and_what(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        card = await life.says("/export")
        assert [text for text, _ in card.buttons] == ["Here", "Group"]
        await life.presses(card, "Group")
        for label, name in (("What is watched", "subscriptions.opml"), ("What was", "history.csv")):
            since = len(world.api.journal)
            assert await life.presses(card, label) == ""
            assert [one.method for one in world.api.journal[since:]] == ["sendDocument"]
            assert name in str(world.api.journal[-1].extra)
        await life.presses(card, "Back")
        assert [text for text, _ in card.buttons] == ["Here", "Group"]
        of_editor = await life.says("/export", user_id=EDITOR)
        assert [text[:8] for text, _ in of_editor.buttons] == ["What is ", "What was"]
        for user, said in ((VIEWER, "may not"), (STRANGER, "private")):
            assert said in (await life.says("/export", user_id=user)).text
            assert said in await _forged(life, of_editor, of_editor.buttons[0][1], user)


async def test_role_alone_has_buttons_that_make_links_for_owners(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    links = "SELECT role, chat_id FROM invitations"
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        card = await life.says("/role")
        assert [text for text, _ in card.buttons] == ["editor: Group", "viewer: Group"]
        for user, said in ((EDITOR, "may not"), (STRANGER, "private")):
            assert said in await _forged(life, card, card.buttons[0][1], user)
        assert "cannot see" in await _forged(life, card, "role:editor:-999", OWNER_ID)
        assert life.rows(links) == []
        since = len(world.api.journal)
        assert await life.presses(card, "viewer") == ""
        assert "becomes viewer of Group" in world.api.journal[since].text
        assert life.rows(links) == [("viewer", GROUP)]


async def test_history_alone_leads_to_other_chats(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        card = await life.says("/history", user_id=VIEWER)
        assert card.text == "The last posts of which chat?"
        assert [text for text, _ in card.buttons] == ["Group"]
        await life.presses(card, "Group", user_id=VIEWER)
        await life.presses(card, "Group", user_id=VIEWER)
        assert card.text.startswith("The last 1 post in Group:\n• ")
        assert (await life.says("/history")).text == "Nothing was posted here yet."
        assert "private" in await _forged(life, card, f"hist:{GROUP}", STRANGER)
        assert "may not" in await _forged(life, card, f"hist:{CHANNEL_ID}", VIEWER)


async def test_zones_are_found_by_a_shared_location(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    zone = "SELECT zone FROM chats WHERE chat_id = ?"
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        card = await life.says(f"/tz {GROUP}", user_id=EDITOR)
        asking = card.buttons[-1]
        assert asking == ("By my location", f"tzloc:{GROUP}")
        assert "may not" in await _forged(life, card, asking[1], VIEWER)
        await life.presses(card, "By my location", user_id=EDITOR)
        since = len(world.api.journal)
        world.api.people.shares_location(EDITOR, 59.93, 30.34)
        which = await world.api.wait_for(lambda m: "Whose clock" in m.text, since=since)
        assert "nearest city I know is Helsinki" in world.api.messages(EDITOR)[-2].text
        assert await life.presses(which, "Moscow", user_id=EDITOR) == "Europe/Moscow"
        assert life.rows(zone, GROUP) == [("Europe/Moscow",)]
        await life.presses(card, "By my location", user_id=EDITOR)
        assert "Asia/Tokyo" in (await life.says("Tokyo", user_id=EDITOR)).text
        assert life.rows(zone, GROUP) == [("Asia/Tokyo",)]
        await life.presses(card, "By my location", user_id=EDITOR)
        write(world, "DELETE FROM members WHERE user_id = ?", EDITOR)
        since = len(world.api.journal)
        world.api.people.shares_location(EDITOR, 59.93, 30.34)
        await world.api.wait_for(lambda m: "may not" in m.text, since=since)


async def test_import_alone_asks_for_which_chat_and_for_the_file(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    lists = "SELECT chat_id FROM subscriptions WHERE number > 1"
    async with start(world, fetch_pages=False) as life:
        await _group_with_a_post(life)
        assert [text for text, _ in (await life.says("/import")).buttons] == ["Here", "Group"]
        card = await life.says("/import", user_id=EDITOR)
        [(label, data)] = card.buttons
        for user, said in ((VIEWER, "may not"), (STRANGER, "private")):
            assert said in await _forged(life, card, data, user)
        since = len(world.api.journal)
        await life.presses(card, label, user_id=EDITOR)
        assert "What shall I watch for Group?" in world.api.journal[since].text
        await trio.sleep(1)
    async with start(world, fetch_pages=False) as life:
        since = len(world.api.journal)
        world.api.people.sends_file(EDITOR, EDITOR, "photo.jpg", b"")
        await world.api.wait_for(lambda m: "lists of subscriptions" in m.text, since=since)
        world.api.people.sends_file(EDITOR, EDITOR, "my.txt", world.feed("two").url.encode())
        await life.until(lambda: life.rows(lists) == [(GROUP,)])
        since = len(world.api.journal)
        world.api.people.sends_file(EDITOR, EDITOR, "more.txt", world.feed("three").url.encode())
        await world.api.wait_for(lambda m: "This bot is private" in m.text, since=since)

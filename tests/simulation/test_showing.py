"""/test in the whole program: what would be posted is shown to who asks, and nothing changes."""

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER, give_roles, write
from tests.simulation.running import Check, Life, Start

_STATE = """SELECT (SELECT COUNT(*) FROM queue), (SELECT COUNT(*) FROM verdicts),
    (SELECT COUNT(*) FROM posts), (SELECT COUNT(*) FROM notices)"""


async def _watching(life: Life, url: str) -> None:
    await life.says(f"/add {CHANNEL_ID} {url} every=1h as=feed")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    await trio.sleep(5)


async def test_the_last_items_are_shown_as_they_would_be_posted(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    links = [f"{entry.link}?via=me#preview" for entry in feed.entries]
    async with start(world) as life:
        await _watching(life, feed.url)
        await life.says(f"/link {CHANNEL_ID} add * via=me")
        await life.says(f"/link {CHANNEL_ID} ad Paid by nobody")
        await life.says(f"/filter {CHANNEL_ID} block url ~ /{feed.entries[-1].link.rpartition('/')[2]}/")
        before, since = life.rows(_STATE), len(world.api.journal)
        told = await life.says(f"/test {CHANNEL_ID} 1 3")
        await trio.sleep(20)
        shown = [message for message in world.api.journal[since:] if message.links]
        assert [message.links[0] for message in shown] == links
        assert all("Paid by nobody" in message.text for message in shown)
        assert told is shown[0]
        remark = world.api.journal[-1].text
        assert remark.startswith("3. It would not be posted, by the rule block url")
        await life.says(f"/preview {CHANNEL_ID} 1")
        assert life.rows(_STATE) == before
        assert world.posts(CHANNEL_ID) == []
    check(world)


async def test_a_template_that_fails_is_told_of_and_a_picture_refused_is_shown_otherwise(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    picture = "https://pictures.example/one.jpg"
    world.feed("news")
    [link] = world.web.publish("news", 1, image=picture)
    world.api.photos.unreachable[picture] = "Bad Request: failed to get HTTP URL content"
    async with start(world) as life:
        await _watching(life, world.web["news"].url)
        write(world, "UPDATE subscriptions SET template = '{{ title - 1 }}'")
        since = len(world.api.journal)
        shown = await life.says(f"/test {CHANNEL_ID} 1")
        assert shown.links[0] == f"{link}#preview"
        await world.api.wait_for(lambda m: "does not work" in m.text, since=since)
        assert picture in str(shown.parameters["link_preview_options"])
    assert life.rows("SELECT COUNT(*) FROM notices WHERE code = 'template.failed'") == [(0,)]


@pytest.mark.parametrize(
    ("words", "told"),
    [("", "/test 3"), ("x", "/test 3"), ("1 2 3", "/test 3"), ("9", "number 9"), ("1", "shown nothing yet")],
)
async def test_what_cannot_be_shown_is_said(
    autojump_clock: MockClock, world: World, start: Start, words: str, told: str
) -> None:
    async with start(world) as life:
        await life.says("/add https://nowhere.example/feed as=feed")
        await trio.sleep(5)
        assert told in (await life.says(f"/test {words}")).text


async def test_editors_see_it_in_private_and_nobody_else_does(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    for user in (EDITOR, VIEWER, STRANGER):
        world.api.people.private(user)
    members = {EDITOR: "member", VIEWER: "member", STRANGER: "member"}
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", members=dict.fromkeys(members, "member")))
    async with start(world) as life:
        await life.says(f"/add {GROUP} {feed.url} every=1h as=feed")
        await trio.sleep(10)
        give_roles(world)
        link = f"{feed.entries[-1].link}#preview"
        assert (await life.says(f"/test {GROUP} 1", user_id=EDITOR)).links[0] == link
        assert "may not" in (await life.says(f"/test {GROUP} 1", user_id=VIEWER)).text
        assert "private" in (await life.says(f"/test {GROUP} 1", user_id=STRANGER)).text
        since = len(world.api.journal)
        world.api.user_says(GROUP, EDITOR, "/test 1")
        shown = await world.api.wait_for(lambda m: m.links[:1] == [link], since=since)
        assert shown.chat_id == EDITOR
        world.api.user_says(GROUP, STRANGER, "/test 1")
        await trio.sleep(10)
        assert world.api.journal[-1] is shown

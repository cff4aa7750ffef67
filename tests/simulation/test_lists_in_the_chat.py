"""/import and /export in the whole program: files in, files out, and one clear answer to each."""

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat, Fault
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER, give_roles
from tests.simulation.running import Life, Start

_SOURCES = "SELECT chat_id, url, kind FROM subscriptions JOIN sources ON sources.id = source_id ORDER BY url"


async def _sends(
    life: Life, name: str, body: str | bytes, caption: str = "/import", user_id: int = OWNER_ID
) -> Accepted:
    since = len(life.world.api.journal)
    content = body if isinstance(body, bytes) else body.encode()
    life.world.api.people.sends_file(user_id, user_id, name, content, caption=caption)
    return await life.world.api.wait_for(lambda m: m.chat_id == user_id, since=since)


def _opml(*urls: str) -> str:
    inner = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in urls)
    return f'<opml version="2.0"><body>{inner}</body></opml>'


async def _ends(life: Life, card: Accepted) -> str:
    await life.until(lambda: not card.text.startswith("⏳"))
    return card.text


async def test_a_list_is_taken_told_once_and_comes_back_whole(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feeds = [world.feed(name).url for name in ("one", "two")]
    async with start(world) as life:
        card = await _sends(life, "my.opml", _opml(*feeds, feeds[0]), f"/import {CHANNEL_ID} every=1h")
        assert await _ends(life, card) == "✔️ 2 added, 1 were here already, 0 not taken."
        assert life.rows(_SOURCES) == [(CHANNEL_ID, url, "feed") for url in sorted(feeds)]
        assert life.rows("SELECT DISTINCT interval_s, backlog FROM subscriptions") == [(3600.0, "none")]
        sent = await life.says(f"/export {CHANNEL_ID}")
        document = sent.extra["document"]
        assert document["file_name"] == "subscriptions.opml"
        body = world.api.files[document["file_id"]]
        assert all(url.encode() in body for url in feeds)
        await life.says(f"/remove {CHANNEL_ID} all yes")
        card = await _sends(life, "back.opml", body, f"/import {CHANNEL_ID}")
        assert (await _ends(life, card)).startswith("✔️ 2 added")
        assert life.rows("SELECT DISTINCT interval_s FROM subscriptions") == [(3600.0,)]


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("list.opml", "<opml><body>" + "<outline>" * 20_000, "folders within folders"),
        ("list.xml", "<opml><body><outline xmlUrl='https://a.example/f'/><broken", "1 added, 0 were here"),
        ("list.txt", "http://192.168.1.1/f\nhttp://localhost/f\nhttp://router/f\n", "no public address"),
        ("list.txt", "http://0x7f000001/f\nhttp://[::ffff:10.0.0.1]/f\n", "line 2"),
        ("list.txt", b"\xcf\xf0\xe8\xe2\xe5\xf2\n\x00\x01", "not a web address"),
        ("list.txt", "https://a.example/f\n".encode("utf-16"), "Nothing in this file"),
        ("list.txt", "# nothing\n", "There is no address"),
        ("empty.opml", "", "There is no address"),
        ("list.opml", "<html><body>Hello</body></html>", "this is no OPML"),
        ("photo.jpg", b"\xff\xd8", "lists of subscriptions"),
    ],
    ids=["deep", "cut", "inside", "written", "bytes", "utf16", "comments", "empty", "html", "photo"],
)
async def test_what_cannot_be_taken_gets_one_clear_answer(
    autojump_clock: MockClock, world: World, start: Start, name: str, body: str | bytes, told: str
) -> None:
    async with start(world) as life:
        card = await _sends(life, name, body)
        assert told in await _ends(life, card)
        await trio.sleep(5)
        assert len(world.api.messages(OWNER_ID)) == 1


async def test_a_file_without_a_command_is_offered_and_an_answer_takes_it(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feeds = [world.feed(name).url for name in ("one", "two")]
    async with start(world) as life:
        offer = await _sends(life, "mine.txt", "\n".join(feeds[:1]), caption="")
        assert [text for text, _ in offer.buttons] == ["Import"]
        assert life.rows(_SOURCES) == []
        since = len(world.api.journal)
        world.api.press(OWNER_ID, OWNER_ID, offer.message_id, "import")
        card = await world.api.wait_for(lambda m: m.chat_id == OWNER_ID, since=since)
        assert "1 added" in await _ends(life, card)
        file = world.api.people.sends_file(OWNER_ID, OWNER_ID, "more.txt", feeds[1].encode())
        since = len(world.api.journal)
        world.api.user_says(OWNER_ID, OWNER_ID, f"/import {CHANNEL_ID}", reply_to=file)
        card = await world.api.wait_for(lambda m: m.text.startswith(("⏳", "✔️")), since=since)
        assert "1 added" in await _ends(life, card)
        assert life.rows(_SOURCES) == [(OWNER_ID, feeds[0], "feed"), (CHANNEL_ID, feeds[1], "feed")]


async def test_editors_import_and_export_and_nobody_else(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    for user in (EDITOR, VIEWER, STRANGER):
        world.api.people.private(user)
    world.api.chats.add(Chat(chat_id=GROUP, kind="group"))
    url = world.feed("one").url
    async with start(world) as life:
        await life.says("/start")
        give_roles(world)
        for user, told in ((STRANGER, "private"), (VIEWER, "may not"), (EDITOR, "⏳")):
            card = await _sends(life, "a.txt", url, f"/import {GROUP}", user)
            assert told in [*card.versions, card.text][0]
        assert "1 added" in await _ends(life, card)
        for user, told in ((STRANGER, "private"), (VIEWER, "may not"), (EDITOR, "1 subscription. /import")):
            assert told in (await life.says(f"/export {GROUP}", user_id=user)).text


async def test_what_was_published_comes_as_a_table(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await trio.sleep(20)
        links = world.web.publish("news", 1, title="=SUM(1)")
        await life.posted(links)
        sent = await life.says(f"/export {CHANNEL_ID} history")
        lines = world.api.files[sent.extra["document"]["file_id"]].decode("utf-8-sig").splitlines()
        assert lines[0] == "published,url,title,source,topic,message"
        assert f"{links[0]},'=SUM(1),News" in lines[1]
        assert len(lines) == 2


async def test_others_are_answered_while_a_list_is_taken(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await life.says("/version")
        world.api.faults.add(Fault(what="delay", delay_s=8, method="getfile"))
        card = await _sends(life, "a.txt", "https://a.example/f")
        assert "Vestnik" in (await life.says("/version")).text
        assert card.text.startswith("⏳")
        assert (await _ends(life, card)).startswith("✔️ 1 added")
        assert life.rows("SELECT COUNT(*) FROM imports") == [(0,)]


async def test_a_restart_goes_on_with_a_list(autojump_clock: MockClock, world: World, start: Start) -> None:
    urls = "\n".join(f"https://{number}.example/f" for number in range(250))
    async with start(world) as life:
        world.api.faults.add(Fault(what="delay", delay_s=8, method="getfile"))
        card = await _sends(life, "a.txt", urls)
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM imports") == [(1,)])
    assert card.text.startswith("⏳")
    async with start(world) as life:
        assert (await _ends(life, card)).startswith("✔️ 250 added")
        assert life.rows("SELECT COUNT(*) FROM subscriptions") == [(250,)]
        assert life.rows("SELECT COUNT(*) FROM imports") == [(0,)]

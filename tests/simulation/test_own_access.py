"""Sources with access of their own: what only a header opens is for the chat that has it."""

import sqlite3

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start
from tests.simulation.sites import Sites, put_sites, rss

OTHER = -1001000000002
EDITOR, GROUP = 2003, -700
FEED = "https://site.example/feed.xml"
KEY = "s3cret-value"


def _link(number: int) -> str:
    return f"https://site.example/{number}"


def _show(sites: Sites, public: list[int], lifted: list[int], words: str = "") -> None:
    sites.pages[FEED] = rss(*map(_link, public))
    sites.lifts[FEED] = {KEY: rss(*map(_link, lifted), words=words)}


async def _watch(life: Life, chat_id: int, words: str = "") -> None:
    where = "" if chat_id == OWNER_ID else str(chat_id)
    await life.says(f"/add {where} {FEED} every=30s as=feed {words}")
    primed = "SELECT 1 FROM subscriptions WHERE primed_ms > 0 AND chat_id = ?"
    await life.until(lambda: bool(life.rows(primed, chat_id)))


async def test_what_a_header_opens_is_not_shown_to_another_chat(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    sites = put_sites(world)
    world.api.chats.add(Chat(chat_id=OTHER, kind="channel", title="Other"))
    _show(sites, [1], [1], words=" in full")
    async with start(world) as life:
        await _watch(life, CHANNEL_ID)
        await _watch(life, OTHER)
        assert life.rows("SELECT COUNT(*) FROM sources") == [(1,)]
        said = await life.says(f'/set {CHANNEL_ID} 1 header="X-Key: {KEY}"')
        assert "header: X-Key (values hidden)" in said.text
        assert KEY not in said.text
        assert life.rows("SELECT url, rules FROM sources ORDER BY id") == [
            (FEED, "{}"),
            (FEED, '{"access":1}'),
        ]
        _show(sites, [1], [3, 2, 1], words=" in full")
        await life.posted([_link(2), _link(3)])
        await trio.sleep(100)
        assert world.links(OTHER) == []
        _show(sites, [2, 1], [3, 2, 1], words=" in full")
        await life.posted([_link(2)], chat_id=OTHER)
        assert "in full" in world.posts(CHANNEL_ID)[0].text
        assert "in full" not in world.posts(OTHER)[0].text
    check(world)


async def test_values_given_and_taken_away_post_nothing_twice_and_lose_nothing(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    sites = put_sites(world)
    world.api.chats.add(Chat(chat_id=OTHER, kind="channel", title="Other"))
    numbers = [3, 2, 1]
    _show(sites, numbers, numbers)
    async with start(world) as life:
        await _watch(life, CHANNEL_ID)
        await _watch(life, OTHER)
        for number, words in enumerate(
            (f'header="X-Key: {KEY}"', "header=", "user_agent=Browser/1.0", "user_agent=default"), start=4
        ):
            await life.says(f"/set {CHANNEL_ID} 1 {words}")
            await trio.sleep(7)
            numbers = [number, *numbers]
            _show(sites, numbers, numbers)
            await trio.sleep(47)
    async with start(world) as life:
        await life.posted([_link(number) for number in range(4, 8)])
        await life.posted([_link(number) for number in range(4, 8)], chat_id=OTHER)
        assert life.rows("SELECT number FROM subscriptions ORDER BY id") == [(1,), (1,)]
    check(world)


async def test_login_in_an_address_is_kept_apart_from_it(
    autojump_clock: MockClock, world: World, start: Start, check: Check, caplog: pytest.LogCaptureFixture
) -> None:
    sites = put_sites(world)
    sites.pages[FEED] = rss(_link(1))
    sites.logins[FEED] = "reader:pa55word"
    async with start(world) as life:
        address = FEED.replace("https://", "https://reader:pa55word@")
        card = await life.says(f"/add {CHANNEL_ID} {address}")
        await life.until(lambda: "✅" in card.text)
        sites.pages[FEED] = rss(_link(2), _link(1))
        await life.posted([_link(2)])
        info = await life.says(f"/info {CHANNEL_ID} 1")
        assert "Asked with values of its own: header Authorization" in info.text
        again = await life.says(f"/add {CHANNEL_ID} {address}")
        await life.until(lambda: "watched here already" in again.text)
        listed = await life.says(f"/list {CHANNEL_ID}")
        for text in (*card.versions, card.text, info.text, listed.text, again.text, caplog.text):
            assert "pa55word" not in text
            assert "cmVhZGVy" not in text
        everything = [
            "\n".join(map(str, life.rows(f"SELECT * FROM {table}")))
            for table in ("notices", "history", "queue", "probes")
        ]
        assert all("pa55word" not in text and "cmVhZGVy" not in text for text in everything)
        assert life.rows("SELECT url FROM sources") == [(FEED,), (FEED,)]
        await life.says(f"/remove {CHANNEL_ID} 1")
        await trio.sleep(12 * 60)
        assert life.rows("SELECT COUNT(*) FROM sources WHERE credentials IS NOT NULL") == [(0,)]
    check(world)


async def test_set_shows_and_changes_what_is_obeyed(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        assert "every: its own rhythm" in (await life.says(f"/set {CHANNEL_ID} 1")).text
        said = await life.says(f"/set {CHANNEL_ID} 1 every=20s title=“My news” silent=yes preview=no")
        assert "every: 20s\ntitle: My news\nsilent: yes\nmedia: yes\npreview: no" in said.text
        await life.posted(world.web.publish("news"), timeout_s=40)
        post = world.posts(CHANNEL_ID)[0]
        assert post.silent
        assert "My news" in post.text
        assert "is_disabled" in str(post.parameters)
        assert "every: 50s" in (await life.says(f"/set_interval {CHANNEL_ID} 1 50s")).text
        assert "title: Two words" in (await life.says(f"/set_title {CHANNEL_ID} 1 Two words")).text
        assert "title: its own" in (await life.says(f"/set {CHANNEL_ID} 1 title=")).text
        assert "Checked every 50s, as asked for" in (await life.says(f"/info {CHANNEL_ID} {feed.url}")).text
    check(world)


_WRONG = [
    ("1 every=1x", "no duration"),
    ("1 silent=perhaps", "yes or no"),
    ('1 header="Host: inside"', "belongs to the connection"),
    ("1 header=nonsense", "Name: value"),
    ('1 header="X-A: 1\r\nX-B: 2"', "in one line"),
    ("1 proxy=socks5h://p.example:1", "socks5://host:port"),
    ("1 colour=red", "no “colour”"),
    ("9 silent=yes", "number 9"),
    ("title=news", "say its number first"),
    ("", "Say which source"),
]


async def test_wrong_words_get_one_clear_answer(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    put_sites(world).pages[FEED] = rss(_link(1))
    async with start(world) as life:
        await _watch(life, OWNER_ID)
        await trio.sleep(10)
        for words, told in _WRONG:
            assert told in (await life.says(f"/set {words}")).text
        assert life.rows("SELECT COUNT(*) FROM sources WHERE credentials IS NOT NULL") == [(0,)]


async def test_editors_set_headers_in_their_chat_and_no_proxies(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    put_sites(world).pages[FEED] = rss(_link(1))
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", members={EDITOR: "member"}))
    async with start(world) as life:
        await _watch(life, GROUP)
        await _watch(life, CHANNEL_ID)
        db = sqlite3.connect(world.database, timeout=10)
        db.execute("INSERT INTO users (id) VALUES (?)", (EDITOR,))
        db.execute("INSERT INTO members VALUES (?, ?, 'editor')", (GROUP, EDITOR))
        db.commit()
        db.close()

        async def says(words: str) -> str:
            return (await life.says(words, user_id=EDITOR, chat_id=GROUP)).text

        assert "only an owner" in await says("/set 1 proxy=http://p.example:3128")
        world.api.people.private(EDITOR)
        for words in (f"/set {CHANNEL_ID} 1 silent=yes", f"/info {CHANNEL_ID} 1"):
            assert "may not do that there" in (await life.says(words, user_id=EDITOR)).text
        assert "X-Key (values hidden)" in await says(f'/set 1 header="X-Key: {KEY}"')
        assert "own: header X-Key" in await says("/info 1")
        assert (
            "proxy: one of its own (hidden)"
            in (await life.says(f"/set {GROUP} 1 proxy=http://u:{KEY}@p.example:3128")).text
        )


async def test_info_tells_the_state_in_words(autojump_clock: MockClock, world: World, start: Start) -> None:
    sites = put_sites(world)
    sites.pages[FEED] = rss(_link(1), title="The site")
    async with start(world) as life:
        await _watch(life, CHANNEL_ID, "backlog=1")
        text = (await life.says(f"/check {CHANNEL_ID} 1")).text
        assert text.startswith(f"The site\n{FEED}\nNo. 1 · feed · watched\nLast read: ")
        assert "Next check in " in text
        assert ": its rhythm\nChecked every 30s, as asked for\nWatched here as No. 1" in text
        del sites.pages[FEED]
        await life.until(lambda: life.rows("SELECT errors FROM sources") >= [(2,)])
        text = (await life.says(f"/info {CHANNEL_ID} {FEED}")).text
        assert "⚠️ it answered 404 (2 times in a row)" in text
        assert "waiting longer after each failure" in text
        assert "Say which one" in (await life.says("/info")).text
        assert "Nothing here" in (await life.says("/info 1")).text

"""How many subscriptions a person may add: refused, raised, made room for, through restarts and in lists."""

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.feeds import Trouble
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, VIEWER, give_roles
from tests.simulation.running import Check, Life, Start
from tests.simulation.sites import page, put_sites

_WATCHED = "SELECT COUNT(*) FROM subscriptions WHERE state = 'active' AND added_by = ?"
_ASK = f"ask an owner of this bot for more: /role quota {EDITOR} N"


async def _settle(life: Life) -> None:
    world = life.world
    members = {OWNER_ID: "creator", EDITOR: "administrator"}
    world.api.chats.add(
        Chat(chat_id=GROUP, kind="group", members=dict(members), bot_status="administrator")  # type: ignore[arg-type]
    )
    for user in (EDITOR, VIEWER):
        world.api.people.private(user)
    await life.says("/version")
    give_roles(world)


async def _adds(life: Life, url: str, words: str = "as=feed") -> Accepted:
    return await life.says(f"/add {GROUP} {url} {words}", user_id=EDITOR)


async def test_an_editor_meets_the_limit_and_goes_on_when_an_owner_raises_it(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feeds = [world.feed(name).url for name in ("one", "two", "three", "four")]
    world.feed("slow")
    world.web.trouble("slow", Trouble(kind="slow", delay_s=20.0))
    async with start(world) as life:
        await _settle(life)
        assert f"({EDITOR}): subscriptions: 0 of 2" in (await life.says(f"/role quota {EDITOR} 2")).text
        await _adds(life, feeds[0])
        looking = await _adds(life, world.web["slow"].url, "")
        refused = await _adds(life, f"{feeds[1]} {feeds[2]}")
        assert refused.text.splitlines()[:2] == [f"Not added: {url}" for url in feeds[1:3]]
        assert "limit of subscriptions is 2, and you have 2" in refused.text
        assert _ASK in refused.text
        assert life.rows("SELECT state FROM probes") == [("waiting",)]
        await life.says(f"/role quota {EDITOR} 1")
    async with start(world) as life:  # in the midst of a probe, which has its room
        await life.until(lambda: "No. 2" in looking.text)
        assert life.rows(_WATCHED, EDITOR) == [(2,)]
        assert "is 1, and you have 2" in (await _adds(life, feeds[1])).text
        assert "watched here already" in (await _adds(life, feeds[0])).text
        await life.says(f"/role quota {EDITOR} 3")
        await _adds(life, feeds[1])
        await life.until(lambda: life.rows(_WATCHED, EDITOR) == [(3,)])
        assert _ASK in (await _adds(life, feeds[2])).text
        await life.says(f"/remove {GROUP} 1 yes", user_id=EDITOR)
        await _adds(life, feeds[2])
        await life.until(lambda: life.rows(_WATCHED, EDITOR) == [(3,)])
        assert f"({EDITOR}): subscriptions: 3 of 3" in (await life.says(f"/role quota {EDITOR}")).text
        assert "3 of 100" in (await life.says(f"/role quota {EDITOR} default")).text
        listed = (await life.says("/role")).text
        assert f"editor ({EDITOR}); subscriptions: 3 of 100" in listed
        for words, told in {
            f"{OWNER_ID} 5": "is an owner",
            f"{EDITOR} many": "write a number",
            "me 5": "/role quota USER N",
            f"{EDITOR} 5 6": "/role quota USER N",
        }.items():
            assert told in (await life.says(f"/role quota {words}")).text
        assert "private" in (await life.says(f"/role quota {EDITOR} 99", user_id=EDITOR)).text
        await life.says(f"/add {GROUP} {feeds[3]} as=feed")
        await life.until(lambda: life.rows(_WATCHED, OWNER_ID) == [(1,)])
    check(world)


async def test_what_is_pressed_and_answered_counts_for_who_does_it(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    sites, feed = put_sites(world), world.feed("one").url
    sites.pages["https://site.example/"] = page(("One", "/1.xml"), ("Two", "/2.xml"))
    async with start(world) as life:
        await _settle(life)
        card = await life.says(f"/add {GROUP} https://site.example/", user_id=EDITOR)
        await life.until(lambda: bool(card.buttons))
        await life.says(f"/role quota {EDITOR} 0")
        before = len(world.api.callback_answers)
        assert _ASK in await life.presses(card, "1. Feed: One", user_id=EDITOR)
        assert len(world.api.callback_answers) == before + 1
        assert card.buttons, "the question stays"
        since = len(world.api.journal)
        world.api.press(EDITOR, EDITOR, card.message_id, f"address:{GROUP}")
        await world.api.wait_for(lambda m: m.chat_id == EDITOR, since=since)
        assert _ASK in (await life.says(feed, user_id=EDITOR)).text
        assert life.rows(_WATCHED, EDITOR) == [(0,)]
        await life.says(f"/role quota {EDITOR} 1")
        assert "Watching" in await life.presses(card, "1. Feed: One", user_id=EDITOR)
        assert life.rows(_WATCHED, EDITOR) == [(1,)]


async def test_anonymous_administrators_count_as_their_group(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    urls = [world.feed(name).url for name in ("one", "two", "three")]
    async with start(world) as life:
        await _settle(life)
        await life.says(f"/add {GROUP} {urls[0]} as=feed")
        assert "0 of 1" in (await life.says(f"/role quota {GROUP} 1")).text
        for url in urls[1:]:
            world.api.user_says(GROUP, 0, f"/add {url} as=feed", anonymous=True)
        refused = await world.api.wait_for(lambda m: "limit of subscriptions is 1" in m.text)
        assert refused.chat_id == GROUP
        assert f"/role quota {GROUP} N" in refused.text
        assert life.rows(_WATCHED, GROUP) == [(1,)]
        shown = f"({GROUP}); subscriptions: 1 of 1"
        assert shown in (await life.says("/role")).text
        card = await life.says("/admin")
        await life.presses(card, "Roles")
        assert shown in card.text
        assert len([label for label, _ in card.buttons if label.startswith("Remove")]) == 2


async def test_a_list_of_ten_thousand_is_taken_up_to_the_limit(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    outlines = "\n".join(
        f'<outline type="rss" xmlUrl="https://{number}.example/f"/>' for number in range(10_000)
    )
    async with start(world) as life:
        await _settle(life)
        for number in (0, 5_000):
            await life.says(f"/add {GROUP} https://{number}.example/f as=feed")
        world.api.people.sends_file(
            EDITOR,
            EDITOR,
            "all.opml",
            f'<opml version="2.0"><body>\n{outlines}\n</body></opml>'.encode(),
            caption=f"/import {GROUP}",
        )
        card = await world.api.wait_for(lambda m: m.text.startswith(("⏳", "✔️")))
        await life.until(lambda: not card.text.startswith("⏳"))
        lines = card.text.splitlines()
        assert lines[0] == "✔️ 100 added, 2 were here already, 9,898 not taken."
        assert lines[1].startswith("Not taken, lines 103\u20135001, 5003\u201310001: Your limit of subs")
        assert lines[1].endswith(_ASK)
        assert lines[2] == "Not taken: line 103: https://101.example/f"
        assert lines[-1] == "… and 9,888 more"
        assert life.rows(_WATCHED, EDITOR) == [(100,)]
        assert life.rows("SELECT COUNT(*) FROM imports") == [(0,)]
        await trio.sleep(1)
        assert [m.text for m in world.api.messages(EDITOR)][-1] == card.text


async def test_owners_add_without_a_limit_by_file_button_and_command(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    urls = "\n".join(f"https://{number}.example/f" for number in range(130))
    one, two = world.feed("one").url, world.feed("two").url
    async with start(world) as life:
        await life.says("/version")
        since = len(world.api.journal)
        world.api.people.sends_file(OWNER_ID, OWNER_ID, "a.txt", urls.encode())
        offer = await world.api.wait_for(lambda m: m.chat_id == OWNER_ID, since=since)
        since = len(world.api.journal)
        await life.presses(offer, "Import")
        card = await world.api.wait_for(lambda m: m.chat_id == OWNER_ID, since=since)
        await life.until(lambda: card.text.startswith("✔️ 130 added, 0 were here already, 0 not taken."))
        question = await life.says(one)
        await life.presses(question, "Watch for new posts")
        await life.until(lambda: life.rows(_WATCHED, OWNER_ID) == [(131,)])
        await life.says(f"/add {CHANNEL_ID} {two} as=feed")
        await life.until(lambda: life.rows(_WATCHED, OWNER_ID) == [(132,)])

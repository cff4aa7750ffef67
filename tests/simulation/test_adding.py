"""/add with any address: what is clear is watched, of the rest is asked, through restarts and all presses."""

from functools import partial

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start
from tests.simulation.sites import blocked, page, put_sites, refused, rss

STRANGER, EDITOR = 2002, 2003
GROUP = -700
SITE = "https://site.example"


async def _question(life: Life, words: str = f"{CHANNEL_ID} {SITE}/") -> Accepted:
    card = await life.says(f"/add {words}")
    await life.until(lambda: "?" in card.text and bool(card.buttons))
    return card


async def _press(life: Life, card: Accepted, label: str, *, user_id: int = OWNER_ID) -> str:
    [data] = [data for text, data in card.buttons if label in text] or [label]
    return await _press_data(life, card, data, user_id=user_id)


async def _press_data(life: Life, card: Accepted, data: str, *, user_id: int = OWNER_ID) -> str:
    api = life.world.api
    before = len(api.callback_answers)
    api.press(card.chat_id, user_id, card.message_id, data)
    await life.until(lambda: len(api.callback_answers) > before)
    return str(api.callback_answers[-1])


def _watched(life: Life) -> list[tuple[object, ...]]:
    return life.rows(
        """SELECT kind, url, number FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE subscriptions.state = 'active' ORDER BY number"""
    )


async def test_page_that_names_its_feed_is_watched_by_it(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        card = await life.says(f"/add {CHANNEL_ID} news.example")
        await life.until(lambda: "No. 1" in card.text)
        assert "· feed · checked every" in card.text
        newest = [f"• {entry.title}" for entry in feed.entries[::-1]]
        assert card.text.splitlines()[-3:] == newest
        assert _watched(life) == [("feed", feed.url, 1)]
        await life.posted([])
        await life.posted(world.web.publish("news", 2))
        again = await life.says(f"/add {CHANNEL_ID} https://news.example")
        await life.until(lambda: "watched here already" in again.text)
    check(world)


async def test_feed_is_watched_at_once_and_a_bare_sitemap_too(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed, site = world.feed("news", form="atom"), world.feed("map", form="sitemap")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} {site.url}")
        await life.until(lambda: len(_watched(life)) == 2)
        assert min(_watched(life))[0] == "feed"
        assert max(_watched(life))[:2] == ("sitemap", site.url)


async def test_several_feeds_are_asked_about_through_a_restart_and_watched_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/"] = page(("All posts", "/all.xml"), ("Comments", "/comments.xml"))
    sites.pages[f"{SITE}/all.xml"] = rss(f"{SITE}/2", f"{SITE}/1", title="All")
    async with start(world) as life:
        card = await _question(life)
        assert [text for text, _ in card.buttons] == [
            "1. Feed: All posts",
            "2. Feed: Comments",
            "Only this link",
        ]
        assert all(len(data.encode()) <= 64 for _, data in card.buttons)
        assert _watched(life) == []
    async with start(world) as life:
        data = card.buttons[0][1]
        assert "Watching" in await _press(life, card, "All posts")
        await life.until(lambda: "No. 1" in card.text)
        assert "This was settled" in await _press_data(life, card, data)
        assert "This was settled" in await _press_data(life, card, "add:1:link")
        assert _watched(life) == [("feed", f"{SITE}/all.xml", 1)]
        sites.pages[f"{SITE}/all.xml"] = rss(f"{SITE}/3", f"{SITE}/2", f"{SITE}/1")
        await life.posted([f"{SITE}/3"])
        assert len(world.api.messages(OWNER_ID)) == 1, "one card from the question to the answer"
    check(world)


async def test_plain_page_may_be_posted_once_as_a_link(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/page"] = page()
    async with start(world) as life:
        card = await life.says(f"/add {CHANNEL_ID} {SITE}/page")
        await life.until(lambda: bool(card.buttons))
        assert [text for text, _ in card.buttons] == ["Only this link"]
        assert "this is not a feed" in card.text
        assert "On its way" in await _press(life, card, "Only this link")
        await life.posted([f"{SITE}/page"])
        assert "will be posted, once" in card.text
        assert _watched(life) == []
        second = await life.says(f"/add {CHANNEL_ID} {SITE}/page")
        await life.until(lambda: bool(second.buttons))
        assert "posted or queued here before" in await _press(life, second, "Only this link")
        await life.posted([f"{SITE}/page"])
    check(world)


async def test_page_with_a_usual_feed_is_asked_about(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/about"] = page()
    sites.pages[f"{SITE}/sitemap.xml"] = f"<urlset><url><loc>{SITE}/1</loc></url></urlset>"
    async with start(world) as life:
        card = await _question(life, f"{CHANNEL_ID} {SITE}/about")
        assert [text for text, _ in card.buttons] == ["Sitemap", "Only this link"]
        await _press(life, card, "Sitemap")
        await life.until(lambda: "No. 1" in card.text)
        assert _watched(life) == [("sitemap", f"{SITE}/sitemap.xml", 1)]


async def test_old_forged_and_foreign_presses_are_answered_and_change_nothing(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/"] = page(("One", "/1.xml"), ("Two", "/2.xml"))
    world.api.people.private(STRANGER)
    async with start(world) as life:
        old = await _question(life)
        old_data = old.buttons[0][1]
        card = await _question(life)
        assert "too old" in await _press_data(life, old, old_data)
        assert "too old" in await _press_data(life, card, "add:999:0")
        assert "too old" in await _press_data(life, card, card.buttons[0][1][:-1] + "9")
        assert "too old" in await _press_data(life, card, "add:1:second")
        assert "private" in await _press(life, card, "One", user_id=STRANGER)
        assert _watched(life) == []
        assert "Watching" in await _press(life, card, "Two")


async def test_presser_must_be_an_editor_of_the_chat_that_the_question_is_about(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/"] = page(("One", "/1.xml"), ("Two", "/2.xml"))
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", members={EDITOR: "member"}))
    async with start(world) as life:
        card = await _question(life)
        _make_editor(world)
        world.api.people.private(EDITOR)
        # An editor of the group presses a forged button there: the question is about the channel.
        world.api.user_says(GROUP, OWNER_ID, "/list")
        await life.until(lambda: bool(world.api.messages(GROUP)))
        forged = world.api.messages(GROUP)[-1]
        assert "may not" in await _press_data(life, forged, card.buttons[0][1], user_id=EDITOR)
        assert "may not" in await _press_data(life, forged, "new:1", user_id=EDITOR)
        assert "Only an owner" in await _press_data(life, forged, "unc:1:sent", user_id=EDITOR)
        for words in (f"/add {CHANNEL_ID} {SITE}/", f"/list {CHANNEL_ID}", f"/remove {CHANNEL_ID} 1"):
            since = len(world.api.journal)
            world.api.user_says(GROUP, EDITOR, words)
            said = await world.api.wait_for(lambda m: m.chat_id == EDITOR, since=since)
            assert "You may not do that there" in said.text
        assert _watched(life) == []
        mine = await life.says(f"/add {SITE}/", user_id=EDITOR, chat_id=GROUP)
        await life.until(partial(bool, mine.buttons) if mine.buttons else lambda: bool(mine.buttons))
        assert "Watching" in await _press(life, mine, "One", user_id=EDITOR)
        await life.until(lambda: len(_watched(life)) == 1)


def _make_editor(world: World) -> None:
    import sqlite3

    db = sqlite3.connect(world.database, timeout=10)
    db.execute("INSERT INTO users (id) VALUES (?)", (EDITOR,))
    db.execute("INSERT INTO members VALUES (?, ?, 'editor')", (GROUP, EDITOR))
    db.commit()
    db.close()


async def test_crash_while_looking_and_while_asking_loses_no_question(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/"] = page(("One", "/1.xml"), ("Two", "/2.xml"))
    for word in ("Looking", "What shall I do"):
        world.crash_when(lambda message, word=word: word in message.text)  # type: ignore[misc]
        async with start(world) as life:
            if word == "Looking":
                world.api.user_says(OWNER_ID, OWNER_ID, f"/add {CHANNEL_ID} {SITE}/")
            with trio.move_on_after(60):
                await world.crashed.wait()
        if world.crashed.is_set():
            world.next_life()
    async with start(world) as life:
        await life.until(lambda: any(m.buttons for m in world.api.messages(OWNER_ID)))
        card = [m for m in world.api.messages(OWNER_ID) if m.buttons][-1]
        assert "Watching" in await _press(life, card, "One")
        await life.until(lambda: bool(_watched(life)))
        assert len(_watched(life)) == 1


@pytest.mark.parametrize("trouble", ["blocked", "refused", "silent"])
async def test_group_hears_the_same_of_every_address_out_of_reach(
    autojump_clock: MockClock, world: World, start: Start, trouble: str
) -> None:
    sites = put_sites(world)
    if trouble != "silent":
        sites.unreached["inside.example"] = blocked if trouble == "blocked" else refused
    else:
        world.feed("inside")
        from simulation.feeds import Trouble

        world.web.trouble("inside", *[Trouble(kind="slow", delay_s=500.0)] * 50)
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", members={EDITOR: "member", OWNER_ID: "member"}))
    async with start(world) as life:
        await life.says("/start")
        _make_editor(world)
        asked_s = trio.current_time()
        card = await life.says("/add https://inside.example/feed.xml", user_id=EDITOR, chat_id=GROUP)
        await life.until(lambda: "No. 1" in card.text)
        assert 55 <= trio.current_time() - asked_s <= 75, "the time tells nothing"
        assert "it could not be reached. I try again in" in card.text
        await trio.sleep(600)
        shown = await life.says("/list", user_id=EDITOR, chat_id=GROUP)
        info = await life.says("/info 1", user_id=EDITOR, chat_id=GROUP)
        asked_by_owner_here = await life.says("/info 1", chat_id=GROUP)
        for text in (*card.versions, card.text, shown.text, info.text, asked_by_owner_here.text):
            assert "10.0.0.7" not in text
            assert "in time" not in text
            assert "public" not in text
        assert "it could not be reached" in info.text
        told = [m for m in world.api.messages(OWNER_ID) if "inside.example" in m.text]
        assert len(told) == 1, "the owner hears it once, in private"
        assert not told[0].edited
        if trouble == "blocked":
            assert "set ALLOW_HOSTS=inside.example:443 or ALLOW_NETWORKS=10.0.0.7" in told[0].text


async def test_owner_in_private_hears_at_once_what_to_allow(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    put_sites(world).unreached["inside.example"] = blocked
    async with start(world) as life:
        card = await life.says("/add https://inside.example/feed.xml")
        await life.until(lambda: "No. 1" in card.text, timeout_s=20)
        assert "ALLOW_HOSTS=inside.example:443" in card.text
        assert len(world.api.messages(OWNER_ID)) == 1


async def test_later_failure_does_not_change_what_was_told(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    sites = put_sites(world)
    sites.pages[f"{SITE}/feed.xml"] = rss(f"{SITE}/1")
    async with start(world) as life:
        card = await life.says(f"/add {SITE}/feed.xml backlog=none every=30s")
        await life.until(lambda: "✅" in card.text)
        del sites.pages[f"{SITE}/feed.xml"]
        await life.until(lambda: life.rows("SELECT errors FROM sources") >= [(2,)])
        assert "✅" in card.text
        assert "404" in (await life.says("/list errors")).text


async def test_feed_that_breaks_off_at_first_sight_posts_nothing_old(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    sites = put_sites(world)
    whole = rss(*(f"{SITE}/{number}" for number in range(9, 0, -1)))
    sites.pages[f"{SITE}/feed.xml"] = whole[: whole.index(f"{SITE}/5")]
    async with start(world) as life:
        card = await life.says(f"/add {CHANNEL_ID} {SITE}/feed.xml every=30s as=feed")
        await life.until(lambda: "breaks off" in card.text)
        sites.pages[f"{SITE}/feed.xml"] = whole
        await life.until(lambda: "✅" in card.text)
        sites.pages[f"{SITE}/feed.xml"] = whole.replace(
            "<item>", f"<item><link>{SITE}/10</link></item><item>", 1
        )
        await life.posted([f"{SITE}/10"])
    check(world)


async def test_link_itself_is_posted_once(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    link = feed.entries[0].link
    async with start(world) as life:
        said = await life.says(f"/add {CHANNEL_ID} {link} as=link")
        assert said.text == "On its way."
        await life.posted([link])
        assert feed.entries[0].title in world.api.messages(CHANNEL_ID)[0].text, "its page says so"
        again = await life.says(f"/add {CHANNEL_ID} {link}?utm_source=x as=link")
        assert "was posted or queued here before" in again.text
        await life.posted([link])
    check(world)

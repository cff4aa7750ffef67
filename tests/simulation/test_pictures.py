"""Pictures of posts: by their address, as an upload, as a preview, or not at all; the link always."""

from io import BytesIO

import pytest
import trio
from PIL import Image
from trio.testing import MockClock

from simulation.botapi import Accepted, Fault
from simulation.botapi.photos import UPLOADED
from simulation.http import Reply
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start
from tests.simulation.test_pages import watching

PICTURE = "https://pictures.example/one.webp"
FAILED = "failed to get HTTP URL content"


def image_file(form: str = "WEBP") -> bytes:
    written = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(written, form)
    return written.getvalue()


async def posted(life: Life, title: str = "", link: str = "") -> Accepted:
    """Publish an entry with a picture; return its post in the channel."""
    [link] = life.world.web.publish("news", image=PICTURE, title=title, link=link)
    await life.posted([*life.world.links(CHANNEL_ID), link])
    return life.world.posts(CHANNEL_ID)[-1]


def ways(life: Life) -> list[str | None]:
    return [row[0] for row in life.rows("SELECT picture FROM posts WHERE kind = 'link' ORDER BY id")]


async def test_a_picture_goes_by_its_address_and_then_by_its_id(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        posts = [await posted(life), await posted(life)]
        assert [(post.method, post.photo) for post in posts] == [("sendPhoto", PICTURE)] * 2
        asked = [ask.text("photo") for _, method, ask in world.api.calls if method == "sendphoto"]
        assert asked == [PICTURE, f"photo:{PICTURE}"]
        assert ways(life) == ["url", "file_id"]
        world.api.photos.forgotten = True
        assert (await posted(life)).photo == PICTURE
        assert ways(life) == ["url", "file_id", "file_id", "url"]
    check(world)


@pytest.mark.parametrize(
    ("body", "way", "method"),
    [
        (image_file(), "upload", "sendPhoto"),
        (image_file("JPEG"), "upload", "sendPhoto"),
        (b"<html>no picture</html>", "preview", "sendMessage"),
    ],
    ids=["converted", "as it is", "no picture"],
)
async def test_what_telegram_cannot_fetch_is_uploaded_or_shown_as_a_preview(
    autojump_clock: MockClock, world: World, start: Start, check: Check, body: bytes, way: str, method: str
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.web.page_replies["news"] = Reply(headers=(("content-type", "image/webp"),), body=body)
        picture = f"{feed.base}/one.webp"
        world.api.photos.unreachable[picture] = FAILED
        [link] = world.web.publish("news", image=picture)
        await life.posted([link])
        post = world.posts(CHANNEL_ID)[-1]
        assert post.method == method
        assert post.photo.startswith(UPLOADED) == (way == "upload")
        assert ways(life) == ["url", way]
        assert life.rows("SELECT state, refusals FROM queue") == [("sent", 0)]
    check(world)


async def test_a_picture_that_is_never_had_costs_neither_the_link_nor_another_download(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.api.photos.unreachable[PICTURE] = FAILED
        first, second = await posted(life), await posted(life)
        assert [first.photo, second.photo] == ["", ""]
        previews = [str(post.parameters["link_preview_options"]) for post in (first, second)]
        assert all(PICTURE in shown and "prefer_large_media" in shown for shown in previews)
        assert ways(life) == ["url", "preview", "preview"]
    check(world)


async def test_a_chat_that_takes_no_photos_gets_text(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.api.faults.add(
            Fault(
                what="error",
                method="sendPhoto",
                status=400,
                description="Bad Request: not enough rights to send photos to the chat",
            )
        )
        post = await posted(life)
        assert post.method == "sendMessage"
        assert life.rows("SELECT state FROM chats WHERE chat_id = ?", CHANNEL_ID) == [("active",)]
        assert life.rows("SELECT COUNT(*) FROM pictures") == [(0,)], "the picture itself is fine"
        assert (await posted(life)).method == "sendPhoto"
    check(world)


async def test_media_no_posts_without_pictures(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        answer = await life.says(f"/set {CHANNEL_ID} 1 media=no")
        assert "media: no" in answer.text
        post = await posted(life)
        assert post.method == "sendMessage"
        assert "link_preview_options" not in post.parameters
    check(world)


async def test_more_words_than_a_caption_holds_stay_whole(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        await life.says(f"/template {CHANNEL_ID} " + "{{ title }} " * 60)
        await life.says("/help")
        card = next(m for m in reversed(world.api.messages(OWNER_ID)) if ("Save" in dict(m.buttons)))
        world.api.press(OWNER_ID, OWNER_ID, card.message_id, dict(card.buttons)["Save"])
        await trio.sleep(5)
        post = await posted(life, title="long words " * 3)
        assert len(post.text) > 1024
        assert post.method == "sendMessage"
        assert PICTURE in str(post.parameters["link_preview_options"])
    check(world)


async def test_a_lost_answer_to_a_photo_is_in_doubt_like_any_other(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await watching(life, feed.url)
        world.api.faults.add(Fault(what="no_answer", when="after", method="sendPhoto"))
        world.web.publish("news", image=PICTURE)
        await life.until(lambda: len(world.posts(CHANNEL_ID)) == 1)
        await trio.sleep(200)
        assert len(world.posts(CHANNEL_ID)) == 1
        assert life.rows("SELECT attempts FROM queue") == [(1,)]

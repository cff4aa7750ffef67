"""The page of the simulated Telegram, over real HTTP: what it tells, and what can be done there."""

import json
import random
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import trio

from simulation.botapi import BotApi
from simulation.feeds import Feed, FeedWorld
from simulation.feeds.drawing import landscape
from simulation.page import ActorSeen, Pipeline, Stage, listen, serve_page
from simulation.page.broadcast import MOST_UNHEARD, Broadcast
from tests.simulator.conftest import EPOCH, Caller
from tests.simulator.stream import Stream, events

OWNER, CHANNEL, GROUP = 5, -1001, -10
BASE = "http://127.0.0.1:1"
JSON = {"Content-Type": "application/json"}


@dataclass
class Seen:
    """A page that is served, and a browser of a kind."""

    client: httpx.AsyncClient
    web: FeedWorld

    async def do(self, verb: str, **wish: Any) -> httpx.Response:
        return await self.client.post(f"/do/{verb}", json=wish)

    def events(self) -> AbstractAsyncContextManager[Stream]:
        return events(self.client.base_url.port or 0)


@pytest.fixture
async def page(api: BotApi, nursery: trio.Nursery) -> AsyncIterator[Seen]:
    web = FeedWorld(rng=random.Random(1), now=lambda: EPOCH, base=BASE)
    web.draw = landscape
    for name in ("news", "letters"):
        web.add(Feed(name=name, gap_s=None))

    async def look() -> Pipeline:
        actor = ActorSeen(name="poller", does="looks", done=len(api.journal), turned_s=0.5)
        return Pipeline(actors=[actor], queue={"sent": len(api.journal)}, counts={"seen": 7})

    stage = Stage(api, web, owner_id=OWNER, look=look, hints=["/help"], trouble_chat=CHANNEL)
    with listen(0) as listener:
        port = listener.getsockname()[1]
        nursery.start_soon(stage.run)
        nursery.start_soon(serve_page, stage, listener)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield Seen(client, web)


async def test_its_files_come_from_here_and_run_nothing_else(page: Seen) -> None:
    index = await page.client.get("/")
    policy = index.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in index.text.replace("<!doctype", ""), "nothing is loaded from elsewhere"
    named = set(re.findall(r'(?:href|src)="([\w.]+)"', index.text))
    scripts = {"dom.js", "entities.js", "messages.js", "pipeline.js"}
    assert {"app.js", "style.css", "icon.svg"} <= named
    for name in named | scripts:
        answer = await page.client.get(f"/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "innerHTML" not in answer.text


async def test_state_tells_chats_messages_and_the_program(page: Seen, api: BotApi, call: Caller) -> None:
    link = page.web["news"].entries[-1].link
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": link}]
    await call("sendMessage", chat_id=CHANNEL, text="News <b>", entities=entities)
    await call("sendPhoto", chat_id=CHANNEL, photo=f"{BASE}/news/images/sea.jpg", caption="A sea")
    state = (await page.client.get("/state")).json()
    assert state["chats"][0]["title"] == "Vestnik"
    assert [chat["writable"] for chat in state["chats"]] == [True, True, False, True]
    news, photo = state["messages"]
    assert (news["text"], news["entities"][0]["url"], news["mine"]) == ("News <b>", link, False)
    assert news["card"]["title"] == page.web["news"].entries[-1].title
    assert (photo["card"], photo["picture"]) == (None, f"{BASE}/news/images/sea.jpg")
    assert state["hints"] == ["/help"]
    assert state["pipeline"]["queue"] == {"sent": 2}
    assert state["pipeline"]["actors"][0]["done"] == 2


async def test_events_follow_a_message_through_its_life(page: Seen, call: Caller) -> None:
    async with page.events() as heard:
        assert "text/event-stream" in heard.head
        assert (await heard.next("state"))["messages"] == []
        keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes:1"}]]}
        sent = await call("sendMessage", chat_id=OWNER, text="Well?", reply_markup=keyboard)
        told = await heard.next("message")
        assert (told["chat"], told["id"], told["text"]) == (OWNER, sent["message_id"], "Well?")
        assert told["buttons"] == keyboard["inline_keyboard"]
        await call("editMessageText", chat_id=OWNER, message_id=sent["message_id"], text="Well.")
        told = await heard.next("message")
        assert (told["text"], told["edited"], told["buttons"]) == ("Well.", True, [])
        await call("deleteMessage", chat_id=OWNER, message_id=sent["message_id"])
        assert await heard.next("gone") == {"chat": OWNER, "id": sent["message_id"]}
        assert (await heard.next("pipeline"))["counts"] == {"seen": 7}


async def test_what_is_said_reaches_the_bot_and_the_page(page: Seen, call: Caller) -> None:
    sent = await call("sendMessage", chat_id=OWNER, text="Say something")
    async with page.events() as heard:
        assert (
            await page.do("say", chat=OWNER, text=" /list ", reply_to=sent["message_id"])
        ).status_code == 204
        told = await heard.next("message")
        assert (told["text"], told["mine"], told["reply"]["text"]) == ("/list", True, "Say something")
    (update,) = await call("getUpdates")
    assert update["message"]["text"] == "/list"
    assert update["message"]["from"]["id"] == OWNER
    assert update["message"]["reply_to_message"]["message_id"] == sent["message_id"]


async def test_a_button_is_a_callback_query_and_its_answer_is_told(page: Seen, call: Caller) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes:1"}]]}
    sent = await call("sendMessage", chat_id=OWNER, text="Well?", reply_markup=keyboard)
    async with page.events() as heard:
        await heard.next("state")
        assert (await page.do("press", chat=OWNER, id=sent["message_id"], data="yes:1")).status_code == 204
        (update,) = await call("getUpdates")
        query = update["callback_query"]
        assert (query["data"], query["from"]["id"]) == ("yes:1", OWNER)
        await call("answerCallbackQuery", callback_query_id=query["id"], text="Thanks", show_alert=True)
        assert await heard.next("answer") == {"text": "Thanks", "alert": True}
    gone = await page.do("press", chat=OWNER, id=sent["message_id"], data="yes:2")
    assert (gone.status_code, gone.json()) == (409, {"error": "the button is gone"})
    assert (await page.do("press", chat=OWNER, id=9999, data="yes:1")).status_code == 409


async def test_a_file_is_a_document_of_the_owner(page: Seen, call: Caller) -> None:
    kind = {"Content-Type": "application/octet-stream"}
    where = {"chat": str(OWNER), "name": "feeds.opml"}
    sent = await page.client.post("/do/file", params=where, content=b"<opml/>", headers=kind)
    assert sent.status_code == 204
    (update,) = await call("getUpdates")
    assert update["message"]["document"]["file_name"] == "feeds.opml"
    assert (await page.client.post("/do/file", params=where, headers=kind)).status_code == 409


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"chat": CHANNEL, "text": "hello"}, 409),
        ({"chat": 77, "text": "hello"}, 409),
        ({"chat": OWNER, "text": "  "}, 409),
        ({"chat": OWNER, "text": "x" * 4097}, 409),
        ({"chat": OWNER, "text": "x" * 70_000}, 413),
        ({"chat": "me", "text": "hello"}, 400),
        ({"text": "hello"}, 400),
        ([], 400),
    ],
    ids=["channel", "stranger", "blank", "long", "huge", "no number", "no chat", "no object"],
)
async def test_what_cannot_be_said_is_refused(page: Seen, api: BotApi, wish: Any, status: int) -> None:
    answer = await page.client.post("/do/say", json=wish)
    assert answer.status_code == status
    assert api.updates.pending == 0


async def test_other_origins_can_do_nothing(page: Seen, api: BotApi) -> None:
    wish = json.dumps({"chat": OWNER, "text": "hello"})
    plain = await page.client.post("/do/say", content=wish, headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415, "what a form of another page could send"
    other = await page.client.post("/do/say", content=wish, headers=JSON | {"Host": "attacker.example"})
    assert other.status_code == 400, "a name that somebody else points here"
    assert (await page.client.get("/do/say")).status_code == 405
    assert (await page.do("dance")).status_code == 404
    assert (await page.client.get("/../site.py")).status_code == 404
    assert api.updates.pending == 0


async def test_pictures_are_those_of_this_world(page: Seen, call: Caller) -> None:
    async def picture(of: str) -> httpx.Response:
        return await page.client.get("/picture", params={"of": of})

    answer = await picture(f"{BASE}/news/images/sea.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == landscape("/images/sea.jpg")
    await call.client.post(
        "sendPhoto", data={"chat_id": OWNER, "photo": "attach://it"}, files={"it": b"\x89PNG\r\n\x1a\nrest"}
    )
    assert (await picture("upload:1")).headers["content-type"] == "image/png"
    for other in ("upload:2", "upload:-1", f"{BASE}/news/feed.xml", "http://127.0.0.1:22/news/images/a", ""):
        assert (await picture(other)).status_code == 404


async def test_trouble_is_made_in_its_chat(page: Seen, api: BotApi, call: Caller) -> None:
    for name in ("flood", "down", "again"):
        assert (await page.do("trouble", name=name)).status_code == 204
    assert "retry after" in await call.error("sendMessage", chat_id=CHANNEL, text="now")
    assert (await call("sendMessage", chat_id=OWNER, text="now"))["message_id"]
    faults = (await page.client.get("/state")).json()["pipeline"]["faults"]
    assert faults == {"Telegram asked to wait": 1}
    assert len(page.web["news"].troubles) == 1
    assert page.web["letters"].entries[-1].link.startswith(page.web["news"].entries[-1].link)
    assert (await page.do("trouble", name="war")).status_code == 409


async def test_a_listener_who_does_not_keep_up_is_sent_away(page: Seen) -> None:
    broadcast = Broadcast()
    with broadcast.listen() as slow:
        for number in range(MOST_UNHEARD + 1):
            broadcast.tell("number", number)
        assert not broadcast.heard
        assert len([one async for one in slow]) == MOST_UNHEARD


def test_pictures_of_two_addresses_differ_and_stay() -> None:
    assert landscape("/a.jpg") == landscape("/a.jpg") != landscape("/b.jpg")
    assert landscape("/a.jpg").startswith(b"\xff\xd8\xff")

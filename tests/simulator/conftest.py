"""A Bot API without limits, a private chat, and a way to call it."""

import json
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import trio

from simulation.botapi import BotApi, Chat, Limits
from simulation.feeds import FeedWorld
from simulation.http import InMemoryTransport

TOKEN = "42:TEST"
EPOCH = 1_800_000_000.0


class Caller:
    """Calls methods as a bot does: form fields, nested values as JSON."""

    def __init__(self, api: BotApi, transport: httpx.AsyncBaseTransport) -> None:
        self.api = api
        self.client = httpx.AsyncClient(
            transport=transport, base_url=f"http://telegram/bot{TOKEN}/", timeout=None
        )

    async def raw(self, method: str, **values: Any) -> httpx.Response:
        fields = {
            name: json.dumps(value) if isinstance(value, (dict, list, bool)) else str(value)
            for name, value in values.items()
        }
        return await self.client.post(method, data=fields)

    async def __call__(self, method: str, **values: Any) -> Any:
        answer = await self.raw(method, **values)
        content = answer.json()
        assert content["ok"], content
        return content["result"]

    async def error(self, method: str, **values: Any) -> str:
        answer = await self.raw(method, **values)
        content = answer.json()
        assert not content["ok"], content
        assert content["error_code"] == answer.status_code
        return f"{content['error_code']} {content['description']}"


@pytest.fixture
def now() -> Callable[[], float]:
    return lambda: EPOCH + trio.current_time()


@pytest.fixture
def api(now: Callable[[], float]) -> BotApi:
    api = BotApi(token=TOKEN, now=now, rng=random.Random(7), limits=Limits.off())
    api.people.private(5, username="ann", language_code="ru")
    api.chats.add(Chat(chat_id=-10, kind="group", title="Old friends", members={5: "creator", 6: "member"}))
    api.chats.add(Chat(chat_id=-1001, kind="channel", username="news_channel"))
    api.chats.add(Chat(chat_id=-1002, kind="supergroup", is_forum=True, topics={7: "open", 8: "closed"}))
    return api


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Caller]:
    caller = Caller(api, InMemoryTransport(api.handle))
    async with caller.client:
        yield caller


@pytest.fixture
def web(now: Callable[[], float]) -> FeedWorld:
    return FeedWorld(rng=random.Random(7), now=now)


@pytest.fixture
async def browser(web: FeedWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=InMemoryTransport(web.handle), timeout=None) as client:
        yield client

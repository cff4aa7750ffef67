"""Flood control in virtual time."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import BotApi, Fault, Limits


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def strict(api: BotApi, limits: Limits) -> BotApi:
    api.cloud.flood.limits = limits
    return api


async def send(call: Any, chat_id: int) -> float:
    """Send one message; the seconds that Telegram told us to wait, 0 when it was accepted."""
    answer = await call.raw("sendMessage", chat_id=chat_id, text="x")
    content = answer.json()
    if content["ok"]:
        return 0
    wait = content["parameters"]["retry_after"]
    assert content["description"] == f"Too Many Requests: retry after {wait}"
    assert (answer.status_code, content["error_code"], answer.headers["retry-after"]) == (429, 429, str(wait))
    return float(wait)


async def test_one_a_second_to_one_chat_is_fine(strict: BotApi, call: Any, autojump_clock: MockClock) -> None:
    for _ in range(100):
        assert await send(call, 5) == 0
        await trio.sleep(1)


async def test_burst_to_one_chat(strict: BotApi, call: Any, autojump_clock: MockClock) -> None:
    assert [await send(call, 5) for _ in range(4)] == [0, 0, 0, 3]
    assert await send(call, -10) == 0
    await trio.sleep(3)
    assert await send(call, 5) == 0
    assert strict.flood_violations == []


async def test_twenty_a_minute_to_a_group(strict: BotApi, call: Any, autojump_clock: MockClock) -> None:
    for _ in range(20):
        assert await send(call, -10) == 0
        await trio.sleep(1)
    assert await send(call, -10) == 40
    await trio.sleep(40)
    assert await send(call, -10) == 0
    assert strict.flood_violations == []


async def test_thirty_a_second_over_all(strict: BotApi, call: Any, autojump_clock: MockClock) -> None:
    for user_id in range(100, 130):
        strict.people.private(user_id)
        assert await send(call, user_id) == 0
    assert await send(call, 5) == 1
    assert await send(call, 100) == 1
    [violation] = strict.flood_violations
    assert (violation.method, violation.chat_id) == ("sendMessage", 100)
    await trio.sleep(1)
    assert await send(call, 5) == 0


async def test_edits_count(strict: BotApi, call: Any, autojump_clock: MockClock) -> None:
    sent = await call("sendMessage", chat_id=5, text="x")
    for number in range(2):
        await call("editMessageText", chat_id=5, message_id=sent["message_id"], text=f"{number}")
    text = await call.error("editMessageText", chat_id=5, message_id=sent["message_id"], text="y")
    assert text == "429 Too Many Requests: retry after 3"


async def test_writing_while_told_to_wait_is_recorded(
    strict: BotApi, call: Any, autojump_clock: MockClock
) -> None:
    strict.faults.add(Fault(what="flood", method="sendMessage", retry_after_s=30))
    assert await send(call, 5) == 30
    await trio.sleep(10.5)
    assert await send(call, 5) == 20
    assert await send(call, -10) == 0
    [violation] = strict.flood_violations
    assert violation.until - violation.at == pytest.approx(19.5)
    await trio.sleep(19.5)
    assert await send(call, 5) == 0
    assert len(strict.flood_violations) == 1


async def test_announced_waits_hold_without_limits(api: BotApi, call: Any, autojump_clock: MockClock) -> None:
    assert [await send(call, 5) for _ in range(50)] == [0] * 50
    api.faults.add(Fault(what="flood", scope="all", retry_after_s=4))
    assert [await send(call, 5), await send(call, -10)] == [4, 4]
    assert len(api.flood_violations) == 1


@pytest.mark.parametrize("limits", [Limits(chat_burst=1, least_wait_s=9)])
async def test_limits_are_settings(strict: BotApi, call: Any, limits: Limits) -> None:
    assert [await send(call, 5), await send(call, 5)] == [0, 9]


@pytest.mark.parametrize("limits", [Limits(enforced=False, refuse_bad_links=True)])
async def test_bad_links_may_be_refused(strict: BotApi, call: Any, limits: Limits) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    values = {"chat_id": 5, "text": "x", "entities": [entity]}
    text = await call.error("sendMessage", **values)
    assert text.startswith("400 Bad Request: entity URL 'javascript:alert(1)' is invalid")
    strict.cloud.flood.limits = Limits.off()
    assert "entities" not in await call("sendMessage", **values)

"""Scripted and random faults of the Bot API."""

import random
from collections import Counter
from typing import Any

import httpx
import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import BotApi, Fault, Limits
from simulation.botapi.faults import ALL_TROUBLE, Faults, _cut
from simulation.botapi.parameters import Parameters
from simulation.http import InMemoryTransport


async def send(call: Any, **more: Any) -> httpx.Response:
    answer: httpx.Response = await call.raw("sendMessage", **{"chat_id": 5, "text": "x", **more})
    return answer


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("no_answer", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
        ("refuse", httpx.ConnectError),
        ("half", httpx.RemoteProtocolError),
    ],
)
async def test_lost_answers(api: BotApi, call: Any, what: Any, when: Any, error: type[Exception]) -> None:
    api.faults.add(Fault(what=what, when=when))
    with pytest.raises(error):
        await send(call)
    assert len(api.journal) == (1 if when == "after" else 0)
    assert (await send(call)).status_code == 200


@pytest.mark.parametrize("when", ["before", "after"])
async def test_broken_answers(api: BotApi, call: Any, when: Any) -> None:
    whats: list[Any] = ["restart", "error", "html", "truncated", "binary"]
    api.faults.add(*(Fault(what=what, when=when) for what in whats))
    answers = [await send(call) for _ in whats]
    assert [answer.status_code for answer in answers] == [500, 500, 502, 200, 200]
    assert answers[0].json()["description"] == "Internal Server Error: restart"
    assert answers[1].json()["description"] == "Internal Server Error"
    assert answers[2].headers["content-type"] == "text/html"
    with pytest.raises(ValueError, match="Unterminated string"):
        answers[3].json()
    with pytest.raises(UnicodeDecodeError):
        answers[4].content.decode()
    assert len(api.journal) == (5 if when == "after" else 0)


async def test_any_error_can_be_scripted(api: BotApi, call: Any) -> None:
    text = "Bad Request: wrong type of the web page content"
    api.faults.add(Fault(what="error", method="sendPhoto", status=400, description=text))
    assert await call.error("sendPhoto", chat_id=5, photo="https://a.example/x.jpg") == f"400 {text}"


async def test_faults_choose_their_calls(api: BotApi, call: Any) -> None:
    api.faults.add(
        Fault(what="restart", chat_id=-10),
        Fault(what="restart", predicate=lambda ask: ask.text("text") == "second"),
        Fault(what="restart", method="GetChat", nth=2, count=2),
    )
    assert (await send(call)).status_code == 200
    assert (await send(call, chat_id=-10)).status_code == 500
    assert (await send(call, chat_id=-10)).status_code == 200
    assert (await send(call, text="second")).status_code == 500
    looks = [(await call.raw("getChat", chat_id=5)).status_code for _ in range(5)]
    assert looks == [200, 500, 500, 200, 200]
    assert [method for method, _ in api.faults.struck] == ["sendmessage", "sendmessage", "getchat", "getchat"]


async def test_for_ever_until_cleared(api: BotApi, call: Any) -> None:
    api.faults.add(Fault(what="restart", count=None))
    assert {(await send(call)).status_code for _ in range(20)} == {500}
    assert await call("getUpdates") == []
    api.faults.clear()
    assert (await send(call)).status_code == 200


async def test_polls_meet_faults_meant_for_them(api: BotApi, call: Any) -> None:
    api.user_says(5, 5, "x")
    api.faults.add(Fault(what="no_answer", method="getUpdates", when="after"))
    with pytest.raises(httpx.RemoteProtocolError):
        await call("getUpdates")
    assert len(await call("getUpdates")) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_hang(api: BotApi, call: Any, when: Any, autojump_clock: MockClock) -> None:
    api.faults.add(Fault(what="hang", when=when))
    with trio.move_on_after(1000) as scope:
        await send(call)
    assert scope.cancelled_caught
    assert len(api.journal) == (1 if when == "after" else 0)


@pytest.mark.parametrize(("when", "committed_at"), [("before", 40), ("after", 0)])
async def test_delay(api: BotApi, call: Any, when: Any, committed_at: int, autojump_clock: MockClock) -> None:
    api.faults.add(Fault(what="delay", when=when, delay_s=40))
    begun = api.cloud.now()
    assert (await send(call)).status_code == 200
    assert trio.current_time() == 40
    assert api.journal[0].at - begun == committed_at


async def test_commit_after_the_client_gave_up(api: BotApi, autojump_clock: MockClock) -> None:
    api.faults.add(Fault(what="delay", delay_s=90))
    async with trio.open_nursery() as machine:
        transport = InMemoryTransport(api.handle, nursery=machine)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://t/bot42:TEST/", timeout=60
        ) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post("sendMessage", data={"chat_id": "5", "text": "x"})
        assert api.journal == []
        await trio.sleep(31)
    assert len(api.journal) == 1


async def test_random_faults_strike_at_their_rate(api: BotApi, call: Any) -> None:
    faults = Faults(random.Random(1), rate=0.3)
    struck = [faults.next("sendmessage", Parameters()) for _ in range(2000)]
    kinds = Counter(fault.what for fault in struck if fault is not None)
    assert 500 < kinds.total() < 700
    assert set(kinds) == set(ALL_TROUBLE)
    assert {fault.when for fault in struck if fault is not None and fault.what == "flood"} == {"before"}
    assert faults.next("getme", Parameters()) is None


async def test_one_seed_is_one_trace(api: BotApi) -> None:
    def trace() -> list[tuple[str, str] | None]:
        faults = Faults(random.Random(5), rate=0.5)
        found = [faults.next("sendmessage", Parameters()) for _ in range(50)]
        return [None if fault is None else (fault.what, fault.when) for fault in found]

    assert trace() == trace()


async def test_rate_is_an_argument(api: BotApi) -> None:
    always = BotApi(
        token="42:TEST", now=api.cloud.now, rng=random.Random(3), limits=Limits.off(), fault_rate=1.0
    )
    always.people.private(5)
    always.faults.kinds = ("restart",)
    async with httpx.AsyncClient(transport=InMemoryTransport(always.handle), base_url="http://t") as client:
        answer = await client.get("/bot42:TEST/sendMessage?chat_id=5&text=x")
    assert answer.status_code == 500


def test_only_cuts_are_cuts() -> None:
    with pytest.raises(ValueError, match="flood"):
        _cut("flood")

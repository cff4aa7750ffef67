"""A worker that does not keep to the form: it reads documents of strangers, and is not trusted."""

from collections.abc import Iterable

import pytest
import trio
from trio.testing import memory_stream_one_way_pair

from actors.reader import wire
from actors.reader.exchange import exchange
from core.entries import Enclosure, Entry

_END = wire.encode({"worn_out": False})
_ONE = '["1"],["https://e.org/1"],["T"],["S"],[5],["A"],[["t"]],[null],[[["https://e.org/a","x/y",7]]]'


async def _ask(frames: Iterable[bytes]) -> object:
    requests, asked = memory_stream_one_way_pair()
    said, answers = memory_stream_one_way_pair()
    await said.send_all(b"".join(frames))
    await said.aclose()
    answer = await exchange(requests, answers, b"head", b"body")
    await requests.aclose()
    assert b"".join([chunk async for chunk in asked]) == b"head" + wire.frame(b"body")
    return answer.entries


async def test_answer_may_come_in_pieces() -> None:
    entry = Entry(
        id="1",
        url="https://e.org/1",
        title="T",
        summary="S",
        published_ms=5,
        author="A",
        tags=("t",),
        enclosures=(Enclosure(url="https://e.org/a", media_type="x/y", length_bytes=7),),
    )
    frames = [
        f"[{_ONE}]".encode(),
        wire.encode(wire.pack_entries([])),
        wire.encode(wire.pack_entries([entry])),
    ]
    assert await _ask([*map(wire.frame, frames), wire.frame(_END)]) == [entry, entry]


@pytest.mark.parametrize(
    "frame",
    [
        b"no JSON",
        b"[" * 200_000,
        b"5",
        b"[[]]",
        f"[{_ONE}]".replace('"T"', "5").encode(),
        f"[{_ONE}]".replace('"T"', '"T","T"').encode(),
        f"[{_ONE}]".replace('"A"', "[]").encode(),
        f"[{_ONE}]".replace("[5]", "[true]").encode(),
        f"[{_ONE}]".replace('[["t"]]', "[[5]]").encode(),
        f"[{_ONE}]".replace('[["t"]]', "[5]").encode(),
        f"[{_ONE}]".replace(",7]", "]").encode(),
        f"[{_ONE}]".replace(",7]", ',"7"]').encode(),
    ],
)
async def test_another_form_is_an_error(frame: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        await _ask([wire.frame(frame), wire.frame(_END)])


async def test_answer_without_end_is_a_death() -> None:
    with pytest.raises(EOFError):
        await _ask([wire.frame(b"{}")])
    with pytest.raises(EOFError):
        await _ask([wire.frame(_END)[:-1]])


async def test_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="larger"):
        await _ask([b"\xff\xff\xff\xff"])
    monkeypatch.setattr("actors.reader.exchange._MOST_ANSWER_BYTES", 100)
    with pytest.raises(ValueError, match="more than"):
        await _ask([wire.frame(b"{}")] * 51)


async def test_taking_in_an_answer_leaves_time_to_others() -> None:
    steps = 0

    async def count() -> None:
        nonlocal steps
        while True:
            await trio.lowlevel.checkpoint()
            steps += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(count)
        await _ask([wire.frame(b"{}")] * 50 + [wire.frame(_END)])
        nursery.cancel_scope.cancel()
    assert steps >= 50

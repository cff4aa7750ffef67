"""Which hosts may be asked when."""

import trio
from trio.testing import MockClock

from actors.traffic import Traffic
from core.protocol import DueSource, SourceId, Validators


def source(host: str, number: int = 1, *, hung: bool = False) -> DueSource:
    return DueSource(
        source_id=SourceId(number),
        kind="feed",
        url=f"https://{host}/",
        host=host,
        hung=hung,
        validators=Validators(),
        errors=0,
    )


async def test_a_host_is_left_alone_for_its_gap(autojump_clock: MockClock) -> None:
    traffic = Traffic(concurrency=8, per_host=2, gap_s=1.0)
    assert traffic.next_start_in_s() is None
    traffic.begin(source("a"))
    await trio.sleep(0.5)
    traffic.begin(source("b"))
    assert set(traffic.room().busy_hosts) == {"a", "b"}
    assert traffic.next_start_in_s() == 0.5
    await trio.sleep(0.5)
    assert set(traffic.room().busy_hosts) == {"b"}
    await trio.sleep(0.5)
    assert set(traffic.room().busy_hosts) == set()


async def test_a_host_has_so_many_fetches_at_once(autojump_clock: MockClock) -> None:
    traffic = Traffic(concurrency=8, per_host=2, gap_s=0.0)
    traffic.begin(source("a"))
    assert not traffic.room().busy_hosts
    traffic.begin(source("a", 2))
    assert set(traffic.room().busy_hosts) == {"a"}
    assert traffic.room().sources == 6
    traffic.end(source("a"))
    assert not traffic.room().busy_hosts


async def test_those_that_hung_have_a_quarter_of_the_room(autojump_clock: MockClock) -> None:
    traffic = Traffic(concurrency=8, per_host=2, gap_s=0.0)
    assert traffic.room().hung == 2
    for number, name in enumerate("ab"):
        traffic.begin(source(name, number, hung=True))
    assert (traffic.room().sources, traffic.room().hung) == (6, 0)
    traffic.end(source("a", 0, hung=True))
    assert traffic.room().hung == 1


async def test_room_is_waited_for(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    traffic = Traffic(concurrency=1, per_host=1, gap_s=0.0)
    await traffic.wait_for_room()
    traffic.begin(source("a"))

    async def end_later() -> None:
        await trio.sleep(1.5)
        traffic.end(source("a"))

    nursery.start_soon(end_later)
    start_s = trio.current_time()
    await traffic.wait_for_room()
    assert trio.current_time() - start_s == 1.5


async def test_slow_fetches_make_room_for_others_up_to_a_limit(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    traffic = Traffic(concurrency=2, per_host=1, gap_s=0.0)
    start_s = trio.current_time()
    for number in range(6):
        await traffic.wait_for_room()
        traffic.begin(source(str(number), number))
    assert trio.current_time() - start_s == 4, "two at a time, and two seconds for each"

    async def end_later() -> None:
        await trio.sleep(100)
        traffic.end(source("3", 3))

    nursery.start_soon(end_later)
    await traffic.wait_for_room()
    assert trio.current_time() - start_s == 104, "four are slow, and two are as many as may be"
    assert traffic.room().sources == 1


async def test_further_requests_to_a_host_keep_its_gap_too(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    traffic = Traffic(concurrency=8, per_host=2, gap_s=1.0)
    traffic.begin(source("a"))
    starts: list[float] = []

    async def two() -> None:
        for _ in range(2):
            await traffic.wait_for_turn("a")
            starts.append(trio.current_time())

    async with trio.open_nursery() as both:
        both.start_soon(two)
        both.start_soon(two)
    assert [round(later - starts[0], 6) for later in starts] == [0, 1, 2, 3]
    assert set(traffic.room().busy_hosts) == {"a"}

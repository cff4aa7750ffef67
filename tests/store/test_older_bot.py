"""An older bot's database is taken over: every row counted, nothing twice, nothing lost."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from core.uncertainty import UncertainAfter, UncertainPolicy
from store import doubts, older_bot
from tests.store.older import SCHEMA

if TYPE_CHECKING:
    from tests.store.conftest import Bench

CHAT = -1001000000001
SHOP = "https://shop.example/"


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.executescript(SCHEMA)
        yield db


def insert(old: sqlite3.Connection, table: str, **values: Any) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    old.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


def posted(old: sqlite3.Connection, name: str, **more: Any) -> None:
    values: Mapping[str, Any] = {"url": SHOP + name, "message_id": 7, "channel_id": str(CHAT)} | more
    insert(old, "history", **values)


def adopt(old: sqlite3.Connection, bench: "Bench", chat_id: int | None = CHAT) -> older_bot.Adopted:
    moved: list[int] = []
    done = older_bot.adopt(old, bench.db, chat_id=chat_id, now_ms=bench.now_ms, advance=moved.append)
    assert sum(moved) == older_bot.rows_of(old)
    return done


def states(bench: "Bench", chat_id: int = CHAT) -> dict[str, str]:
    return {url.removeprefix(SHOP): state for url, state in bench.states(chat_id).items()}


def test_keys_are_made_of_addresses(old: sqlite3.Connection, bench: "Bench") -> None:
    """Its own had dropped the host, so that pages of two shops were one."""
    for host in ("one", "two"):
        insert(old, "history", normalized_url="/item/1", url=f"https://{host}.example/item/1?utm_source=x")
    done = adopt(old, bench)
    assert (done.rows, done.links, done.duplicates, done.sent) == (2, 2, 0, 0)
    assert bench.rows("SELECT normalized_url, url FROM history ORDER BY id") == [
        ("https://one.example/item/1", "https://one.example/item/1?utm_source=x"),
        ("https://two.example/item/1", "https://two.example/item/1?utm_source=x"),
    ]


def test_what_was_posted_is_sent_in_its_chat(old: sqlite3.Connection, bench: "Bench") -> None:
    posted(old, "a", title="A\x00 title", date_added="2024-03-01 12:00:00")
    posted(old, "b", channel_id=-5, message_id="8")
    posted(old, "c", deleted=1, message_id=9)
    insert(old, "history", url=SHOP + "known")
    done = adopt(old, bench)
    assert (done.links, done.sent, done.homeless) == (4, 3, 0)
    assert states(bench) == {"a": "sent(adopted)", "c": "sent(adopted)"}
    assert states(bench, -5) == {"b": "sent(adopted)"}
    assert bench.rows("SELECT message_id FROM queue ORDER BY message_id") == [(7,), (8,), (9,)]
    assert bench.rows("SELECT title, first_seen_ms FROM history WHERE url = ?", SHOP + "a") == [
        ("A title", 1_709_294_400_000)
    ]


def test_rows_of_one_link_become_one(old: sqlite3.Connection, bench: "Bench") -> None:
    insert(old, "history", url=SHOP + "a")
    posted(old, "a?utm_source=x", title="Title")
    posted(old, "a", message_id=9)
    posted(old, "a", channel_id="-5")
    done = adopt(old, bench)
    assert (done.rows, done.links, done.duplicates, done.sent) == (4, 1, 3, 2)
    assert bench.rows("SELECT url, title FROM history") == [(SHOP + "a", "Title")]
    assert bench.rows("SELECT chat_id, message_id FROM queue ORDER BY chat_id") == [(CHAT, 7), (-5, 7)]


@pytest.mark.parametrize(("chat_id", "homeless"), [(CHAT, 0), (None, 1)])
def test_a_channel_that_is_named_otherwise(
    chat_id: int | None, homeless: int, old: sqlite3.Connection, bench: "Bench"
) -> None:
    posted(old, "a", channel_id="@shop")
    done = adopt(old, bench, chat_id)
    assert (done.links, done.sent, done.homeless) == (1, 1 - homeless, homeless)


@pytest.mark.parametrize("url", [None, "", "/item/1", "tg://resolve", b"\xff", 7])
def test_rows_without_an_address(url: object, old: sqlite3.Connection, bench: "Bench") -> None:
    posted(old, "a", url=url)
    insert(old, "queue", url=url, status="pending")
    done = adopt(old, bench)
    assert (done.rows, done.links, done.refused, done.waiting, done.queued) == (0, 0, 2, 1, 0)


def test_what_waits_is_queued_once(old: sqlite3.Connection, bench: "Bench") -> None:
    posted(old, "sent")
    for name in ("sent", "a", "a?utm_source=x", "b"):
        insert(old, "queue", url=SHOP + name, status="pending")
    insert(old, "queue", url=SHOP + "c", status=None)
    for status in ("published", "failed", "failed"):
        insert(old, "queue", url=SHOP + "over", status=status)
    assert older_bot.waiting(old) == 5
    done = adopt(old, bench)
    assert (done.waiting, done.queued, done.doubtful) == (5, 3, 0)
    assert done.left == {"published": 1, "failed": 2}
    assert states(bench) == {"sent": "sent(adopted)", "a": "pending", "b": "pending", "c": "pending"}
    assert [url.removeprefix(SHOP) for url in bench.drain()] == ["a", "b", "c"]


def test_times_and_priorities_are_kept(old: sqlite3.Connection, bench: "Bench") -> None:
    """2027-01-15 is the day of the bench."""
    for name, priority, at in (
        ("tomorrow", 9, "2027-01-16 12:00:00"),
        ("low", 1, None),
        ("high", 5, None),
        ("past", 1, "2020-01-01 00:00:00"),
    ):
        insert(old, "queue", url=SHOP + name, status="scheduled", priority=priority, scheduled_time=at)
    adopt(old, bench)
    assert list(states(bench)) == ["high", "low", "past", "tomorrow"]
    rows = bench.rows(
        "SELECT not_before_ms - :now, waits_from_ms - :now FROM queue".replace(":now", str(bench.now_ms))
    )
    assert [row for row in rows if row[0] > 0] == [(1_800_100_800_000 - bench.now_ms, 0)]
    sent = []
    for _ in range(3):
        sent.append(bench.send().content.url.removeprefix(SHOP))
        bench.now_ms += 60_000
    assert sent == ["high", "low", "past"]
    assert bench.claim().deliveries == ()
    bench.now_ms += 2 * 86_400_000
    assert bench.send().content.url == SHOP + "tomorrow"


def test_what_was_under_way_is_asked_about(old: sqlite3.Connection, bench: "Bench") -> None:
    insert(old, "queue", url=SHOP + "a", status="Processing")
    done = adopt(old, bench)
    assert (done.queued, done.doubtful) == (1, 1)
    ask = UncertainPolicy(on_uncertain="ask", after=UncertainAfter(wait_s=86_400, then="drop"))
    assert doubts.settle(bench.db, policy=ask, alert=(1, 0), now_ms=bench.now_ms) == 1
    assert states(bench) == {"a": "held(uncertain)"}


def test_nothing_waits_without_a_chat(old: sqlite3.Connection, bench: "Bench") -> None:
    insert(old, "queue", url=SHOP + "a", status="published")
    assert older_bot.waiting(old) == 0
    assert adopt(old, bench, None).queued == 0

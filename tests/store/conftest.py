"""A real database file, and short words for what the actors do with it."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from core.memory import Memory
from core.pacing import PacingPolicy
from core.protocol import (
    Candidate,
    Delivery,
    Owner,
    Place,
    PollOutcome,
    PollReport,
    PollStatus,
    PostId,
    Receipt,
    SendOutcome,
    Sent,
    SourceId,
    Validators,
)
from core.schedule import PollingPolicy
from store import chats, claims, posts, processes, sources, subscriptions
from store.connection import open_for_writing
from store.migrations import migrate
from store.outbox import claiming
from store.outbox.claiming import Claimed
from store.subscriptions import Subscribed
from tests.migrated import migrated

START_MS = 1_800_000_000_000
LINKS = "https://links.example/"


@dataclass
class Bench:
    """One database, one process that works with it, and a clock that stands still."""

    db: Database
    path: Path
    now_ms: int = START_MS
    me: Owner = field(default_factory=lambda: Owner(boot_id="boot", incarnation=1))
    alert: tuple[int, int] | None = (1, 0)
    polling: PollingPolicy = field(
        default_factory=lambda: PollingPolicy(interval_default_s=600, interval_min_s=60, backoff_max_s=86_400)
    )
    pacing: PacingPolicy = field(
        default_factory=lambda: PacingPolicy(chat_gap_s=1, group_gap_s=3, global_rate=25)
    )

    sent: list[Delivery] = field(default_factory=list)

    def source(self, name: str = "feed") -> SourceId:
        return sources.upsert(self.db, kind="feed", url=f"https://{name}.example/", now_ms=self.now_ms)

    def subscribe(
        self,
        source_id: SourceId,
        chat_id: int = 10,
        topic_id: int = 0,
        *,
        backlog: str = "none",
        interval_s: float | None = None,
    ) -> Subscribed:
        chats.ensure(self.db, chat_id)
        return subscriptions.subscribe(
            self.db,
            source_id=source_id,
            place=Place(chat_id=chat_id, topic_id=topic_id),
            backlog=backlog,
            interval_s=interval_s,
            now_ms=self.now_ms,
        )

    def watch(self, name: str = "feed", chat_id: int = 10, topic_id: int = 0) -> SourceId:
        """Subscribe a place to a source that it has seen, so that whatever is new from now on is wanted."""
        source_id = self.source(name)
        self.subscribe(source_id, chat_id, topic_id)
        self.poll(source_id)
        return source_id

    def claim_sources(self, owner: Owner | None = None, limit: int = 10) -> list[SourceId]:
        return [each.source_id for each in self.claim_due(owner, limit).due]

    def claim_due(
        self,
        owner: Owner | None = None,
        limit: int = 10,
        hung: int = 10,
        busy: Collection[str] = (),
        *,
        set_back: bool = True,
    ) -> claims.Claimed:
        room = claims.Room(sources=limit, hung=hung, busy_hosts=busy)
        return claims.claim_due(
            self.db, owner=owner or self.me, room=room, now_ms=self.now_ms, set_back=set_back
        )

    def poll(
        self,
        source_id: SourceId,
        *names: str,
        status: PollStatus = "ok",
        validators: Validators | None = None,
        retry_after_s: float | None = None,
        error: str | None = None,
        error_args: tuple[str, ...] = (),
        children: Mapping[str, Validators] | None = None,
        partial: bool = False,
        known: int = 0,
        memory: Memory | None = None,
        moved_to: str | None = None,
        complete: bool = True,
    ) -> PollOutcome:
        """Record a poll that showed links of these names, oldest first."""
        candidates = tuple(Candidate(key=LINKS + n, url=LINKS + n, guid=n, title=n.upper()) for n in names)
        report = PollReport(
            source_id=source_id,
            status=status,
            candidates=candidates,
            validators=validators,
            retry_after_s=retry_after_s,
            error=error,
            error_args=error_args,
            children=children or {},
            partial=partial,
            known=known,
            memory=memory,
            moved_to=moved_to,
            complete=complete,
            title="Feed",
        )
        return sources.record_poll(self.db, report, policy=self.polling, jitter=0.5, now_ms=self.now_ms)

    def claim(self, owner: Owner | None = None, limit: int = 10) -> Claimed:
        return claiming.claim_deliveries(
            self.db, owner=owner or self.me, limit=limit, pacing=self.pacing, now_ms=self.now_ms
        )

    def claim_one(self) -> Delivery:
        [delivery] = self.claim().deliveries
        return delivery

    def begin(self, delivery: Delivery, owner: Owner | None = None) -> PostId | None:
        return posts.begin_send(
            self.db, delivery, owner=owner or self.me, fingerprint="print", now_ms=self.now_ms
        )

    def receive(self, delivery: Delivery, post_id: PostId | None, outcome: SendOutcome) -> bool:
        receipt = Receipt(
            queue_id=delivery.queue_id, post_id=post_id, chat_id=delivery.place.chat_id, outcome=outcome
        )
        return posts.record_receipt(self.db, receipt, now_ms=self.now_ms, alert=self.alert)

    def send(self, outcome: SendOutcome | None = None) -> Delivery:
        """Claim the one delivery there is, begin it, and let it end so (by default well)."""
        delivery = self.claim_one()
        post_id = self.begin(delivery)
        assert post_id is not None
        assert self.receive(delivery, post_id, outcome or Sent(message_ids=(delivery.queue_id + 1000,)))
        return delivery

    def drain(self, limit: int = 50) -> list[str]:
        """Send all that may go out, with time passing between; return the names of the links in order."""
        names = []
        for _ in range(limit):
            claimed = self.claim()
            for delivery in claimed.deliveries:
                post_id = self.begin(delivery)
                assert self.receive(delivery, post_id, Sent(message_ids=(1,)))
                names += [each.content.url.removeprefix(LINKS) for each in delivery.together]
            if not claimed.deliveries and claimed.next_ms is None:
                return names
            self.now_ms += 3000
        raise AssertionError("there is no end")

    def send_all(self, limit: int = 50) -> None:
        """Send all that may go out, with time passing between, and keep the posts in `sent`."""
        for _ in range(limit):
            claimed = self.claim()
            for delivery in claimed.deliveries:
                assert self.receive(delivery, self.begin(delivery), Sent(message_ids=(1,)))
                self.sent.append(delivery)
            if not claimed.deliveries and claimed.next_ms is None:
                return
            self.now_ms += 3000
        raise AssertionError("there is no end")

    def states(self, chat_id: int = 10) -> dict[str, str]:
        """Return the links queued for a chat, in order, with their state and its reason."""
        rows = self.rows(
            """SELECT normalized_url, queue.state, reason FROM queue JOIN history ON history.id = history_id
            WHERE chat_id = ? ORDER BY position""",
            chat_id,
        )
        return {
            url.removeprefix(LINKS): state if reason is None else f"{state}({reason})"
            for url, state, reason in rows
        }

    def verdicts(self, subscribed: Subscribed) -> dict[str, str]:
        rows = self.rows(
            """SELECT normalized_url, verdict FROM verdicts JOIN history ON history.id = history_id
            WHERE subscription_id = ? ORDER BY history_id""",
            subscribed.subscription_id,
        )
        return {url.removeprefix(LINKS): verdict for url, verdict in rows}

    def notices(self) -> list[tuple[str, dict[str, Any], str]]:
        rows = self.rows("SELECT code, args, state FROM notices ORDER BY id")
        return [(code, json.loads(args), state) for code, args, state in rows]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(sql, values).fetchall()]

    def one(self, sql: str, *values: Any) -> Any:
        [[value]] = self.rows(sql, *values)
        return value


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def bench(database: Path) -> Iterator[Bench]:
    database.write_bytes(migrated())
    db = open_for_writing(database)
    migrate(db, database, now_ms=START_MS)
    # Each step of a test is its own transaction here, and durable enough for a test without waiting.
    db.execute("PRAGMA synchronous = OFF")
    processes.begin(db, boot_id="boot", pid=1, now_ms=START_MS)
    yield Bench(db, database)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()

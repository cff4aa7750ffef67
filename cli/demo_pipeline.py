"""What the demo's page shows of the running program: read from its counters and its database."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from actors.pulse import LONGEST_TURN_S
from actors.running import in_threads
from core.words import say
from simulation.botapi import BotApi
from simulation.page import ActorSeen, Pipeline, SourceSeen
from store import reads
from store.connection import open_for_reading

if TYPE_CHECKING:
    from sqlite_utils import Database

    from supervisor import Environment

_DOES = {
    "poller": "looks at sources",
    "writer": "commits to the database",
    "fetcher": "reads pages",
    "publisher": "sends posts",
    "telegram": "hears people",
    "speaker": "answers them",
    "finder": "finds out what an address is",
    "janitor": "tidies up",
    "backup": "makes backups",
}
"""In the order of a link's way."""
_RESTS = ("throttled", "retry_after")
"""Why a source that has no error is left alone for longer than it should be."""


class PipelineView:
    """Looks at a program that runs in this process; before its database is there, it sees nothing."""

    def __init__(self, env: "Environment", api: BotApi) -> None:
        self._env = env
        self._api = api
        self._db: Database | None = None
        self._run = in_threads(1)

    def open(self) -> None:
        """Begin to read the database, which exists by now."""
        self._db = open_for_reading(self._env.settings.database_path)

    def close(self) -> None:
        """Let go of the database; nobody may be looking."""
        if self._db is not None:
            self._db.close()

    async def look(self) -> Pipeline:
        """Return how the program is now."""
        db = self._db
        if db is None:
            return Pipeline()
        read = await self._run(lambda: self._read(db))
        return replace(read, actors=self._actors())

    def _read(self, db: "Database") -> Pipeline:
        now = reads.counts(db, now_ms=self._env.now_ms())
        counts = {
            "seen": now.links,
            "duplicates": now.repeats_caught,
            "sent": now.queue.get("sent", 0),
            "repeated": now.duplicates,
        }
        return Pipeline(sources=self._sources(db), queue=now.queue, counts=counts)

    def _actors(self) -> list[ActorSeen]:
        # The writer turns only when somebody asks it: all who turned lately were answered by it.
        ages_s = self._env.pulse.ages()
        ages_s["writer"] = min(ages_s.values(), default=0.0)
        done = self._done()
        return [
            ActorSeen(
                name=name,
                does=does,
                done=done.get(name),
                turned_s=round(ages_s[name], 1),
                late=ages_s[name] > LONGEST_TURN_S,
            )
            for name, does in _DOES.items()
            if name in ages_s
        ]

    def _done(self) -> Mapping[str, int]:
        metrics = self._env.metrics
        return {
            "poller": round(metrics.polls_total.total()),
            "writer": metrics.db_batch_requests.count(),
            "fetcher": round(metrics.pages_total.total()),
            "publisher": round(metrics.sends_total.total()),
            "speaker": sum(message.chat.kind == "private" for message in self._api.journal),
        }

    def _sources(self, db: "Database") -> list[SourceSeen]:
        now_ms = self._env.now_ms()
        return [
            SourceSeen(
                title=one.title,
                url=one.url,
                kind=one.kind,
                chat_id=one.chat_id,
                state="paused" if one.paused else one.state,
                trouble=_trouble(one),
                next_s=round(max(0, one.next_check_ms - now_ms) / 1000, 1),
            )
            for one in reads.watched(db)
        ]


def _trouble(one: reads.Watched) -> str:
    if one.error:
        return say(one.error, *json.loads(one.error_args))
    return say(one.next_check_reason) if one.next_check_reason in _RESTS else ""

"""What the monitor answers, with a real database and a real writer behind it."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

import supervisor
from actors.context import Context
from actors.monitor import actor
from actors.monitor.past import Past
from actors.monitor.readiness import what_is_wrong
from actors.monitor.reading import Reading
from actors.monitor.site import site
from actors.pulse import LONGEST_TURN_S, Pulse
from actors.running import inline
from core.settings import Settings
from store.client import Runner
from supervisor import Environment
from tests.store.conftest import Bench


@dataclass
class Slow:
    """A runner that answers after a while."""

    wait_s: float = 0.0

    async def __call__(self, work: Callable[[], Any], /) -> Any:
        await trio.sleep(self.wait_s)
        return work()


@dataclass
class Watched:
    """A monitor and whoever asks it."""

    ctx: Context
    client: httpx.AsyncClient
    pulse: Pulse

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)


Watch = Callable[..., Any]


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    @asynccontextmanager
    async def start(run_write: Runner = inline) -> AsyncIterator[Watched]:
        env = Environment(
            settings=Settings.model_validate({"database_url": f"sqlite:///{tmp_path}/bot.db"}),
            now_ms=lambda: 1_800_000_000_000,
            clock=trio.current_time,
            rng=random.Random(1),
            run_write=run_write,
            run_read=inline,
            announce=print,
        )
        pulse = Pulse()
        async with supervisor.storage(env) as (store, boot_id):
            ctx = supervisor.context_for(env, store, boot_id)
            app = site(ctx, pulse, Reading(ctx), Past(ctx.metrics))
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as client:
                yield Watched(ctx, client, pulse)

    return start


async def test_metrics_tell_counters_and_the_database(watch: Watch, autojump_clock: trio.abc.Clock) -> None:
    async with watch() as monitor:
        await monitor.ctx.store.write(_fill)
        monitor.ctx.metrics.polls_total.add("ok")
        answer = await monitor.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = answer.text.splitlines()
        assert 'vestnik_polls_total{result="ok"} 1.0' in lines
        assert 'vestnik_sources{state="active"} 1.0' in lines
        assert 'vestnik_queue_links{state="pending"} 2.0' in lines
        assert 'vestnik_queue_links{state="sent"} 1.0' in lines
        assert 'vestnik_queue_links{state="held"} 0.0' in lines
        assert "vestnik_oldest_pending_seconds 5.0" in lines
        assert "vestnik_db_write_seconds_count 3.0" in lines, "two at the start, one here"


async def test_healthy_is_whoever_answers(watch: Watch, autojump_clock: trio.abc.Clock) -> None:
    slow = Slow()
    async with watch(slow) as monitor:
        slow.wait_s = 60
        monitor.pulse.turned("poller")
        await trio.sleep(LONGEST_TURN_S + 1)
        answer = await monitor.get("/healthz")
        assert (answer.status_code, answer.text) == (200, "ok\n")
        slow.wait_s = 0


async def test_ready_while_writes_are_answered(watch: Watch, autojump_clock: trio.abc.Clock) -> None:
    slow = Slow()
    async with watch(slow) as monitor:
        monitor.pulse.turned("poller")
        assert (await monitor.get("/readyz")).text == "ready\n"
        slow.wait_s = 1.9
        assert (await monitor.get("/readyz")).status_code == 200
        slow.wait_s = 2.1
        answer = await monitor.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "writer: no answer to a write within 2 s\n")
        slow.wait_s = 0


async def test_ready_while_every_actor_turns(watch: Watch, autojump_clock: trio.abc.Clock) -> None:
    async with watch() as monitor:
        monitor.pulse.turned("poller")
        monitor.pulse.turned("speaker")
        await trio.sleep(LONGEST_TURN_S - 1)
        monitor.pulse.turned("speaker")
        assert (await monitor.get("/readyz")).status_code == 200
        await trio.sleep(2)
        answer = await monitor.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "poller: has not turned for 81 s\n")
        monitor.pulse.turned("poller")
        assert (await monitor.get("/readyz")).status_code == 200


async def test_a_writer_that_refuses_is_not_ready(watch: Watch, autojump_clock: trio.abc.Clock) -> None:
    async with watch() as monitor:
        with monitor.ctx.store.clone() as closed:
            pass
        ctx = replace(monitor.ctx, store=closed)
        assert await what_is_wrong(ctx, monitor.pulse) == ["writer: the writer has ended"]


async def test_page_shows_numbers_and_nothing_of_anybody_else(
    watch: Watch, autojump_clock: trio.abc.Clock
) -> None:
    async with watch() as monitor:
        await monitor.ctx.store.write(_fill)
        monitor.pulse.turned("poller")
        answer = await monitor.get("/")
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "All actors turn" in answer.text
        assert answer.text.count("<svg") == 3
        assert "example" not in answer.text, "no address, no title"
        assert "//" not in answer.text, "nothing is loaded from elsewhere"
        await trio.sleep(LONGEST_TURN_S + 1)
        assert "poller: has not turned" in (await monitor.get("/")).text


@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz", "/readyz"])
async def test_nothing_can_be_changed_there(watch: Watch, path: str, autojump_clock: trio.abc.Clock) -> None:
    async with watch() as monitor:
        assert (await monitor.client.post(path)).status_code == 405
        assert (await monitor.get("/../bot.db")).status_code == 404


def test_an_address_in_use_is_an_error_of_the_system() -> None:
    with actor.listen("127.0.0.1:0") as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            actor.listen(f"127.0.0.1:{port}")


def _fill(db: Any) -> None:
    bench = Bench(db, Path(), now_ms=1_800_000_000_000 - 5_000)
    source_id = bench.watch("example")
    bench.poll(source_id, "1", "2", "3")
    db.execute("UPDATE queue SET state = 'sent' WHERE id = (SELECT MIN(id) FROM queue)")

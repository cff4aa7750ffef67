"""No secret is found in anything that a run leaves behind, whatever went wrong in it."""

import base64
import contextlib
import io
import random
import sqlite3
from collections.abc import Iterator
from typing import get_args

import httpx
import trio
from trio.testing import MockClock

import supervisor
from actors.monitor.past import Past
from actors.monitor.reading import Reading
from actors.monitor.site import site
from actors.running import inline
from cli.logs import secrets_of, set_up
from simulation.botapi.faults import Fault, What
from simulation.feeds.trouble import Trouble, TroubleKind
from simulation.world import CHANNEL_ID, TOKEN, World
from tests.simulation.running import Life, Start

FAULTS = get_args(What)
TROUBLES = get_args(TroubleKind)
PROXY, HEADER, LOGIN, OWN_PROXY = "pr0xy-canary", "h3ader-canary", "l0gin-canary", "0wn-proxy-canary"
BASIC = base64.b64encode(f"me:{LOGIN}".encode()).decode()
CANARIES = (TOKEN.partition(":")[2], PROXY, HEADER, LOGIN, BASIC, OWN_PROXY)
KEPT = ("sources", "credentials")
"""Where the values that a source is asked with are kept."""
SAID = (
    "/stats", "/duplicates", "/queue", "/version", f"/list {CHANNEL_ID}", f"/info {CHANNEL_ID} 1",
    f"/info {CHANNEL_ID} 2", f"/set {CHANNEL_ID} 2", f"/export {CHANNEL_ID}",
)  # fmt: skip


async def test_no_secret_is_found_anywhere_after_every_fault(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    values = {"proxy_fetch": f"http://me:{PROXY}@proxy.example:3128", "log_level": "DEBUG"}
    with _written(world, values) as output:
        async with start(world, **values) as life:
            await _watch(life)
            await _let_everything_go_wrong(life)
            told = [(await life.says(said)).text for said in SAID]
        pages = await _monitor(life)
    assert {fault.what for _, fault in world.api.faults.struck} == set(FAULTS)
    assert {one.trouble for one in world.web.requests} >= set(TROUBLES)
    assert "updates_failed" in output.getvalue()
    assert "vestnik_sends_total" in pages
    assert all(told)
    stored = world.database.read_bytes().decode("latin-1")
    assert all(one in stored for one in (HEADER, BASIC, OWN_PROXY)), "they are kept, where they belong"
    left = {
        "logs": output.getvalue(),
        "announcements": "\n".join(world.announced),
        "chats": "\n".join(repr(message) for message in world.api.journal),
        "answers to buttons": repr(world.api.callback_answers),
        "documents": _documents(world),
        "monitor": pages,
        **_database(world),
    }
    texts = {where: text.lower() for where, text in left.items()}
    assert [(where, one) for where, text in texts.items() for one in CANARIES if one.lower() in text] == []


@contextlib.contextmanager
def _written(world: World, values: dict[str, str]) -> Iterator[io.StringIO]:
    """Log as the program does, into a text."""
    output = io.StringIO()
    with contextlib.redirect_stderr(output), contextlib.redirect_stdout(output):
        set_up(level="DEBUG", style="console", secrets=secrets_of(world.settings(**values)))
        try:
            yield output
        finally:
            set_up(level="DEBUG", style="console", secrets=())


async def _watch(life: Life) -> None:
    for name in ("news", "letters"):
        life.world.feed(name)
    await life.says(f"/add {CHANNEL_ID} https://news.example/feed.xml as=feed every=30s")
    await life.says(f"/add {CHANNEL_ID} https://me:{LOGIN}@letters.example/feed.xml as=feed every=30s")
    await life.says(f'/set {CHANNEL_ID} 1 header="Authorization: Bearer {HEADER}"')
    await life.says(f"/set {CHANNEL_ID} 2 proxy=http://me:{OWN_PROXY}@proxy.example:8080")
    await trio.sleep(60)


async def _let_everything_go_wrong(life: Life) -> None:
    world = life.world
    for name in ("news", "letters"):
        world.web.trouble(name, *(_trouble(kind) for kind in TROUBLES))
    for method in ("sendmessage", "getupdates"):
        world.api.faults.add(*(_fault(what, method) for what in FAULTS))
    told = f"Bad Request: there is no https://api.telegram.org/bot{TOKEN}/sendMessage"
    world.api.faults.add(_fault("error", "sendmessage", status=400, description=told))
    world.web.publish("news", 6)
    world.web.publish("letters", 6)
    struck, asked = world.api.faults.struck, world.web.requests
    await life.until(lambda: len(struck) > 2 * len(FAULTS), 36_000)
    await life.until(lambda: {one.trouble for one in asked} >= set(TROUBLES), 36_000)


def _fault(what: What, method: str, **more: str | int) -> Fault:
    fault = Fault(what=what, method=method, retry_after_s=3, delay_s=2.0)
    for name, value in more.items():
        setattr(fault, name, value)
    return fault


def _trouble(kind: TroubleKind) -> Trouble:
    status = 302 if kind == "redirect" else 503
    return Trouble(
        kind=kind, status=status, delay_s=1.0, location=f"https://me:{LOGIN}@moved.example/feed.xml"
    )


async def _monitor(life: Life) -> str:
    """Return what the monitor of a run said at its end."""
    env = supervisor.Environment(
        settings=life.world.settings(),
        now_ms=life.world.now_ms,
        clock=trio.current_time,
        rng=random.Random(1),
        run_write=inline,
        run_read=inline,
        announce=print,
        metrics=life.metrics,
    )
    async with supervisor.storage(env) as (store, boot_id):
        ctx = supervisor.context_for(env, store, boot_id)
        transport = httpx.ASGITransport(site(ctx, life.pulse, Reading(ctx), Past(life.metrics)))
        async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as client:
            said = [await client.get(path) for path in ("/", "/metrics", "/healthz", "/readyz")]
    return "\n".join(one.text for one in said)


def _documents(world: World) -> str:
    sent = [message.extra["document"] for message in world.api.journal if "document" in message.extra]
    return "\n".join(world.api.files[one["file_id"]].decode() for one in sent)


def _database(world: World) -> dict[str, str]:
    """Return every column of the database as text, but those that keep what sources are asked with."""
    db = sqlite3.connect(world.database)
    try:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            f"{table}.{column}": "\n".join(
                str(row[0]) for row in db.execute(f'SELECT "{column}" FROM "{table}"')
            )
            for table in tables
            for (_, column, *_) in db.execute(f'PRAGMA table_info("{table}")').fetchall()
            if (table, column) != KEPT
        }
    finally:
        db.close()

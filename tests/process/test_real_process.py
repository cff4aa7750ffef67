"""The real program as a user starts it: restarts of every kind, secrets, light commands."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trio

from simulation.feeds import Feed
from tests.process.conftest import CHANNEL_ID, ROOT, TOKEN, Loopback

PATIENCE_S = 60


def _feed(loopback: Loopback, name: str = "news") -> Feed:
    base = f"http://127.0.0.1:{loopback.web_port}/{name}"
    return loopback.web.add(Feed(name=name, gap_s=None, first=3, base=base))


def _posted(loopback: Loopback) -> list[str]:
    return [m.links[0] for m in loopback.api.messages(CHANNEL_ID) if m.links]


async def _watch(loopback: Loopback) -> Feed:
    """Add a feed on the command line, and let a first poll see what is there."""
    feed = _feed(loopback)
    added = await loopback.command("add", feed.url, "--chat", str(CHANNEL_ID), "--as", "feed")
    assert added.returncode == 0, added.stderr
    first = await loopback.command("once", "--no-publish", "--json")
    counts = json.loads(first.stdout.splitlines()[-1])
    assert (counts["polled"], counts["new"], counts["sent"]) == (1, 3, 0)
    return feed


async def test_ten_restarts_lose_and_repeat_nothing(loopback: Loopback) -> None:
    """SIGTERM and kill -9 by turns, the kills within 40 ms after Telegram accepted a message.

    Nobody owns the bot, so that it cannot look for what is in doubt, which would take a minute each time.
    """
    await _watch(loopback)
    rng = random.Random(5)
    wanted: list[str] = []
    kills = 0
    for life in range(10):
        wanted += loopback.web.publish("news", 3)
        before = len(loopback.api.journal)
        stop_after = rng.randint(1, 3)
        async with loopback.program(OWNER_IDS="") as process:
            with trio.fail_after(PATIENCE_S):
                await loopback.api.wait_for(
                    lambda _, n=before + stop_after: len(loopback.api.journal) >= n,  # type: ignore[misc]
                    timeout_s=PATIENCE_S,
                )
                if life % 2:
                    kills += 1
                    await trio.sleep(rng.uniform(0, 0.04))
                    process.send_signal(signal.SIGKILL)
                    assert await process.wait() == -signal.SIGKILL
                else:
                    process.send_signal(signal.SIGTERM)
                    assert await process.wait() == 0
    async with loopback.program(OWNER_IDS="") as process:
        with trio.fail_after(PATIENCE_S):
            while not _settled(  # noqa: ASYNC110 - another process writes there
                loopback.folder / "bot_database.db", len(wanted)
            ):
                await trio.sleep(0.2)
            await trio.sleep(1)
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    posted = _posted(loopback)
    rows = _outbox(loopback.folder / "bot_database.db")
    held = [url for url, (state, reason) in rows.items() if (state, reason) == ("held", "uncertain")]
    assert len(posted) == len(set(posted)), "repeated"
    assert posted == [link for link in wanted if link in posted], "out of order"
    assert set(wanted) - set(posted) <= set(held), "lost"
    assert {url for url, (state, _) in rows.items() if state == "sent"} <= set(posted)
    assert len(held) <= kills, "only what was in flight at a kill is in doubt"
    _assert_database_is_sound(loopback.folder / "bot_database.db")
    await _assert_token_is_nowhere(loopback)


async def test_once_publishes_and_counts(loopback: Loopback) -> None:
    await _watch(loopback)
    new = loopback.web.publish("news", 2)
    done = await loopback.command(
        "add", loopback.web["news"].url, "--chat", str(CHANNEL_ID), "--now", "--as", "feed"
    )
    assert done.returncode == 0
    done = await loopback.command("once", "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout.splitlines()[-1])
    assert (counts["new"], counts["sent"], counts["failed"]) == (2, 2, 0)
    assert _posted(loopback) == new
    done = await loopback.command("explain", new[0])
    assert b"sent" in done.stdout


async def test_second_process_is_refused_and_checks_run_beside(loopback: Loopback) -> None:
    await _watch(loopback)
    async with loopback.program(measured=True, MONITOR_ADDRESS="127.0.0.1:0") as process:
        with trio.fail_after(PATIENCE_S):
            await loopback.api.until(
                lambda: any(m == "setmycommands" for _, m, _ in loopback.api.calls), PATIENCE_S
            )
            await _assert_monitor_answers(loopback)
        second = await loopback.command("once", "--no-publish")
        assert second.returncode == 3
        assert str(process.pid).encode() in second.stderr
        beside = await loopback.command(
            "add", "https://a.example/f", "--chat", str(CHANNEL_ID), "--as", "feed"
        )
        assert beside.returncode == 0, beside.stderr
        assert b"No. 2" in beside.stdout
        checked = await loopback.command("check")
        assert checked.returncode == 0, checked.stdout
        assert checked.stdout.endswith(b"ALL CHECKS PASSED\n")
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0


async def _assert_monitor_answers(loopback: Loopback) -> None:
    found = None
    while found is None:
        await trio.sleep(0.1)
        found = re.search(r"monitor_serves .*port=(\d+)", (loopback.folder / "output").read_text())
    base = f"http://127.0.0.1:{found[1]}"
    async with httpx.AsyncClient(trust_env=False) as client:
        ready = await client.get(f"{base}/readyz")
        assert (ready.status_code, ready.text) == (200, "ready\n")
        metrics = await client.get(f"{base}/metrics")
        assert "vestnik_event_loop_lag_seconds_count" in metrics.text


async def test_signal_right_after_the_start_is_heard(loopback: Loopback) -> None:
    async with loopback.program() as process:
        with trio.fail_after(PATIENCE_S):
            while not (loopback.folder / "bot_database.db-wal").exists():  # noqa: ASYNC110
                await trio.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    assert not any(method == "getme" for _, method, _ in loopback.api.calls), "it was still starting"


async def test_refused_token_is_exit_code_2_without_showing_it(loopback: Loopback) -> None:
    wrong = "7654321:AAF-this-is-a-wrong-token-indeed"
    async with loopback.program(BOT_TOKEN=wrong) as process:
        with trio.fail_after(PATIENCE_S):
            assert await process.wait() == 2
    output = (loopback.folder / "output").read_bytes()
    assert b"error: Telegram refuses BOT_TOKEN" in output
    assert wrong.encode() not in output
    checked = await loopback.command("check", BOT_TOKEN=wrong)
    assert checked.returncode == 1
    assert b"FAIL token" in checked.stdout


async def test_add_of_what_is_no_feed_says_so(loopback: Loopback) -> None:
    feed = _feed(loopback)
    refused = await loopback.command("add", feed.entries[0].link, "--chat", str(CHANNEL_ID))
    assert refused.returncode == 2
    assert b"not a feed" in refused.stderr
    home = await loopback.command("add", feed.base + "/", "--chat", str(CHANNEL_ID))
    assert home.returncode == 0, "its page names the feed"
    assert f"added: {feed.url}" in home.stdout.decode()
    assert b"Traceback" not in refused.stderr
    missing = await loopback.command("add", feed.base + "/nothing", "--chat", str(CHANNEL_ID))
    assert missing.returncode == 2
    assert b"404" in missing.stderr
    fine = await loopback.command("add", feed.url, "--chat", str(CHANNEL_ID))
    assert fine.returncode == 0


async def test_add_by_name_asks_telegram(loopback: Loopback) -> None:
    loopback.api.chats[CHANNEL_ID].username = "sample_channel"
    feed = _feed(loopback)
    done = await loopback.command("add", feed.url, "--chat", "@sample_channel", "--as", "feed")
    assert done.returncode == 0, done.stderr
    assert str(CHANNEL_ID).encode() in done.stdout
    unknown = await loopback.command("add", feed.url, "--chat", "@nobody_here", "--as", "feed")
    assert unknown.returncode == 2
    assert b"cannot see the chat" in unknown.stderr


async def test_demo_shows_posts(loopback: Loopback) -> None:
    async with loopback.program("demo", "--posts", "4", "--speed", "20", measured=True) as process:
        with trio.fail_after(PATIENCE_S):
            assert await process.wait() == 0
    assert (loopback.folder / "output").read_text().count("The demo channel") >= 4


async def test_world_to_try_against_serves_and_says_how(loopback: Loopback) -> None:
    process = await trio.lowlevel.open_process(
        [sys.executable, "-u", "-m", "simulation", "serve", "--bot-api-port", "0", "--web-port", "0"],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
    )
    said = b""
    assert process.stdout is not None
    with trio.fail_after(PATIENCE_S):
        while b"letters" not in said:
            said += await process.stdout.receive_some()
    process.terminate()
    await process.wait()
    await process.stdout.aclose()
    assert b"BOT_API_URL=http://127.0.0.1:" in said


LIGHT = [
    ("--help",),
    ("normalize", "https://a.example/"),
    ("parse", str(ROOT / "LICENSE")),
    ("once", "--no-publish"),
    ("add", "https://a.example/f", "--chat", "5", "--as", "feed"),
]


@pytest.mark.parametrize("words", LIGHT, ids=lambda words: words[0])
def test_light_commands_do_not_import_aiogram(words: tuple[str, ...], tmp_path: Path) -> None:
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        f"sys.argv = ['run.py', *{list(words)!r}]\n"
        "import run\n"
        "try:\n    run.main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "assert 'aiogram' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_missing_dependencies_print_the_one_command_that_installs_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run; run.main()",
        ],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"-m pip install -r requirements.lock" in done.stderr
    assert b"Traceback" not in done.stderr


def _outbox(database: Path) -> dict[str, tuple[str, str | None]]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    rows = db.execute(
        "SELECT url, queue.state, reason FROM queue JOIN history ON history.id = history_id"
    ).fetchall()
    db.close()
    return {url: (state, reason) for url, state, reason in rows}


def _settled(database: Path, count: int) -> bool:
    rows = _outbox(database)
    return len(rows) == count and all(state in ("sent", "held") for state, _ in rows.values())


def _assert_database_is_sound(database: Path) -> None:
    db = sqlite3.connect(database)
    (schema,) = db.execute("SELECT sql FROM sqlite_master WHERE name='history'").fetchone()
    assert "normalized_url TEXT NOT NULL UNIQUE" in schema
    twice = db.execute(
        "SELECT COUNT(*) FROM (SELECT normalized_url, COUNT(*) AS cnt FROM history "
        "GROUP BY normalized_url HAVING cnt > 1)"
    ).fetchone()
    assert twice == (0,)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


async def _assert_token_is_nowhere(loopback: Loopback) -> None:
    secret = TOKEN.partition(":")[2].encode()
    assert secret not in loopback.said
    for path in loopback.folder.iterdir():
        assert secret not in path.read_bytes(), path.name

"""`adopt`: a chat's exported history becomes what is known to be in it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlite_utils import Database

from core.errors import UserError, leaves
from store.lock import owned

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
CHAT = "-1001234567890"
MEASURED = """
import re, sys
from cli.main import main
main()
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print("peak", int(peak[1]) * 1024)
"""
INTERRUPTED = """
import signal
from cli import adopt_command
from cli.main import main
count, whole = 0, adopt_command._known
def pressing(*given):
    global count
    count += 1
    if count == 2500:
        signal.raise_signal(signal.SIGINT)
    return whole(*given)
adopt_command._known = pressing
main()
"""


def chat(count: int, bare_id: int = 1234567890, **more: object) -> dict[str, Any]:
    messages = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": str(1_700_000_000 + number),
            "text": [
                {"type": "text_link", "text": "Story", "href": f"https://a.example/{number}"},
                " text " * 150,
            ],
        }
        for number in range(1, count + 1)
    ]
    return {"name": "News", "type": "private_channel", "id": bare_id, "messages": messages} | more


def write(folder: Path, export: object) -> str:
    (folder / "result.json").write_text(json.dumps(export, indent=1), encoding="utf-8")
    return str(folder)


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    db = Database(folder / "bot_database.db")
    try:
        return [tuple(row) for row in db.execute(sql)]
    finally:
        db.close()


def counts(folder: Path) -> tuple[Any, ...]:
    return rows(folder, "SELECT COUNT(*), MAX(message_id) FROM queue WHERE state = 'sent'")[0]


@pytest.fixture
def refused(run: Run) -> Callable[..., str]:
    """Run `adopt`, and return what is wrong with what it was given."""

    def invoke(*words: str) -> str:
        with pytest.raises((UserError, ExceptionGroup)) as raised:
            run("adopt", *words, "--chat", CHAT)
        [error] = leaves(raised.value)
        assert isinstance(error, UserError)
        assert error.exit_code == 2
        return str(error)

    return invoke


def test_twice_is_as_once(run: Run, folder: Path) -> None:
    output = run("adopt", write(folder, chat(2_500)), "--chat", CHAT).output
    assert "read      2,500 messages with 2,500 links" in output
    assert "new       2,500" in output
    again = run("adopt", str(folder / "result.json"), "--chat", CHAT).output
    assert "new       0" in again
    assert "settled" not in output + again
    assert counts(folder) == (2500, 2500)
    assert rows(folder, "SELECT type, title, highest_message_id FROM chats") == [("channel", "News", 2500)]


def test_an_export_that_breaks_off_is_adopted_to_there_and_goes_on(
    run: Run, folder: Path, refused: Callable[..., str]
) -> None:
    write(folder, chat(1_500))
    whole = (folder / "result.json").read_text()
    (folder / "half.json").write_text(whole[: len(whole) // 2])
    assert "breaks off" in refused(str(folder / "half.json"))
    assert 700 <= counts(folder)[0] < 800
    run("adopt", str(folder), "--chat", CHAT)
    assert counts(folder) == (1500, 1500)


def run_script(script: str, folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", script, "adopt", path, "--chat", CHAT]
    env = {"PYTHONPATH": str(ROOT)}
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder, env=env)


def test_an_interruption_keeps_what_is_done(run: Run, folder: Path) -> None:
    path = write(folder, chat(4_000))
    done = run_script(INTERRUPTED, folder, path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "interrupted")
    assert "Traceback" not in done.stderr
    assert counts(folder) == (2000, 2000)
    assert "new       2,000" in run("adopt", path, "--chat", CHAT).stdout
    assert counts(folder) == (4000, 4000)


def test_of_an_account_the_chat_is_read(run: Run, folder: Path, refused: Callable[..., str]) -> None:
    account = {"chats": {"list": [chat(3), chat(5, bare_id=99)]}, "contacts": {"list": [{}, {}]}}
    assert "read      3 messages" in run("adopt", write(folder, account), "--chat", CHAT).output
    with pytest.raises(UserError, match="none of its 2 chats"):
        run("adopt", str(folder), "--chat", "-1005")
    assert rows(folder, "SELECT chat_id FROM chats") == [(int(CHAT),)]


def test_another_chats_history_has_no_message_ids_here(run: Run, folder: Path) -> None:
    output = run("adopt", write(folder, chat(3, bare_id=99)), "--chat", CHAT).output
    assert f"its links count as sent to {CHAT}" in output
    assert counts(folder) == (3, None)


def test_what_waits_is_settled_and_said(run: Run, folder: Path) -> None:
    path = write(folder, chat(3))
    run("adopt", path, "--chat", CHAT)
    db = Database(folder / "bot_database.db")
    db.execute("UPDATE queue SET state = 'pending', reason = NULL WHERE id < 3")
    db.conn.commit()
    db.close()
    output = run("adopt", path, "--chat", CHAT).output
    assert "settled   2 that were pending are marked as sent" in output


def test_links_that_do_not_lead_to_the_web_are_counted(run: Run, folder: Path) -> None:
    part = {"type": "text_link", "text": "x", "href": "tg://resolve?domain=a"}
    message = {"id": 1, "type": "message", "text": [part]}
    assert "ignored   1" in run("adopt", write(folder, chat(0, messages=[message])), "--chat", CHAT).output


def test_an_empty_history(run: Run, folder: Path) -> None:
    assert "no message" in run("adopt", write(folder, chat(0)), "--chat", CHAT).output


@pytest.mark.parametrize("text", ["<!DOCTYPE html><html>", "{}", '{"items": []}', "[]", "", "\x00\x01", "{"])
def test_a_file_that_is_no_export(text: str, folder: Path, refused: Callable[..., str]) -> None:
    (folder / "messages.html").write_text(text)
    assert "format Machine-readable JSON" in refused(str(folder / "messages.html"))


def test_a_folder_without_an_export(folder: Path, refused: Callable[..., str]) -> None:
    assert "no result.json in this folder" in refused(str(folder))


def test_a_missing_file_is_exit_code_2(
    exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("adopt", "nothing.json", "--chat", CHAT) == 2
    assert "nothing.json" in capsys.readouterr().err


def test_while_the_bot_runs_is_exit_code_3(folder: Path, exit_code: Callable[..., int]) -> None:
    path = write(folder, chat(1))
    with owned(folder / "bot_database.db"):
        assert exit_code("adopt", path, "--chat", CHAT) == 3


def test_a_channel_by_name_needs_a_token(
    folder: Path, exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("adopt", write(folder, chat(1)), "--chat", "@news") == 2
    assert "BOT_TOKEN" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell its peak")
def test_memory_does_not_grow_with_the_history(folder: Path) -> None:
    peaks = []
    for count in (100, 20_000):
        done = run_script(MEASURED, folder, write(folder, chat(count)))
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stdout.rpartition("peak")[2]))
    assert peaks[1] - peaks[0] < (folder / "result.json").stat().st_size / 2

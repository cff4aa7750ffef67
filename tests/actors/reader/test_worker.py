"""What the worker does with requests, in this process."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actors.reader import wire, worker
from actors.reader.worker import answer
from tests.actors.reader.conftest import HONEST

_HEAD = {"task": "read", "kind": "feed", "rules": "{}", "url": "https://e.org/", "content_type": ""}


def _answer(body: bytes = HONEST, **head: str) -> list[Any]:
    return [json.loads(payload) for payload in answer(_HEAD | head, body)]


def test_entries_come_in_batches_and_the_rest_behind_them() -> None:
    body = b"<rss>" + b"<item><guid>1</guid></item>" * 401 + b"</rss>"
    *batches, end = _answer(body)
    assert [len(batch[0]) for batch in batches] == [200, 200, 1]
    assert end == {
        "document": {"kind": "feed", "title": "", "site_url": None, "complete": True, "hints": None}
    }
    large = (
        b"<rss>"
        + b"<item><guid>1</guid><description>%s</description></item>" % (b"x" * 60_000) * 3
        + b"</rss>"
    )
    assert [len(batch[0]) for batch in _answer(large)[:-1]] == [2, 1]


def test_other_tasks() -> None:
    assert _answer(task="wanted") == [{"wanted": [], "complete": True}]
    assert _answer(task="discover") == [
        {"found": [["feed", "https://e.org/", "", "the address itself", "{}"]]}
    ]


def test_whatever_happens_is_an_answer_but_for_a_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    error: Exception = RuntimeError("a bug")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("actors.reader.worker.parse_as", fail)
    assert _answer() == [{"unreadable": ["crashed", "RuntimeError: a bug"]}]
    error = MemoryError()
    with pytest.raises(MemoryError):
        _answer()


def test_refusals() -> None:
    assert _answer(b"") == [{"unreadable": ["empty", "the document has no content"]}]
    (said,) = _answer(kind="cat")
    assert "no kind of source" in said["refused"]


def test_worker_imports_nothing_of_the_network() -> None:
    program = "import sys, actors.reader.worker; print(*sys.modules)"
    root = Path(__file__).resolve().parents[3]
    # Without the environment in which a measured run would have its children measured too.
    said = subprocess.run([sys.executable, "-c", program], cwd=root, env={}, check=True, capture_output=True)
    modules = set(said.stdout.decode().split())
    assert "core.kinds" in modules
    assert not modules & {"trio", "httpx", "aiogram", "asyncio", "sqlite3", "structlog", "pydantic"}


def test_requests_are_served_until_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actors.reader.limits.grant_cpu", lambda _seconds: None)
    request = wire.frame(wire.encode(_HEAD)) + wire.frame(HONEST)
    answers = io.BytesIO()
    worker.serve(io.BytesIO(request * 2 + request[:-1]), answers, cpu_s=5, worn_out_bytes=1)
    assert answers.getvalue().count(b'{"worn_out":true}') == 2

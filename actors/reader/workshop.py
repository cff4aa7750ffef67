"""The one worker process: started when it is needed, killed at its limits, never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import structlog
import trio

from actors.reader import wire
from actors.reader.exchange import Answer, exchange
from core.entries import Document
from core.errors import UnreadableDocument, UserError

WALL_S = 20.0
"""For one document, the start of the process included; the kernel grants half of that as CPU."""
_ROOT = Path(__file__).resolve().parents[2]
_MAIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from actors.reader.worker import main; main(sys.argv[2:])"
)
_FAREWELL_S = 1.0
_KEPT = ("LD_LIBRARY_PATH",)  # without which some interpreters do not start

log = structlog.get_logger("reader")


@dataclass(slots=True, eq=False)
class _Worker:
    """A running worker; `ended` when it is dead and buried."""

    process: trio.Process
    requests: trio.abc.SendStream
    answers: trio.abc.ReceiveStream
    ended: trio.Event = field(default_factory=trio.Event)


class Workshop:
    """Has documents read by the worker, one at a time. Its nursery owns the process."""

    def __init__(self, nursery: trio.Nursery, *, wall_s: float = WALL_S, options: Sequence[str] = ()) -> None:
        """Make a workshop; nothing is started yet.

        Args:
            nursery: cancelled, it kills the worker and waits for its end.
            wall_s: seconds after which the worker is killed with its document.
            options: for `actors.reader.worker`.
        """
        self._nursery = nursery
        self._wall_s = wall_s
        self._options = options
        self._turn = trio.Lock()
        self._worker: _Worker | None = None

    async def ask(self, task: str, document: Document, *, kind: str = "", rules: str = "") -> Answer:
        """Have one of the worker's tasks done. Cancelled while it is under way, this kills the worker.

        Raises:
            UnreadableDocument: what the worker says; or, where it died of the document, `too_slow`,
                `too_much_memory` or `crashed`.
            UserError: what the worker says.
        """
        head = {
            "task": task,
            "kind": kind,
            "rules": rules,
            "url": document.url,
            "content_type": document.content_type,
        }
        async with self._turn:
            answer = await self._ask(wire.frame(wire.encode(head)), document.body)
        if "unreadable" in answer.said:
            raise UnreadableDocument(*wire.checked(lambda: wire.unpack_texts(answer.said["unreadable"])))
        if "refused" in answer.said:
            raise UserError(*wire.checked(lambda: wire.unpack_texts([answer.said["refused"]])))
        return answer

    async def _ask(self, head: bytes, body: bytes) -> Answer:
        with trio.move_on_after(self._wall_s):
            worker = await self._at_work()
            healthy = False
            try:
                answer = await exchange(worker.requests, worker.answers, head, body)
                healthy = answer.said["worn_out"] is False
            except (trio.BrokenResourceError, trio.ClosedResourceError, EOFError):
                raise await _cause(worker) from None
            except (ValueError, TypeError, KeyError) as error:
                raise UnreadableDocument("crashed", f"the worker says {error!r}"[:200]) from None
            finally:
                if not healthy:
                    worker.process.kill()
                    self._worker = None
            return answer
        raise UnreadableDocument("too_slow", f"it was not read within {self._wall_s:.0f} seconds")

    async def _at_work(self) -> _Worker:
        """Return the worker, a new one where there is none or the last one died while it waited."""
        if self._worker is None or self._worker.ended.is_set():
            try:
                self._worker = await self._nursery.start(self._own)
            except OSError as error:
                raise UnreadableDocument("crashed", f"no process can be started: {error.strerror}") from None
        return self._worker

    async def _own(self, *, task_status: trio.TaskStatus[_Worker]) -> None:
        """Start a worker, and see it to its end."""
        theirs, ours = os.pipe()
        try:
            try:
                process = await _start([*self._options, f"--lifeline={theirs}"], theirs)
            finally:
                os.close(theirs)
            # They are there, for pipes were asked for.
            requests, answers = (
                cast("trio.abc.SendStream", process.stdin),
                cast("trio.abc.ReceiveStream", process.stdout),
            )
            worker = _Worker(process, requests, answers)
            try:
                task_status.started(worker)
                await process.wait()
            finally:
                process.kill()
                with trio.CancelScope(shield=True):
                    await process.wait()
                worker.ended.set()
                await trio.aclose_forcefully(worker.requests)
                await trio.aclose_forcefully(worker.answers)
        finally:
            os.close(ours)


async def _start(options: Sequence[str], lifeline: int) -> trio.Process:
    """Start a worker that has nothing of ours but three pipes: no settings, no sockets, no terminal."""
    return await trio.lowlevel.open_process(
        [sys.executable, "-I", "-X", "utf8", "-c", _MAIN, str(_ROOT), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name in _KEPT},
        cwd=_ROOT,
        pass_fds=(lifeline,),
        start_new_session=True,
    )


async def _cause(worker: _Worker) -> UnreadableDocument:
    """Say what the worker died of."""
    with trio.move_on_after(_FAREWELL_S):
        await worker.ended.wait()
    returncode = worker.process.returncode
    log.warning("worker_died", returncode=returncode)
    if returncode == -signal.SIGXCPU:
        return UnreadableDocument("too_slow", "reading it took too much of the processor's time")
    if returncode == -signal.SIGKILL:  # not by us: the system was out of memory
        return UnreadableDocument("too_much_memory", "the system was out of memory")
    return UnreadableDocument("crashed", f"its reader ended with {returncode}")

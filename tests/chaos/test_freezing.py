"""A process that stands still, as on a machine that is suspended or out of memory."""

import signal
from functools import partial

import trio

from simulation.botapi import Fault
from simulation.botapi.faults import What
from tests.chaos.lives import NAME, assert_kept, follow, posted, settled, stop, until
from tests.process.conftest import CHANNEL_ID, Loopback

ANSWERS: tuple[What, ...] = ("delay", "no_answer")


async def test_a_frozen_process_goes_on_where_it_was(loopback: Loopback) -> None:
    """Frozen with a send under way, whose answer comes meanwhile; then, whose connection ends meanwhile.

    A copy that is started then is refused: whoever stands still still owns the database. More than a lease
    or a long poll is slept through in the simulated world, where that takes no time.
    """
    await follow(loopback)
    wanted: list[str] = []
    async with loopback.program(OWNER_IDS="") as process:
        for answer in ANSWERS:
            fault = Fault(what=answer, method="sendmessage", chat_id=CHANNEL_ID, when="after", delay_s=1.0)
            loopback.api.faults.add(fault)
            before = len(posted(loopback))
            wanted += loopback.web.publish("news", 2)
            await until(lambda n=before: len(posted(loopback)) > n, look_s=0.001)  # type: ignore[misc]
            process.send_signal(signal.SIGSTOP)
            wanted += loopback.web.publish("news", 2)
            if answer == "delay":
                await trio.sleep(1)
            else:
                await _is_refused(loopback)
            process.send_signal(signal.SIGCONT)
            await until(partial(settled, loopback.folder / NAME, wanted))
        await stop(process, signal.SIGTERM)
    assert f"(pid {process.pid})" in (loopback.folder / "output").read_text()
    await assert_kept(loopback, wanted, in_doubt=1)
    assert len(posted(loopback)) == len(wanted), "also the one whose answer was lost"


async def _is_refused(loopback: Loopback) -> None:
    async with loopback.program(OWNER_IDS="") as second:
        assert await second.wait() == 3

"""One seed, one order of tasks: trio shuffles each batch of runnable tasks, and lets that be seeded.

The switches for it are private to trio (`trio._core._run`): its own tests and Hypothesis use them. They are
touched nowhere else, and tests/canaries/test_scheduling.py fails when they change.
"""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager

from trio._core import _run

_SORTED = "_ALLOW_DETERMINISTIC_SCHEDULING"
_CHANCE = "_r"


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let every `trio.run` inside the block take its order of tasks from `seed`.

    The cyclic garbage collector rests meanwhile: when it strikes depends on the history of the process, and
    what it finalizes (abandoned generators above all) gives trio work to do.

    Raises:
        LookupError: this trio keeps its switches elsewhere.
    """
    switches = vars(_run)
    if _SORTED not in switches or not isinstance(switches.get(_CHANCE), random.Random):
        raise LookupError("trio's switches for seeded scheduling have moved")
    chance: random.Random = switches[_CHANCE]
    before, state, collecting = switches[_SORTED], chance.getstate(), gc.isenabled()
    gc.collect()
    gc.disable()
    switches[_SORTED] = True
    chance.seed(seed)
    try:
        yield
    finally:
        switches[_SORTED] = before
        chance.setstate(state)
        if collecting:
            gc.enable()

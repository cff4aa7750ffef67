"""How long the others wait where two feeds in a hundred are on hosts that accept and say nothing."""

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from bench.peers.contenders import Contender
from bench.peers.runs import begin, environment, prepared
from bench.peers.sites import HANGING_PHASE, healthy_entries, healthy_links

PATIENCE_S = 300.0
_LOOKS_EVERY_S = 0.05


def healthy_after_s(contender: Contender, folder: Path, urls: Sequence[str], port: int) -> float:
    """Return the seconds from its start until all that the others show is stored; infinity: not in time.

    It is killed then: how long it goes on waiting is nobody's business here.
    """
    begin(port, HANGING_PHASE)
    place = prepared(contender, folder, urls)
    contender.make_due(place)
    shown = healthy_entries(len(urls), with_json=contender.reads_json)
    if contender.joins:
        shown = healthy_links(len(urls))
    began_s = time.monotonic()
    with subprocess.Popen(
        [*contender.command, *contender.beside_hanging],
        cwd=place,
        env=environment(contender),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            after_s = _until_stored(contender, place, shown, process, began_s)
        finally:
            process.kill()
    shutil.rmtree(folder)
    return after_s


def _until_stored(
    contender: Contender, place: Path, shown: int, process: subprocess.Popen[bytes], began_s: float
) -> float:
    while (waited_s := time.monotonic() - began_s) < PATIENCE_S:
        ended = process.poll() is not None
        if _stored(contender, place) >= shown:
            return waited_s
        if ended:
            raise RuntimeError(f"{contender.name} ended with {process.returncode}, and not all was stored")
        time.sleep(_LOOKS_EVERY_S)
    return float("inf")


def _stored(contender: Contender, place: Path) -> int:
    """Count what it has stored so far, which may be no file yet, or one that it is writing."""
    try:
        return contender.stored(place)
    except (sqlite3.DatabaseError, FileNotFoundError, json.JSONDecodeError):
        return 0

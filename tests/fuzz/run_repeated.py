"""Look for inputs that take more than linear time: `python -m tests.fuzz.run_repeated TARGET SECONDS SEED`.

A fuzzer's inputs are small, and what takes square time is still fast in them. These are a few words of the
format, repeated until they fill 128 KB, behind the beginning of a fixture or alone.
"""

import platform
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.fuzz.properties import TARGETS
from tests.fuzz.run_hypothesis import documents, words
from tests.fuzz.slowest import Timed

_BYTES = 128 * 1024
_LIMIT_S = 60.0  # it goes on behind what is slow, but not for ever
_WORTH_SAYING_S = 0.25
_MOST_WORDS = 4
_OPENINGS = (b"", b"<rss><channel>", b"<rss><channel><item>", b"<urlset>", b"<html><body>", b'{"items": [')


def inputs(name: str, choice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield inputs without end, each with what it is made of."""
    pieces = words()
    bodies = documents(name)
    for word in pieces:
        for opening in _OPENINGS:
            yield _made(opening, [word])
    while True:
        body = choice.choice(bodies)
        opening = choice.choice((*_OPENINGS, body[: choice.randrange(len(body) + 1)]))
        yield _made(opening, choice.choices(pieces, k=choice.randint(1, _MOST_WORDS)))


def _made(opening: bytes, chosen: list[bytes]) -> tuple[str, bytes]:
    unit = b"".join(chosen)
    return f"{opening[-60:]!r} + {unit!r} * {_BYTES // len(unit)}", opening + unit * (_BYTES // len(unit))


def main(name: str, seconds: int, number: int) -> None:
    """Run for so long and print what was slow."""
    print(f"command: python -m tests.fuzz.run_repeated {name} {seconds} {number}")
    print(f"python: {platform.python_version()}")
    print("start:", datetime.now(UTC).isoformat(timespec="seconds"), flush=True)
    timed = Timed(TARGETS[name], _LIMIT_S)
    end_s = time.monotonic() + seconds
    for made, data in inputs(name, random.Random(number)):
        before_s = timed.total_s
        timed(data)
        if timed.total_s - before_s > _WORTH_SAYING_S:
            print(f"{timed.total_s - before_s:.2f} s: {made}", flush=True)
        if time.monotonic() > end_s:
            break
    print("end:", datetime.now(UTC).isoformat(timespec="seconds"))
    timed.report()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

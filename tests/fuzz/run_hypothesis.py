"""Try one target with Hypothesis: `python -m tests.fuzz.run_hypothesis TARGET EXAMPLES SEED`.

Inputs are bytes, words of the formats strung together, and fixtures with pieces cut out, put in or repeated.
"""

import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.properties import TARGETS
from tests.fuzz.slowest import Timed

_TESTS = Path(__file__).parents[1]
_LIMIT_S = 1.0
_LONGEST_BYTES = 4_096


def words() -> list[bytes]:
    """Return the words of the dictionary."""
    lines = (_TESTS / "fuzz" / "tokens.dict").read_text().splitlines()
    return [
        line[1:-1].encode().decode("unicode_escape").encode("latin-1")
        for line in lines
        if line.startswith('"')
    ]


def documents(target: str) -> list[bytes]:
    """Return what inputs of a target start from."""
    own = sorted((_TESTS / "fuzz" / "seeds" / target).glob("*"))
    fixtures = (*_TESTS.glob("kinds/*/*"), *_TESTS.glob("agreement/documents/*/*"))
    files = own or sorted(path for path in fixtures if not path.name.endswith((".expected.json", ".md")))
    return [path.read_bytes() for path in files]


@st.composite
def changed(draw: st.DrawFn, bodies: list[bytes], pieces: list[bytes]) -> bytes:
    """Change a document in up to eight places."""
    body = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 64)))
        piece = draw(st.sampled_from(pieces) | st.binary(max_size=8) | st.just(body[start:end] * 3))
        body = (body[:start] + piece + body[end:])[:_LONGEST_BYTES]
    return body


def main(name: str, examples: int, number: int) -> None:
    """Run and print the figures; a property that does not hold is raised with the smallest input."""
    timed = Timed(TARGETS[name], _LIMIT_S)
    pieces = words()
    edited = changed(documents(name), pieces)
    strung = st.lists(st.sampled_from(pieces) | st.binary(max_size=3), max_size=60).map(b"".join)
    inputs = st.binary(max_size=_LONGEST_BYTES) | strung | edited | edited

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs)
    def holds(data: bytes) -> None:
        timed(data)

    print(f"command: python -m tests.fuzz.run_hypothesis {name} {examples} {number}")
    print(f"python: {platform.python_version()}, hypothesis {version('hypothesis')}")
    print("start:", datetime.now(UTC).isoformat(timespec="seconds"), flush=True)
    holds()
    print("end:", datetime.now(UTC).isoformat(timespec="seconds"))
    timed.report()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

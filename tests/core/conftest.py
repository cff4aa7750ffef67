"""Builders of values, and time enough for Hypothesis on a busy machine."""

from collections.abc import Callable

import hypothesis
import pytest

from core.protocol import Candidate

hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

MakeCandidate = Callable[..., Candidate]


@pytest.fixture
def candidate() -> MakeCandidate:
    """Make a candidate named by a word."""

    def make(name: str, published_ms: int | None = None) -> Candidate:
        url = f"https://site.example/{name}"
        return Candidate(key=url, url=url, title=name, published_ms=published_ms)

    return make

"""What people type after /pause and /resume."""

import pytest

from core.backlog import Dated, choose_missed, parse_backlog
from core.errors import UserError
from core.pausing import PauseRequest, parse_pause, parse_resume
from core.requests import Target

NOW_MS = 1_800_000_000_000


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", PauseRequest()),
        ("3", PauseRequest(which="3")),
        ("all 2h", PauseRequest(which="all", wait_s=7200)),
        ("3 90m backlog=5", PauseRequest(which="3", wait_s=5400, backlog="5")),
        ("@channel/7 ALL", PauseRequest(target=Target(chat="@channel", topic_id=7), which="all")),
        ("https://a.example/f", PauseRequest(which="https://a.example/f")),
    ],
)
def test_pause(text: str, read: PauseRequest) -> None:
    assert parse_pause(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3", PauseRequest(which="3")),
        ("3 2h", PauseRequest(which="3", backlog="2h")),
        ("all backlog=2026-01-31", PauseRequest(which="all", backlog="2026-01-31")),
    ],
)
def test_resume(text: str, read: PauseRequest) -> None:
    assert parse_resume(text) == read


def test_the_names_that_mean_all() -> None:
    assert parse_pause("1d", command="pauseall") == PauseRequest(which="all", wait_s=86_400)
    assert parse_resume("", command="activeall") == PauseRequest(which="all")


@pytest.mark.parametrize("text", ["3 4", "tomorrow", "3 2hours", "3 backlog=some", "3 99999d"])
def test_what_is_no_pause(text: str) -> None:
    with pytest.raises(UserError):
        parse_pause(text)


@pytest.mark.parametrize(
    ("policy", "chosen"),
    [("none", {"d"}), ("1", {"c", "d"}), ("all", {"a", "b", "c", "d"}), ("3h", {"b", "d"})],
)
def test_what_was_published_after_the_end_of_a_pause_was_not_missed(policy: str, chosen: set[str]) -> None:
    hour_ms = 3_600_000
    moments = {"a": NOW_MS - 5 * hour_ms, "b": NOW_MS - 2 * hour_ms, "c": None, "d": NOW_MS}
    entries = [Dated(key=key, published_ms=moment) for key, moment in moments.items()]
    policy_ = parse_backlog(policy)
    assert choose_missed(entries, policy_, resumed_ms=NOW_MS - hour_ms, now_ms=NOW_MS) == chosen

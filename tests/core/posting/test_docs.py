"""The examples of docs/schedule.md are what the program does."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.pacing import Head, Wait
from core.posting.post_request import parse_post
from core.posting.rules import FOLD, PostingRules, parse_rules
from core.posting.turns import Pace, turn

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "schedule.md").read_text(encoding="utf-8")


def table(name: str) -> list[list[str]]:
    marked = PAGE.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    rows = marked.strip().splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize("row", table("rules"), ids=lambda row: row[0])
def test_each_rule_is_typed_as_shown(row: list[str]) -> None:
    typed = row[0]
    assert parse_rules(typed, PostingRules()).lines() == ([] if typed == f"fold {FOLD}" else [typed])


def test_every_rule_is_shown() -> None:
    fields = {"gap_s": "gap"}
    names = {fields.get(name, name) for name in PostingRules.__dataclass_fields__}
    assert {row[0].partition(" ")[0] for row in table("rules")} == names


@pytest.mark.parametrize("row", table("moments"), ids=lambda row: f"{row[1]} {row[2]}")
def test_each_moment_is_as_shown(row: list[str]) -> None:
    zone = ZoneInfo(row[0])
    came_ms, out_ms = (
        round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000) for text in row[2:4]
    )
    head = Head(
        not_before_ms=0,
        waits_from_ms=0,
        last_send_ms=None,
        flood_from_ms=None,
        flood_until_ms=None,
        entered_ms=came_ms,
    )
    pace = Pace(gap_ms=1000, rules=parse_rules(row[1], PostingRules()), zone=zone)
    assert turn(head, pace, now_ms=came_ms) == Wait(until_ms=out_ms, why=row[4])


def test_posts_by_hand_are_read_as_shown() -> None:
    shown = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `/post")]
    requests = [parse_post(line.partition(" ")[2]) for line in shown]
    assert [(each.now, each.at_min, each.again) for each in requests] == [
        (False, None, False),
        (True, None, False),
        (False, 18 * 60 + 30, False),
        (False, None, True),
    ]

"""The examples of docs/filters.md."""

import json
import re
from pathlib import Path

import pytest

from core.filters.facts import LinkFacts
from core.filters.fields import FIELDS
from core.filters.judging import Decision, decide
from core.filters.parsing import ACTIONS, parse_rules
from core.filters.writing import write_rules

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "filters.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| `(\{.*?\})` \| (.+?) \|$", PAGE, re.MULTILINE)


def outcome(decision: Decision) -> str:
    if decision.undecided or decision.stopped_by is not None:
        return "waits" if decision.undecided else "stopped"
    words = ["posted", *(f"#{tag}" for tag in decision.tags)]
    words += [f"topic {decision.topic_id}"] if decision.topic_id else []
    words += [name for name in ("silent", "first") if getattr(decision, name)]
    return " ".join(words)


@pytest.mark.parametrize(("rules", "said", "becomes"), EXAMPLES)
def test_what_becomes_of_links(rules: str, said: str, becomes: str) -> None:
    facts = {"page": {}} | json.loads(said)
    read = facts["page"] is not None
    link = LinkFacts(**{"url": "https://a.example/"} | facts | {"page": facts["page"] or {}, "final": read})
    assert outcome(decide([parse_rules(rules)], link)) == becomes


def test_there_are_examples_of_every_outcome_and_every_name_is_told() -> None:
    assert {each[2].split()[0] for each in EXAMPLES} == {"posted", "stopped", "waits"}
    for name in FIELDS:
        assert f"`{name}`" in PAGE
    for action in ACTIONS:
        assert re.search(rf"^\| `{action}\b", PAGE, re.MULTILINE)


def test_the_rules_shown_first_are_rules() -> None:
    block = re.search(r"```rules\n(.*?)\n```", PAGE, re.DOTALL)
    assert block is not None
    assert {rule.action for rule in parse_rules(block[1])} == set(ACTIONS)
    assert len(write_rules(parse_rules(block[1])).splitlines()) == len(block[1].splitlines())

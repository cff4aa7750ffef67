"""docs/links.md says what the tables of the rules say, and its examples are true."""

import re
from pathlib import Path

import pytest

from core.urls.normalize import RULES_VERSION, normalize
from core.urls.rules import AMP, SESSIONS, TRACKING
from core.urls.sites import SITES
from core.urls.wrappers import ASKED, CARRIED, MOST_WRAPPERS

PAGE = (Path(__file__).parents[3] / "docs" / "links.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Read the rows of all tables below a heading, without theirs."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    tables = re.findall(r"(?:^\|.*\n)+", part, re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()[2:]]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


EXAMPLES = [(names(given)[0], names(key)[0]) for _, given, key in rows("Everywhere")]


@pytest.mark.parametrize(("given", "key"), EXAMPLES)
def test_examples_are_true(given: str, key: str) -> None:
    assert normalize(given) == key


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 15


def test_parameters_are_those_of_the_rules() -> None:
    said = [(whose, names(cell)) for whose, cell in rows("Parameters dropped everywhere")]
    assert said == [(group.whose, group.names.split()) for group in (*TRACKING, *SESSIONS, *AMP)]


def test_sites_are_those_of_the_rules() -> None:
    said = [(names(site) + names(others), names(cell)) for site, others, cell in rows("Sites")]
    assert said == [(site.hosts.split(), site.drops.split()) for site in SITES]


def test_wrappers_are_those_of_the_rules() -> None:
    assert [names("".join(row)) for row in rows("Wrappers")] == [row.split() for row in CARRIED]
    assert names(PAGE.partition("These must be asked where they lead:")[2]) == ASKED.split()
    assert f"at most {MOST_WRAPPERS} deep" in PAGE


def test_version_is_that_of_the_rules() -> None:
    assert f"The rules have a version ({RULES_VERSION})" in PAGE

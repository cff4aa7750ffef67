"""The table's arithmetic and verdicts, and the places of its text in the documentation."""

from pathlib import Path
from typing import Any

import pytest

from bench.chart import chart_of, part_of_limit
from bench.measures import MEASURES, wanted
from bench.peers.runs import PHASES, Findings, Run, beside, cells_of
from bench.peers.sites import all_entries, different_links, document, link
from bench.results import TARGETS, Result, Target, is_noisy, line_of, verdict_of
from bench.table import BEGIN, END, markdown_table, put_between, text_table
from bench.table import cells_of as cells_of_line

_ROOT = Path(__file__).resolve().parents[2]
_AT_MOST = Target(title="less is better", limit=2.0, aim=1.5)
_AT_LEAST = Target(title="more is better", limit=2.0, aim=3.0, at_least=True)


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (_AT_MOST, 1.5, "aim reached"),
        (_AT_MOST, 1.51, "limit reached"),
        (_AT_MOST, 2.0, "limit reached"),
        (_AT_MOST, 2.01, "not reached"),
        (_AT_LEAST, 3.0, "aim reached"),
        (_AT_LEAST, 2.99, "limit reached"),
        (_AT_LEAST, 2.0, "limit reached"),
        (_AT_LEAST, 1.99, "not reached"),
    ],
)
def test_a_value_equal_to_a_target_keeps_it(target: Target, value: float, verdict: str) -> None:
    assert verdict_of(value, target) == verdict


def near(value: float | tuple[float, ...]) -> Any:
    return pytest.approx(value)


def test_ratios_are_taken_within_rounds() -> None:
    line = line_of(Result(name="P5", ours=[1e-6, 4e-6, 9e-6], reference=[1e-6, 2e-6, 3e-6]), load=1.5)

    assert (line.low, line.middle, line.high) == near((1.0, 2.0, 3.0))
    assert (line.ours, line.reference, line.unit) == (near(4.0), near(2.0), "us")
    assert (line.rounds, line.verdict, line.load) == (3, "limit reached", 1.5)


def test_what_should_be_more_is_how_often_ours_goes_into_the_reference() -> None:
    line = line_of(Result(name="P3", ours=[1.0, 1.0], reference=[3.0, 4.0]))

    assert (line.middle, line.verdict) == (near(3.5), "aim reached")


def test_a_target_in_a_unit_needs_no_reference() -> None:
    line = line_of(Result(name="P12", ours=[0.050, 0.070, 0.120], unit="ms"))

    assert (line.middle, line.reference, line.verdict) == (near(70), None, "limit reached")
    assert cells_of_line(line)[2:6] == ("70.0 ms", "", "70.0 (50.0 to 120)", "<= 100 (50) ms")


def test_rounds_without_a_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        line_of(Result(name="P5", ours=[1.0, 2.0], reference=[1.0]))


@pytest.mark.parametrize(
    ("values", "noisy"),
    [
        ([1.0, 1.0, 1.0, 9.0], True),
        ([1.0, 1.0, 1.0, 1.0, 9.0], False),  # one outlier says nothing of the middle half
        ([0.9, 0.95, 1.0, 1.05, 1.1], False),
        ([0.6, 0.8, 1.0, 1.2, 1.4], True),
        ([1.0], True),  # one round has no spread to tell of
    ],
)
def test_noise_is_the_width_of_the_middle_half(values: list[float], noisy: bool) -> None:
    assert is_noisy(values) is noisy


def test_every_line_is_measured_by_exactly_one_function() -> None:
    assert [name for measure in MEASURES for name in measure.names if name not in TARGETS] == []
    assert sorted(name for measure in MEASURES for name in measure.names) == sorted(TARGETS)
    assert all(measure.rounds >= 7 for measure in MEASURES)


def test_only_what_is_wanted_runs() -> None:
    assert [measure.names for measure in wanted(["P2", "P7"])] == [("P1", "P2"), ("P7",)]
    assert wanted([]) == list(MEASURES)
    with pytest.raises(ValueError, match="no such line: P0, P99; they are P1 to P14"):
        wanted(["P99", "P0", "P1"])


def test_tables_show_lines_and_notes() -> None:
    lines = [
        line_of(Result(name="P5", ours=[1e-4], reference=[1e-4])),
        line_of(Result(name="P9", ours=[8.4e-5] * 3, reference=[1e-3] * 3, note="of an article")),
    ]
    markdown = markdown_table(lines)

    assert (
        "| P5 | read a feed of 62 KB / lxml's tree of it | 100 us | 100 us | 1.00 (1.00 to 1.00) |"
        in markdown
    )
    assert "| 0.084 (0.084 to 0.084) | <= 0.1 (0.05) | limit reached | 0.0 |" in markdown
    assert markdown.endswith("\n\n- P9: of an article")
    assert [text.split()[0] for text in text_table(lines).splitlines()[1:]] == ["P5", "P9"]


def test_text_is_put_between_its_markers_again_and_again() -> None:
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = put_between(document, "new")

    assert once == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert put_between(once, "new") == once
    for broken in ("", BEGIN, END, f"{END}{BEGIN}"):
        with pytest.raises(ValueError, match="results: begin"):
            put_between(broken, "new")


@pytest.mark.parametrize("name", ["results", "peers"])
def test_the_documentation_has_the_markers_once(name: str) -> None:
    text = (_ROOT / "docs" / "performance.md").read_text(encoding="utf-8")

    assert text.count(f"<!-- {name}: begin -->") == text.count(f"<!-- {name}: end -->") == 1
    put_between(text, "", f"<!-- {name}: begin -->", f"<!-- {name}: end -->")


def test_a_bar_ends_at_its_part_of_the_limit() -> None:
    slow = line_of(Result(name="P5", ours=[4.0, 4.0], reference=[1.0, 1.0]))
    fast = line_of(Result(name="P3", ours=[1.0, 1.0], reference=[4.6, 4.6]))

    assert (part_of_limit(slow.middle, slow), part_of_limit(fast.middle, fast)) == (2.0, near(0.5))
    assert 'class="missed"' in chart_of([slow])
    assert 'class="bar"' in chart_of([fast])


def test_links_of_two_feeds_are_one_link_and_two_entries() -> None:
    shown = {link(n, entry, 100).partition("?")[0] for n in range(100) for entry in range(30)}

    assert len(shown) == different_links(100, 0) == 3000 - 90  # one of 91 is left out by its own feed
    assert all_entries(100, 1) == 3000
    assert all_entries(100, 2) == 3000 + 5 * 3
    assert document(12, 33, 100).count(b"<entry>") == document(1, 30, 100).count(b"<item>") == 30


def test_the_start_of_a_program_is_taken_off_its_phases() -> None:
    findings = Findings(name="it", keeps="links", starts_s=[0.5], stored=all_entries(100, 2))
    for number in range(len(PHASES)):
        findings.phases[number].append(Run(cpu_s=1.75 * number, wall_s=2.0, peak_bytes=10_000_000))
    cells = cells_of(findings, 100)

    assert cells[1:7] == ("0.50", "0.00 (2.0)", "1.25 (2.0)", "3.00 (2.0)", "not measured", "10")
    assert cells[9] == str(all_entries(100, 2) - different_links(100, 2))


def test_who_reads_no_json_misses_nothing_of_the_others() -> None:
    readable = all_entries(100, 2, with_json=False)
    assert readable < all_entries(100, 2)
    findings = _found(cpu_s=1.0, hanging_s=1.0)
    findings.reads_json, findings.stored = False, readable
    cells = cells_of(findings, 100)

    assert cells[8:11] == (
        f"{readable:,}",
        str(readable - different_links(100, 2, with_json=False)),
        "links; no JSON Feed",
    )
    findings.stored = 1
    assert cells_of(findings, 100)[8].endswith("missing)")


def test_a_program_beside_its_floor() -> None:
    ours, floor = (_found(cpu_s=cpu_s, hanging_s=hanging_s) for cpu_s, hanging_s in ((3.5, 6.0), (1.5, 4.0)))

    told = beside(ours, floor)
    assert "cold 3.0, unchanged 3.0, 5 % changed 3.0;" in told
    assert told.endswith("where 2 % hang: 1.5.")


def _found(*, cpu_s: float, hanging_s: float) -> Findings:
    found = Findings(name="it", keeps="links", starts_s=[0.5], hanging_s=[hanging_s])
    for runs in found.phases:
        runs.append(Run(cpu_s=cpu_s, wall_s=2.0, peak_bytes=10_000_000))
    return found

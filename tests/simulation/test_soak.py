"""Weeks of many sites: drawn from a seed, looked at once a day, and what grows is named."""

import re
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from simulation.sampling import HEAD, Sample, growing
from simulation.soak import drawn_soak, soak_command
from tests.simulation.running import start_program


def test_a_soak_is_values_drawn_from_its_seed() -> None:
    soak = drawn_soak(1, days=2, sources=30, chats=5)
    assert soak == drawn_soak(1, days=2, sources=30, chats=5)
    assert soak != drawn_soak(2, days=2, sources=30, chats=5)
    assert {one.site for one in soak.followings} == {site.name for site in soak.sites}
    assert 0 < soak.steps[0].at_s <= soak.steps[-1].at_s < soak.length_s


def test_what_grows_is_named() -> None:
    flat = Sample(
        day=1, requests=1, messages=1, crashes=0, memory_kib=1, objects=1, tasks=9, files=7, sockets=2,
        database_kib=1, log_kib=1, cpu_s=1.0,
    )  # fmt: skip
    assert growing([flat] * 9) == []
    assert growing([flat] * 6 + [replace(flat, files=8)] * 3) == ["files grow from at most 7 to at least 8"]
    assert growing([flat] * 8 + [replace(flat, files=8)]) == []


def test_a_day_of_one_site_is_looked_at_and_kept_in_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "soak.txt"
    asked = ["--days", "1", "--sources", "1", "--chats", "1", "--seed", "21", "--output", str(kept)]
    told = CliRunner().invoke(soak_command(start_program), asked)
    assert told.exit_code == 0, told.output
    assert kept.read_text(encoding="utf-8") == told.output
    _, start, head, day, *_, end, summary, verdict = told.output.splitlines()
    assert (start[:7], head, end[:5]) == ("start: ", HEAD, "end: ")
    seen = dict(zip(re.split(r"  +", head.strip()), map(float, day.split()), strict=True))
    assert seen["day"] == 1
    assert min(seen["requests"], seen["memory MiB"], seen["tasks"], seen["files"], seen["database KiB"]) > 0
    assert " wrong=0" in summary
    assert verdict == "all is well, and nothing grows"

"""Weeks of many sites: drawn from a seed, looked at once a day, and what grows is named."""

from dataclasses import replace

from simulation.sampling import Sample, growing
from simulation.soak import drawn_soak


def test_a_soak_is_values_drawn_from_its_seed() -> None:
    soak = drawn_soak(1, days=2, sources=30, chats=5)
    assert soak == drawn_soak(1, days=2, sources=30, chats=5)
    assert soak != drawn_soak(2, days=2, sources=30, chats=5)
    assert {one.site for one in soak.followings} == {site.name for site in soak.sites}
    assert 0 < soak.steps[0].at_s <= soak.steps[-1].at_s < soak.length_s


def test_what_grows_is_named() -> None:
    flat = Sample(
        day=1, requests=1, messages=1, crashes=0, memory_kib=1, tasks=9, files=7, sockets=2,
        database_kib=1, log_kib=1, cpu_s=1.0,
    )  # fmt: skip
    assert growing([flat] * 9) == []
    assert growing([flat] * 6 + [replace(flat, files=8)] * 3) == ["files grow from at most 7 to at least 8"]
    assert growing([flat] * 8 + [replace(flat, files=8)]) == []

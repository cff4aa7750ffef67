"""The benches of the curve and of latency: their arithmetic, and a tiny run of the real program."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import trio

from bench.curve import Plot, curves_of
from bench.latency import Watch
from bench.scale import simulated
from bench.scale.figures import Figures, Lateness, Moment, bytes_a_source, figures_of
from bench.scale.rates import SHORTEST_S, drawn_together, mixed, rate_of
from bench.scale.report import drawn, markdown, text
from bench.scale.running import Plan, measure
from bench.scale.sites import Sites, document, host_of_site, sites_at, tag_of
from simulation.http import Request


def test_a_mix_is_drawn_together_to_the_rate_that_is_wanted() -> None:
    intervals = mixed(1_000, random.Random(1))
    fast = drawn_together(intervals, 20)

    assert Counter(each_s >= 14_400 for each_s in intervals)[True] == 600
    assert rate_of(fast) == pytest.approx(20)
    assert max(range(1_000), key=fast.__getitem__) == max(range(1_000), key=intervals.__getitem__)


def test_no_source_is_asked_more_than_once_a_second() -> None:
    assert drawn_together(mixed(100, random.Random(1)), 10_000) == [SHORTEST_S] * 100


def test_every_site_is_a_host_of_its_own() -> None:
    hosts = {host_of_site(number) for number in range(100_000)}

    assert len(hosts) == 100_000
    assert all(0 <= int(part) <= 255 for host in hosts for part in host.split("."))


async def test_a_site_says_not_modified_until_it_has_grown() -> None:
    site = Sites(random.Random(1))
    known = Request(method="GET", target="/7/feed.xml", headers=(("if-none-match", tag_of(30)),))
    replies = [await site.handle(known) for _ in range(200)]

    assert replies[0].status == 304
    newest = max(int(dict(reply.headers)["etag"].strip('"')) for reply in replies)
    assert newest > 30
    assert replies[-1].body.startswith(document("7", newest)[:90])


def moment(at_s: float, cpu_s: float, polls: float, resident_bytes: float = 1e8) -> Moment:
    lag = "vestnik_event_loop_lag_seconds"
    numbers = {
        "process_cpu_seconds_total": cpu_s,
        "vestnik_polls_total{result=ok}": polls / 4,
        "vestnik_polls_total{result=not_modified}": polls * 3 / 4,
        "vestnik_polls_total{result=failed}": 0.0,
        f"{lag}_bucket{{le=0.001}}": polls,
        f"{lag}_bucket{{le=+Inf}}": polls,
        f"{lag}_count": polls,
        f"{lag}_sum": polls * 0.0005,
    }
    return Moment(at_s=at_s, numbers=numbers, resident_bytes=resident_bytes)


def point(sources: int, moments: list[Moment]) -> Figures:
    return figures_of(
        sources=sources, rate=100.0, ready_s=2.0, start_cpu_s=1.5, moments=moments, stats_s=[0.01, 0.02, 0.5],
        late=[Lateness(oldest_s=0.5, waiting=3)], posts=7, database_bytes=1_000_000, stop_s=0.5, exit_code=0,
    )  # fmt: skip


def test_what_an_idle_program_takes_is_no_part_of_a_poll() -> None:
    found = point(100, [moment(0, 1, 0), moment(10, 2, 0), moment(20, 4, 100), moment(30, 7, 1_100)])

    assert (found.polls, found.polls_a_second, found.idle_cpu) == (1_000, 100, 0.1)
    assert found.poll_cpu_s == pytest.approx((3 - 10 * 0.1) / 1_000)
    assert (found.lag_p99_s, found.stats_median_s, found.stats_most_s) == (0.001, 0.02, 0.5)


def test_points_are_told_together() -> None:
    few = point(100, [moment(0, 0, 0), moment(10, 1, 1_000)])
    many = replace(few, sources=1_100, poll_cpu_s=few.poll_cpu_s * 1.1, resident_bytes=1.5e8)

    assert bytes_a_source(few, many) == 50_000
    for told in (text([few, many]), markdown([few, many])):
        assert "CPU of a poll among 1,100 sources / among 100: 1.10" in told
        assert "one source more: 50,000 bytes" in told
    assert drawn([few, many]).count("<polyline") == 4


def test_a_plot_has_a_point_for_each_size_and_its_limit() -> None:
    svg = curves_of([100, 1_000], [Plot(title="a < b", values=[1.0, 2.0], unit="s", limit=10)], title="t")

    assert svg.count("<circle") == 2
    assert 'class="limit"' in svg
    assert "a &lt; b" in svg


def test_a_point_of_the_curve(tmp_path: Path) -> None:
    plan = Plan(rate=10, settles_s=0, idles_s=0, warms_s=0, lasts_s=2)
    with sites_at() as port:
        found = trio.run(measure, tmp_path, 30, plan, port)

    assert found.polls > 1
    assert (found.failed_polls, found.exit_code) == (0, 0)
    assert found.stats_asked > 0


async def test_the_watch_runs_from_the_answer_to_the_message() -> None:
    watch = Watch(random.Random(1), counts=True)
    known = (("host", "127.200.0.1:80"), ("if-none-match", tag_of(30)))
    for _ in range(10):
        await watch.handle(Request(method="GET", target="/1/feed.xml", headers=known))

    assert all(link.startswith("http://127.201.0.1:80/1/3") for link in watch.shown_s)
    assert watch.shown_s


def test_polls_are_simulated_in_turns() -> None:
    told: list[simulated.Turn | None] = []
    simulated.simulate(10, 30, 2, told.append)

    assert told[0] is None
    assert [turn.polls for turn in told if turn is not None] == [30, 30]
    assert all(turn.cpu_s > 0 and turn.virtual_s > 0 for turn in told if turn is not None)


def test_few_and_many_take_turns_of_which_the_first_does_not_count() -> None:
    found = simulated.take_turns(10, 20, polls=30, rounds=2)

    assert {name: len(turns) for name, turns in found.items()} == {
        "a poll among 10 sources": 2,
        "a poll among 20 sources": 2,
    }

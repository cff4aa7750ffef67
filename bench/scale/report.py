"""The curve as a table and as a picture. Pure."""

from collections.abc import Callable, Sequence

from bench.curve import Plot, curves_of
from bench.scale.figures import Figures, bytes_a_source

Column = tuple[str, Callable[[Figures], str]]

COLUMNS: tuple[Column, ...] = (
    ("sources", lambda f: f"{f.sources:,}"),
    ("polls a second, due / done", lambda f: f"{f.due_a_second:.0f} / {f.polls_a_second:.0f}"),
    ("CPU of a poll", lambda f: f"{f.poll_cpu_s * 1e6:,.0f} us"),
    ("idle, CPU of a second", lambda f: f"{f.idle_cpu * 1000:.1f} ms"),
    ("ready after (CPU)", lambda f: f"{f.ready_s:.1f} s ({f.start_cpu_s:.1f} s)"),
    ("resident", lambda f: f"{f.resident_bytes / 1e6:.0f} MB"),
    ("loop, p99", lambda f: f"<= {f.lag_p99_s * 1000:g} ms"),
    ("latest source, median (most)", lambda f: f"{f.late_median_s:.2f} s ({f.late_most_s:.1f} s)"),
    ("/stats, median (most)", lambda f: f"{f.stats_median_s * 1000:.0f} ms ({f.stats_most_s * 1000:.0f} ms)"),
    ("database", lambda f: f"{f.database_bytes / 1e6:.0f} MB"),
    ("posts", lambda f: f"{f.posts:,}"),
)


def text(found: Sequence[Figures]) -> str:
    """Write points for a terminal, each figure on a line of its own."""
    lines = []
    for name, shown in COLUMNS:
        lines.append(f"  {name:32}" + "".join(f"{shown(each):>22}" for each in found))
    return "\n".join([*lines, *(f"  {each}" for each in summary(found))])


def markdown(found: Sequence[Figures]) -> str:
    """Write points as a table, and below it what they say together."""
    head = [f"| {' | '.join(name for name, _ in COLUMNS)} |", f"| {' | '.join('---' for _ in COLUMNS)} |"]
    rows = [f"| {' | '.join(shown(each) for _, shown in COLUMNS)} |" for each in found]
    return "\n".join([*head, *rows, "", *(f"- {each}" for each in summary(found))])


def summary(found: Sequence[Figures]) -> list[str]:
    """Say what the last point costs beside the first one."""
    few, many = found[0], found[-1]
    if few is many:
        return []
    ratio = many.poll_cpu_s / few.poll_cpu_s
    more = many.sources - few.sources
    stored = (many.database_bytes - few.database_bytes) / more
    return [
        f"CPU of a poll among {many.sources:,} sources / among {few.sources:,}: {ratio:.2f}",
        f"resident memory for one source more: {bytes_a_source(few, many):,.0f} bytes",
        f"database for one source more: {stored:,.0f} bytes, with the links that it has shown",
    ]


def drawn(found: Sequence[Figures]) -> str:
    """Draw what should stay flat, as SVG."""
    plots = [
        Plot(title="CPU of a poll", unit="us", values=[each.poll_cpu_s * 1e6 for each in found]),
        Plot(title="resident memory", unit="MB", values=[each.resident_bytes / 1e6 for each in found]),
        Plot(title="ready after", unit="s", values=[each.ready_s for each in found], limit=10),
        Plot(
            title="/stats, median",
            unit="ms",
            values=[each.stats_median_s * 1000 for each in found],
            limit=500,
        ),
    ]
    return curves_of([each.sources for each in found], plots, title="What grows with the number of sources")

"""The status page: numbers only, no link and no title, for whoever may look at it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from actors.monitor.past import Past, bars
from core import VERSION
from core.durations import format_duration
from core.metrics import Histogram, Metrics
from core.words import say
from store.reads_monitor import Monitored

Rows = list[tuple[str, str]]


class StatusPage:
    """Renders the page from what is known now."""

    def __init__(self, metrics: Metrics, past: Past) -> None:
        self._metrics = metrics
        self._past = past
        folder = Path(__file__).parent
        self._template = Environment(loader=FileSystemLoader(folder), autoescape=True).get_template(
            "page.html"
        )

    def render(
        self,
        now: Monitored,
        settled: Mapping[str, int],
        *,
        wrong: list[str],
        ages_s: Mapping[str, float],
        now_ms: int,
    ) -> str:
        """Return the page as HTML."""
        series = [
            ("Posts per 15 minutes", self._past.sent()),
            ("Polls per 15 minutes", self._past.polls()),
            ("Posts that wait", self._past.waiting()),
        ]
        return self._template.render(
            version=VERSION,
            wrong=wrong,
            plots=[(title, f"{max(values, default=0):g}", bars(values)) for title, values in series],
            tables=[
                ("Outbox", _outbox(now, settled, now_ms)),
                ("Sources", _sources(now)),
                ("This run", _this_run(self._metrics)),
                ("Actors", [(name, f"turned {age_s:.0f} s ago") for name, age_s in sorted(ages_s.items())]),
            ],
            at=datetime.fromtimestamp(now_ms // 1000, tz=UTC).replace(tzinfo=None),
        )


def _outbox(now: Monitored, settled: Mapping[str, int], now_ms: int) -> Rows:
    rows = _counted({**now.waiting, **settled})
    if now.oldest_pending_ms is not None:
        rows.append(("oldest pending", format_duration((now_ms - now.oldest_pending_ms) / 1000)))
    return rows


def _sources(now: Monitored) -> Rows:
    return _counted(now.sources) + [(f"failing: {say(code)}", f"{n:,}") for code, n in now.failing.items()]


def _this_run(metrics: Metrics) -> Rows:
    rows = [(f"polls, {name}", f"{n:,.0f}") for name, n in metrics.polls_total.values.items()]
    rows += [(f"links, {name}", f"{n:,.0f}") for name, n in metrics.links_total.values.items()]
    rows += [(f"sends, {name}", f"{n:,.0f}") for name, n in metrics.sends_total.values.items()]
    rows.append(("flood waits", format_duration(metrics.flood_wait_seconds_total.total())))
    rows.append(("a write takes", _mean(metrics.db_write_seconds)))
    rows.append(("a round of the event loop takes", _mean(metrics.event_loop_lag_seconds)))
    restarts = metrics.actor_restarts_total.values
    return rows + [(f"restarts, {actor}", f"{n:,.0f}") for actor, n in restarts.items()]


def _counted(numbers: Mapping[str, int]) -> Rows:
    return [(name, f"{number:,}") for name, number in numbers.items()]


def _mean(histogram: Histogram) -> str:
    count = histogram.count()
    return f"{1000 * histogram.sum / count:.1f} ms on average" if count else "nothing yet"

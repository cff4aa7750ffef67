"""Prometheus's own tool reads the rules, the dashboard's queries and what the program writes."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from actors.monitor.exposition import Exposition
from actors.monitor.reading import gauges
from core.metrics import HISTOGRAMS, Metrics
from store.reads_monitor import Monitored, Settled

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = DEPLOY / "prometheus"
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed; it comes with Prometheus"
)


def _promtool(*words: str | Path, said: bytes = b"") -> None:
    done = subprocess.run(["promtool", *words], input=said, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@needs_promtool
def test_configuration_and_rules_are_read() -> None:
    _promtool("check", "config", RULES / "prometheus.yml")


@needs_promtool
def test_alerts_ring_when_they_should_and_only_then() -> None:
    _promtool("test", "rules", RULES / "alerts_test.yml")


def test_every_alert_is_tried_with_and_without_its_cause() -> None:
    alerts = re.findall(r"- alert: (\w+)", (RULES / "alerts.yml").read_text())
    well, *ill = (RULES / "alerts_test.yml").read_text().split("- name: ")[1:]
    rings = {part.split()[0] for one in ill for part in one.split("alertname: ") if "exp_labels" in part}
    assert len(alerts) == len(set(alerts)) > 5
    assert set(re.findall(r"alertname: (\w+)", well)) == set(alerts)
    assert "exp_alerts" not in well
    assert rings == set(alerts)


@needs_promtool
def test_queries_of_the_dashboard_are_read(tmp_path: Path) -> None:
    panels = json.loads((DEPLOY / "grafana" / "vestnik.json").read_text())["panels"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]]
    assert len(queries) > 15
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries)]
    # JSON is YAML.
    (tmp_path / "queries.yml").write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    _promtool("check", "rules", tmp_path / "queries.yml")


@needs_promtool
def test_what_the_program_writes_is_read() -> None:
    metrics = Metrics()
    metrics.actor_restarts_total.add("poller")
    for name in HISTOGRAMS:
        getattr(metrics, name).observe(0.3)
    now = Monitored(waiting={"pending": 2}, oldest_pending_ms=1, sources={"active": 1}, failing={})
    settled = Settled(rows={"sent": 3}, duplicates=0)
    _promtool("check", "metrics", said=Exposition(metrics).text(gauges(now, settled, now_ms=2_000)))

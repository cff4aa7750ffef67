"""What is deployed names only what exists."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.metrics import NAMES
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"\bvestnik_([a-z_]+)")
PARTS = re.compile(r"_(bucket|sum|count)$")


@pytest.mark.parametrize("name", ["prometheus/alerts.yml", "grafana/vestnik.json"])
def test_only_metrics_that_exist_are_asked_for(name: str) -> None:
    found = {PARTS.sub("", metric) for metric in METRIC.findall((DEPLOY / name).read_text())}
    assert found
    assert found <= NAMES


def test_dashboard_shows_every_metric() -> None:
    text = (DEPLOY / "grafana" / "vestnik.json").read_text()
    assert {PARTS.sub("", metric) for metric in METRIC.findall(text)} == NAMES
    panels = json.loads(text)["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len({panel["id"] for panel in panels}) == len(panels)


def test_every_alert_says_what_is_the_matter() -> None:
    text = (DEPLOY / "prometheus" / "alerts.yml").read_text()
    alerts = text.split("- alert: ")[1:]
    assert len(alerts) > 5
    assert all("expr:" in alert and "summary:" in alert and "severity:" in alert for alert in alerts)


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "vestnik.service"])
def test_only_settings_that_exist_are_set(name: str) -> None:
    text = (DEPLOY / name).read_text()
    own = set(re.findall(r"\b((?:BOT|DATABASE|MONITOR|BACKUP|LOG)_[A-Z_]+)\b", text))
    assert own
    assert own <= {field.upper() for field in Settings.model_fields}


HADOLINT = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not made for this machine")
def test_image_is_built_as_the_linter_wants_it() -> None:
    done = subprocess.run([str(HADOLINT), DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_image_holds_all_that_the_program_imports() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    assert copied == {"core", "store", "actors", "cli", "simulation"}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert all(f"!{name}" in ignored for name in copied)
    assert all((ROOT / name.removeprefix("!")).exists() for name in ignored if name.startswith("!"))


def test_unit_does_not_restart_what_a_restart_does_not_cure() -> None:
    unit = (DEPLOY / "vestnik.service").read_text()
    assert "Type=notify" in unit
    assert "RestartPreventExitStatus=2 3 4" in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_unit_is_read_by_systemd(tmp_path: Path) -> None:
    unit = (DEPLOY / "vestnik.service").read_text()
    program = "/opt/vestnik/.venv/bin/python /opt/vestnik/run.py"
    assert f"ExecStart={program}\n" in unit
    (tmp_path / "vestnik.service").write_text(unit.replace(program, "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", tmp_path / "vestnik.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("mounts", "warned"),
    [
        ("1 0 0:1 / / rw - overlay overlay rw\n", True),
        (f"2 1 8:1 /var/lib/docker/volumes/{'a1' * 32}/_data /data rw - ext4 /dev/sda1 rw\n", True),
        ("2 1 8:1 /var/lib/docker/volumes/vestnik-data/_data /data rw - ext4 /dev/sda1 rw\n", False),
        ("2 1 8:1 /srv/vestnik /data rw - ext4 /dev/sda1 rw\n", False),
    ],
    ids=["nothing", "a volume without a name", "a volume", "a folder"],
)
def test_container_warns_when_its_memory_would_not_last(tmp_path: Path, mounts: str, warned: bool) -> None:
    table = tmp_path / "mounts"
    table.write_text(mounts)
    done = subprocess.run(
        [DEPLOY / "entrypoint.sh", "echo", "runs"],
        env={"PATH": "/usr/bin:/bin", "MOUNT_TABLE": str(table)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "runs\n"
    assert ("no volume is mounted at /data" in done.stderr) == warned

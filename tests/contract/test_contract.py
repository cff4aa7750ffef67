"""The contract's names against the code, and the README's tables against both."""

import re
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS as TERMINAL_COMMANDS
from cli.main import program
from core import VERSION
from core.backlog import parse_backlog
from core.commands import COMMANDS
from core.durations import parse_duration, parse_size
from core.metrics import NAMES as BUILT_METRICS
from core.settings import SECRETS, Settings
from core.uncertainty import parse_uncertain_after
from tests.contract.names import CHAT, METRICS, NOT_YET, SETTINGS, TERMINAL

ROOT = Path(__file__).resolve().parents[2]
BUILT_SETTINGS = {name.upper() for name in Settings.model_fields if not name.endswith("_file")}


ENGLISH, RUSSIAN = "README.md", "README.ru.md"
both = pytest.mark.parametrize("readme", [ENGLISH, RUSSIAN])


def _is_russian(text: str) -> bool:
    return re.search(r"[\u0430-\u044f]{3}", text) is not None


def _waiting(kind: str) -> set[str]:
    return {name.partition(" ")[2] for name in NOT_YET if name.startswith(f"{kind} ")}


@pytest.mark.parametrize(
    ("kind", "promised", "built"),
    [
        ("terminal", TERMINAL, set(TERMINAL_COMMANDS)),
        ("setting", set(SETTINGS), BUILT_SETTINGS),
        ("chat", set(CHAT), {command.name for command in COMMANDS}),
        ("metric", METRICS, set(BUILT_METRICS)),
    ],
)
def test_everything_promised_is_built_or_listed(kind: str, promised: set[str], built: set[str]) -> None:
    assert built | _waiting(kind) == promised
    assert built & _waiting(kind) == set(), "what is built leaves the list"


def test_aliases_are_those_of_the_contract() -> None:
    for command in COMMANDS:
        assert set(command.aliases) == CHAT[command.name]


def test_no_name_means_two_commands() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(BUILT_SETTINGS))
def test_defaults_are_those_of_the_contract(name: str) -> None:
    promised = SETTINGS[name]
    default = Settings.model_fields[name.lower()].default
    match name:
        case (
            "BOT_TOKEN"
            | "PROXY_FETCH"
            | "PROXY_TELEGRAM"
            | "ALERT_CHAT"
            | "TIME_ZONE"
            | "PROBE_CHAT"
            | "BACKUP_DIR"
        ):
            assert default is None
        case "OWNER_IDS" | "ALLOW_NETWORKS" | "ALLOW_HOSTS":
            assert default == ()
        case "USER_AGENT":
            assert default.startswith(promised.replace("VERSION", VERSION))
        case "BACKLOG_DEFAULT":
            assert default is None
            assert parse_backlog(promised).kind == "none"
        case "UNCERTAIN_AFTER":
            assert default == parse_uncertain_after(promised)
        case "MAX_BODY":
            assert default == parse_size(promised)
        case _ if isinstance(default, float):
            assert default == parse_duration(promised)
        case _ if isinstance(default, bool):
            assert default == (promised == "true")
        case _:
            assert str(default) == promised


def _readme_table(readme: str, name: str) -> dict[str, list[str]]:
    """Return the rows of a marked table of a README by their first cell, code marks removed."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    marked = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    rows = [line for line in marked.strip().splitlines()[2:] if line.startswith("|")]
    cells = [re.split(r"(?<!\\)\|", row.strip("|")) for row in rows]
    return {row[0].strip().strip("`").replace("\\|", "|"): [cell.strip() for cell in row] for row in cells}


@both
def test_readme_lists_the_settings_with_their_defaults(readme: str) -> None:
    table = _readme_table(readme, "settings")
    assert set(table) == BUILT_SETTINGS
    for name, row in table.items():
        default = row[1].partition(" ")[0].strip("`")
        field = Settings.model_fields[name.lower()].default
        if name == "UNCERTAIN_AFTER":
            assert parse_uncertain_after(default) == field
        elif isinstance(field, float):
            assert parse_duration(default) == field
        elif isinstance(field, bool):
            assert (default == "true") == field
        elif isinstance(field, int):
            assert parse_size(default) == field
        elif isinstance(field, str):
            assert default == field


@both
def test_readme_lists_the_commands_of_the_chat(readme: str) -> None:
    table = _readme_table(readme, "commands")
    assert set(table) == {command.usage for command in COMMANDS}
    for command in COMMANDS:
        row = table[command.usage]
        assert set(re.findall(r"`/(\w+)`", row[1])) == set(command.aliases)
        assert row[2] == command.does if readme == ENGLISH else _is_russian(row[2])


@both
def test_readme_lists_the_commands_of_the_terminal(readme: str) -> None:
    table = _readme_table(readme, "terminal")
    told = {name.removeprefix("python run.py "): row[1] for name, row in table.items()}
    assert set(told) == set(TERMINAL_COMMANDS)
    assert told == TERMINAL_COMMANDS if readme == ENGLISH else all(map(_is_russian, told.values()))


@both
def test_readme_names_the_settings_that_may_be_files(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert all(f"`{name.upper()}`" in text for name in SECRETS)


def test_example_of_settings_names_only_settings() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = {line.lstrip("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)}
    assert names <= BUILT_SETTINGS
    assert "BOT_TOKEN" in names


def test_every_command_of_the_terminal_has_help() -> None:
    ctx = click.Context(program)
    for name in TERMINAL_COMMANDS:
        command = program.get_command(ctx, name)
        assert command is not None
        assert command.help


def test_versions_agree() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{VERSION}"' in pyproject


def test_locks_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert all(line.startswith(("    --hash", "#")) or "==" in line for line in text.splitlines() if line)

"""Imports go one way: core <- store <- actors <- supervisor <- cli <- run; simulation knows only core."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = {
    "core": set(),
    "store": {"core"},
    "actors": {"core", "store"},
    "supervisor": {"core", "store", "actors"},
    "simulation": {"core"},
    "cli": {"core", "store", "actors", "supervisor", "simulation"},
    "run": {"cli"},
}  # type: dict[str, set[str]]
FOREIGN_TO_CORE = {"trio", "httpx", "sqlite3", "sqlite_utils", "aiogram", "asyncio", "structlog", "h11"}
CLOCKS_AND_CHANCE = {"time", "random", "secrets", "uuid"}


def _files(layer: str) -> list[Path]:
    single = ROOT / f"{layer}.py"
    files = [single] if single.exists() else sorted((ROOT / layer).rglob("*.py"))
    # It starts the whole program in its worlds, as run.py does in ours.
    return [path for path in files if path != ROOT / "simulation" / "__main__.py"]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_know_only_those_below(layer: str) -> None:
    files = _files(layer)
    assert files
    for path in files:
        own = {name.partition(".")[0] for name in _imported(path)} & set(LAYERS)
        assert own <= LAYERS[layer] | {layer}, path


def test_core_is_pure() -> None:
    for path in _files("core"):
        roots = {name.partition(".")[0] for name in _imported(path)}
        assert not roots & (FOREIGN_TO_CORE | CLOCKS_AND_CHANCE), path


def test_core_reads_no_clock() -> None:
    for path in _files("core"):
        text = path.read_text(encoding="utf-8")
        assert ".now(" not in text, path
        assert ".today(" not in text, path


def test_asyncio_stays_in_its_box() -> None:
    box = ROOT / "actors" / "telegram" / "dispatching.py"
    for layer in LAYERS:
        for path in _files(layer):
            roots = {name.partition(".")[0] for name in _imported(path)}
            assert path == box or not roots & {"asyncio", "trio_asyncio"}, path


def test_only_telegram_knows_aiogram_at_import_time() -> None:
    for layer in LAYERS:
        for path in _files(layer):
            if "telegram" in path.parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            top = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
            names = {
                name
                for node in top
                for name in (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                )
            }
            assert not any(name.startswith(("aiogram", "actors.telegram")) for name in names), path

"""The examples of docs/contributing.md, by the names of the files that they would be."""

import importlib.util
import re
import textwrap
from pathlib import Path
from types import ModuleType

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "contributing.md"
_BLOCK = re.compile(r"^ *```\w+ (?P<file>\S+)\n(?P<text>.*?\n) *```$", re.MULTILINE | re.DOTALL)


def example(file: str) -> str:
    """Return the text of an example."""
    blocks = {block["file"]: block["text"] for block in _BLOCK.finditer(_PAGE.read_text(encoding="utf-8"))}
    return textwrap.dedent(blocks[file])


def load(file: str, folder: Path) -> ModuleType:
    """Import an example that is Python, written into a folder."""
    path = folder / Path(file).name
    path.write_text(example(file), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

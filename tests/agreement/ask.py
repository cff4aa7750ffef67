"""Ask the parsers anew: `python -m tests.agreement.ask COMMAND...` writes answers.json.

Each COMMAND is one program of the folder `parsers`, as README.md shows it.
"""

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.agreement.agreeing import DOCUMENTS, FOLDER


def names() -> list[str]:
    """Return the names of the documents, sorted."""
    files = (path for path in DOCUMENTS.glob("*/*") if path.is_file())
    return sorted(path.relative_to(DOCUMENTS).as_posix() for path in files)


def ask(commands: Sequence[str]) -> dict[str, Any]:
    """Run the programs and put together what they say; parsers that say the same stand together."""
    versions: dict[str, str] = {}
    documents: dict[str, list[dict[str, Any]]] = {name: [] for name in names()}
    for command in commands:
        lines = "".join(f"{DOCUMENTS / name}\n" for name in documents)
        done = subprocess.run(shlex.split(command), input=lines, capture_output=True, text=True, check=True)
        said = json.loads(done.stdout)
        versions |= said["versions"]
        for parser, answers in said["answers"].items():
            for name, groups in documents.items():
                _add(groups, parser, answers[str(DOCUMENTS / name)])
    return {"parsers": versions, "documents": documents}


def _add(groups: list[dict[str, Any]], parser: str, entries: object) -> None:
    for group in groups:
        if group["entries"] == entries:
            group["parsers"].append(parser)
            return
    groups.append({"parsers": [parser], "entries": entries})


def _written(said: dict[str, Any]) -> str:
    """Write JSON with one line for each group, so that changes can be read."""
    lines = [f'{{"parsers": {json.dumps(said["parsers"])},', '"documents": {']
    for position, (name, groups) in enumerate(said["documents"].items()):
        inner = ",\n".join(f"  {json.dumps(group, ensure_ascii=False)}" for group in groups)
        comma = "," if position + 1 < len(said["documents"]) else ""
        lines.append(f"{json.dumps(name)}: [\n{inner}\n]{comma}")
    return "\n".join([*lines, "}}", ""])


if __name__ == "__main__":
    (FOLDER / "answers.json").write_text(_written(ask(sys.argv[1:])))

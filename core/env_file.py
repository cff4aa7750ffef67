"""Changing one setting in the text of an `.env` file, whatever else is in it."""

import re


def with_setting(text: str, name: str, value: str) -> str:
    """Return the text with `name=value`: in the place of the first such line, else at the end.

    Further lines of that name, which would win over it, go; comments and all other lines stay as they are.
    """
    assignment = re.compile(rf"\s*(?:export\s+)?{re.escape(name)}\s*=")
    lines: list[str] = []
    written = False
    for line in text.splitlines():
        if not assignment.match(line):
            lines.append(line)
        elif not written:
            lines.append(f"{name}={value}")
            written = True
    if not written:
        lines.append(f"{name}={value}")
    return "\n".join(lines) + "\n"

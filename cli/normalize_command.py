"""`normalize`: the key under which history knows a URL."""

import json
import sys
from collections.abc import Iterable

import click

from core.urls.normalize import RefusedUrl, normalize


@click.command("normalize")
@click.option("--json", "as_json", is_flag=True, help="A JSON string in, a JSON string or null out.")
@click.argument("urls", nargs=-1, metavar="[URL...]")
def command(urls: tuple[str, ...], as_json: bool) -> None:
    """Print the normalized URL of each argument, or of each line of standard input, one a line.

    `!` and the reason stand for one that is refused. docs/links.md lists the rules.
    """
    for line in urls or _lines():
        click.echo(_as_json(line) if as_json else _as_text(line))


def _lines() -> Iterable[str]:
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="surrogateescape").rstrip("\r\n")


def _as_text(line: str) -> str:
    try:
        return normalize(line)
    except RefusedUrl as refused:
        return f"! {refused.reason}"


def _as_json(line: str) -> str:
    try:
        url = json.loads(line)
        return json.dumps(normalize(url)) if isinstance(url, str) else "null"
    except (RefusedUrl, ValueError, RecursionError):  # the last one: no string, but very deep brackets
        return "null"

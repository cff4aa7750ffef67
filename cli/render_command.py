"""`render`: read HTML, and print what a post would show of it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from core.documents.charset import to_utf8
from core.protocol import Entity
from core.rendering.cutting import cut_rich
from core.rendering.entities import entities_of
from core.rendering.post import TEXT_LIMIT
from core.rendering.reading import read_html
from core.text import is_blank


@click.command("render")
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@click.option(
    "--limit",
    type=click.IntRange(1, TEXT_LIMIT),
    default=TEXT_LIMIT,
    show_default=True,
    help="Length at most, in UTF-16 units; captions have 1024.",
)
@click.option("--url", "base", default="", metavar="BASE", help="Address that relative links start from.")
def command(files: tuple[str, ...], limit: int, base: str) -> None:
    r"""Print what each file of HTML becomes as one line of JSON, ready for sendMessage.

    A file that cannot be read, or shows nothing, gets "error", and does not stop the next one.

    \b
    python run.py render entry.html --limit 1024
    """
    for name in files:
        click.echo(json.dumps(_rendered(name, limit, base), ensure_ascii=False))


def _rendered(name: str, limit: int, base: str) -> dict[str, object]:
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        return _line(name, error=f"{error.strerror}")
    rich = read_html(to_utf8(body, is_html=True).decode("utf-8", "replace"), base=base)
    text, entities = entities_of(cut_rich(rich, limit))
    if is_blank(text):
        return _line(name, error="there is nothing to show")
    return _line(name, text, entities)


def _line(
    name: str, text: str = "", entities: tuple[Entity, ...] = (), error: str | None = None
) -> dict[str, object]:
    shown = [
        {key: value for key, value in asdict(entity).items() if value is not None} for entity in entities
    ]
    return {"file": name, "text": text, "entities": shown, "error": error}

"""`parse`: read documents as a source would, and print what they hold."""

import json
import sys
from pathlib import Path

import click

from cli.moments import iso_utc
from core.documents.fallback import fallback
from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument
from core.kinds import KINDS, parse_as
from core.kinds.options import CHOICES, read_options
from core.words import say


@click.command("parse")
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@click.option("--url", "base", default="", metavar="BASE", help="Address that relative links start from.")
@click.option("--content-type", default="", metavar="T", help="As the server would have said it.")
@click.option("--as", "kind", type=click.Choice(CHOICES), default="auto", show_default=True)
@click.option("--select", metavar="CSS", help="Selector of the items of a list.")
@click.option("--rules", metavar="JSON", help="How to read a list or JSON, like " + KINDS["json"].example)
def command(
    files: tuple[str, ...], base: str, content_type: str, kind: str, select: str | None, rules: str | None
) -> None:
    r"""Print each document as one line of JSON.

    A document that cannot be read gets "error", and does not stop the next one.

    \b
    python run.py parse shop.html --as list --select .card --url https://shop.example/
    """
    chosen, canonical = read_options(kind, select=select, rules=rules)
    for name in files:
        click.echo(json.dumps(_read(name, base, content_type, chosen, canonical), ensure_ascii=False))


def _read(name: str, base: str, content_type: str, kind: str, rules: str) -> dict[str, object]:
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        document = Document(body=body, url=base, content_type=content_type)
        # In this process, feedparser too: nobody else waits here, and ^C ends it.
        parsed = parse_as(kind, document, rules, fallback=fallback)
    except OSError as error:
        return _line(name, error=f"{error.strerror}")
    except UnreadableDocument as error:
        return _line(name, error=f"{say(error.code)}: {error.detail}" if error.detail else say(error.code))
    return _line(name, parsed=parsed)


def _line(name: str, *, parsed: ParsedDocument | None = None, error: str | None = None) -> dict[str, object]:
    return {
        "file": name,
        "kind": parsed.kind if parsed else None,
        "title": parsed.title if parsed else "",
        "entries": [_entry(entry) for entry in parsed.entries] if parsed else [],
        "error": error,
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "published": iso_utc(entry.published_ms),
        "author": entry.author,
        "tags": list(entry.tags),
        "image": entry.image,
        "enclosures": [
            {"url": each.url, "type": each.media_type, "length": each.length_bytes}
            for each in entry.enclosures
        ],
    }

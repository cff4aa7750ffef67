"""`extract`: read web pages, and print what each says about itself."""

import json
import sys
from pathlib import Path

import click

from cli.moments import iso_utc
from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.page import Page
from core.pages.reading import read_page
from core.words import say


@click.command("extract")
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@click.option("--url", "base", default="", metavar="BASE", help="Address of the page.")
def command(files: tuple[str, ...], base: str) -> None:
    r"""Print what each web page says as one line of JSON.

    A page that cannot be read, or that was refused (a captcha, a login), gets "error", and does not stop
    the next one.

    \b
    python run.py extract page.html --url https://shop.example/lamp
    """
    for name in files:
        click.echo(json.dumps(_read(name, base), ensure_ascii=False))


def _read(name: str, base: str) -> dict[str, object]:
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return _line(name, read_page(Document(body=body, url=base)))
    except OSError as error:
        return _line(name, Page(), error=f"{error.strerror}")
    except UnreadableDocument as error:
        return _line(name, Page(), error=say(error.code))


def _line(name: str, page: Page, error: str | None = None) -> dict[str, object]:
    return {
        "file": name,
        "title": page.title,
        "description": page.description,
        "image": page.image,
        "canonical": page.canonical,
        "site": page.site,
        "author": page.author,
        "published": iso_utc(page.published_ms),
        "language": page.language,
        "tags": list(page.tags),
        "price": page.price,
        "currency": page.currency,
        "old_price": page.old_price,
        "discount": page.discount,
        "availability": page.availability,
        "rating": page.rating,
        "reviews": page.reviews,
        "error": error,
    }

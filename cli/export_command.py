"""`export`: what is watched, for other programs and for later."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from cli.ads_export import write_ads
from cli.bars import bar_of_rows
from cli.reading import read_only
from cli.starting import now_ms, private_files, settings_for
from store import exchange
from store.exchange import Exported
from store.outlines import opml


@click.command("export")
@click.argument("words", metavar="[ads] [FILE]", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--chat", type=int, metavar="ID", help="Only this chat.")
@click.option("--month", metavar="YYYY-MM", help="Of ads: which month; the present one by default.")
@click.pass_context
def command(ctx: click.Context, words: tuple[Path, ...], chat: int | None, month: str | None) -> None:
    """Write what is watched as OPML 2.0, in folders by chat and topic; without FILE, to standard output.

    A FILE that ends in .txt gets one address a line instead. `import` reads both. Logins, headers and proxies
    of sources are left out.

    With "ads" first: the links that were published with an erid in a month, as CSV of date, link, erid, chat
    and message.
    """
    private_files()
    ads = words[:1] == (Path("ads"),)
    files = words[1:] if ads else words
    if len(files) > 1:
        raise click.UsageError("one FILE at the most")
    file = files[0] if files else None
    settings = settings_for(ctx)
    if ads:
        with read_only(settings) as db:
            count = write_ads(db, month=month, zone=ZoneInfo(settings.zone), now_ms=now_ms(), file=file)
        click.echo(f"{count:,} links with an erid", err=True)
        return
    with read_only(settings) as db:
        db.execute("BEGIN")
        total = exchange.count(db, chat_id=chat)
        with bar_of_rows("exporting", total) as advance:
            rows = _told(exchange.exported(db, chat_id=chat), advance)
            if file is None:
                sys.stdout.writelines(opml(rows, one_chat=chat is not None))
                return
            text = (
                _addresses(rows) if file.suffix.lower() == ".txt" else opml(rows, one_chat=chat is not None)
            )
            part = file.with_name(f"{file.name}.part")
            with part.open("w", encoding="utf-8", newline="\n") as target:
                target.writelines(text)
            part.replace(file)
    click.echo(f"{total:,} subscriptions written to {file}", err=True)


def _told(rows: Iterable[Exported], advance: Callable[[int], None]) -> Iterator[Exported]:
    """Pass rows on, and say at the end what of them cannot be passed on."""
    secrets = 0
    for row in rows:
        advance(1)
        secrets += row.secrets
        yield row
    if secrets:
        click.echo(
            f"{secrets:,} sources have logins, headers or proxies of their own: not exported", err=True
        )


def _addresses(rows: Iterable[Exported]) -> Iterator[str]:
    for row in rows:
        yield f"{row.url}\n"

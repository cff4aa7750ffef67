"""`import`: subscribe a chat to a whole list of sources."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import trio

from actors.importing import Intake
from cli.bars import bar_of_bytes
from cli.discovering import find_sources
from cli.places import find_place, target_of
from cli.starting import private_files, real_environment, settings_for
from cli.writing import note, writing
from core.access import split_userinfo
from core.errors import UserError
from core.incoming import BY_FOLDER, Wanted, Ways
from core.kinds.options import CHOICES
from core.opml import BrokenList, outlines
from core.requests import Target, check_backlog, check_interval
from core.settings import Settings
from store import exchange
from store.adding import Wish
from store.client import Storage

if TYPE_CHECKING:
    from supervisor import Environment

_PIECE_BYTES = 2**16
_MOST_TOLD = 100


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--chat", required=True, metavar="CHAT", help="Numeric id, or @name (asks Telegram).")
@click.option(
    "--topic", default="", metavar=f"N|{BY_FOLDER}", help="Topic of a forum, or that of each folder."
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(CHOICES),
    default=None,
    help="How to read each source; auto looks behind addresses of which the file does not say it. "
    "The default is what the file says, else feed, and makes no network call.",
)
@click.option("--every", metavar="10m", help="How often to look; the default is INTERVAL_DEFAULT.")
@click.option("--backlog", metavar="none|N|12h|DATE|all", help="Which of their present entries to post.")
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    chat: str,
    topic: str,
    kind: str | None,
    every: str | None,
    backlog: str | None,
) -> None:
    """Subscribe a chat to every source of a list, OPML or a text with one address a line.

    What is watched there already stays as it is, so a list may be imported again. Lines that cannot be taken
    are named and do not stop the rest.

    \b
    python run.py import subscriptions.opml --chat -1001234567890
    python run.py import feeds.txt --chat -1001234567890 --topic 7 --every 30m --backlog 1
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    settings = settings_for(ctx)
    if topic not in ("", BY_FOLDER) and not (topic.isascii() and topic.isdigit()):
        raise UserError(f"--topic {topic}: write a number, or {BY_FOLDER}")
    ways = Ways(
        topic=topic,
        kind=kind or "",
        interval_s=None if every is None else check_interval(every, interval_min_s=settings.interval_min),
        interval_min_s=settings.interval_min,
        topics={},
    )
    policy = None if backlog is None else check_backlog(backlog)
    trio.run(_import, settings, file, target_of(chat), ways, policy)


async def _import(settings: Settings, path: Path, target: Target, ways: Ways, backlog: str | None) -> None:
    place, chat_type, title = await find_place(settings, target)
    policy = backlog or settings.backlog_default or ("1" if place.chat_id > 0 else "none")
    wish = Wish(place=place, url="", backlog=policy, chat_type=chat_type, chat_title=title)
    env = real_environment(settings)
    async with writing(env) as store:
        taking = await take(env, store, path, path.stat().st_size, wish, ways)  # noqa: ASYNC240 - nobody waits
        if taking.new:
            await note(env, store, f"import {path.name}: {taking.new}", place.chat_id)
    _tell(taking, path)


async def take(env: "Environment", store: Storage, path: Path, size: int, wish: Wish, ways: Ways) -> "Taking":
    """Subscribe a place to all that a file of `size` bytes lists; `wish` is what all have in common."""
    topics = await store.read(exchange.topics_by_name, wish.place.chat_id)
    taking = Taking(env, store, wish, replace(ways, topics=topics))
    with path.open("rb") as file, bar_of_bytes("importing", size) as advance:
        try:
            for outline in outlines(_pieces(file, advance)):
                await taking.take(outline)
        except BrokenList as error:
            taking.troubles.append(f"{error}; what follows is not read")
        await taking.write()
    return taking


class Taking(Intake):
    """An import that looks behind addresses of which nobody says how to read them."""

    def __init__(self, env: "Environment", store: Storage, wish: Wish, ways: Ways) -> None:
        super().__init__(store=store, now_ms=env.now_ms, wish=wish, ways=ways)
        self._settings = env.settings

    async def looked_behind(self, wanted: Wanted) -> tuple[str, str, str]:
        """Return address, kind and rules of a source, found out where they are to be."""
        if wanted.kind != "auto":
            return await super().looked_behind(wanted)
        [found] = await find_sources(self._settings, (wanted.url,))
        url = wanted.url if split_userinfo(wanted.url)[0] == found.url else found.url
        return url, found.kind, found.rules


def _pieces(file: BinaryIO, advance: Callable[[int], None]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        advance(len(piece))
        yield piece


def _tell(taking: Taking, path: Path) -> None:
    for trouble in taking.troubles[:_MOST_TOLD]:
        click.echo(f"not taken: {trouble}", err=True)
    more = len(taking.troubles) - _MOST_TOLD
    if more > 0:
        click.echo(f"not taken: {more} more", err=True)
    if not taking.taken and taking.troubles:
        raise UserError(f"{path}: nothing in it could be taken")
    known = taking.taken - taking.new
    click.echo(f"{taking.new:,} added, {known:,} were there already, {len(taking.troubles):,} not taken")

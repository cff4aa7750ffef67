"""`add`: subscribe a chat to sources."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import trio

from cli.discovering import find_sources
from cli.places import find_place, target_of
from cli.starting import private_files, real_environment, settings_for
from cli.writing import note, writing
from core.access import split_userinfo
from core.discovery import Suggestion
from core.filters.parsing import parse_rules
from core.filters.writing import write_rules
from core.kinds import KINDS
from core.kinds.options import CHOICES, LINK, read_options
from core.kinds.rules import NO_RULES
from core.page_policy import PagePolicy
from core.protocol import Place
from core.requests import Target, check_backlog, check_interval, check_url
from core.settings import Settings

if TYPE_CHECKING:
    from supervisor import Environment


@click.command("add")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--chat", required=True, metavar="CHAT", help="Numeric id, or @name (asks Telegram).")
@click.option("--topic", default=0, metavar="N", help="Topic of a forum; 0 is none.")
@click.option("--every", metavar="10m", help="How often to look; the default is INTERVAL_DEFAULT.")
@click.option("--backlog", metavar="none|N|12h|DATE|all", help="Which of its present entries to post.")
@click.option(
    "--as",
    "kind",
    type=click.Choice((*CHOICES, LINK)),
    default="auto",
    show_default=True,
    help="auto fetches the address once to see what it is; anything else makes no network call. "
    "link posts the address itself, once.",
)
@click.option("--select", metavar="CSS", help="Selector of the items of a list.")
@click.option("--rules", metavar="JSON", help="How to read a list or JSON, like " + KINDS["json"].example)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="RULE",
    help="What of it to post, like 'block title ~ webinar'; several may be given.",
)
@click.option("--now", is_flag=True, help="Look at it at once, also if it is known already.")
@click.pass_context
def command(
    ctx: click.Context,
    urls: tuple[str, ...],
    chat: str,
    topic: int,
    every: str | None,
    backlog: str | None,
    kind: str,
    select: str | None,
    rules: str | None,
    filters: tuple[str, ...],
    now: bool,
) -> None:
    """Subscribe a chat to sources; what is new in them from here on is posted there, once.

    \b
    python run.py add https://example.com/feed.xml --chat -1001234567890 --as feed
    python run.py add https://example.com/shop --chat -1001234567890 --as list --select .card
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    settings = settings_for(ctx)
    options = _Options(
        urls=tuple(check_url(url) for url in urls),
        target=target_of(chat, topic),
        interval_s=None if every is None else check_interval(every, interval_min_s=settings.interval_min),
        backlog=None if backlog is None else check_backlog(backlog),
        reading=(LINK, NO_RULES) if kind == LINK else read_options(kind, select=select, rules=rules),
        filter=write_rules(parse_rules("\n".join(filters))),
        now=now,
    )
    trio.run(_add, settings, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    urls: tuple[str, ...]
    target: Target
    interval_s: float | None
    backlog: str | None
    reading: tuple[str, str]
    """Kind and canonical rules."""
    filter: str
    now: bool


async def _add(settings: Settings, options: _Options) -> None:
    from store import adding

    env = real_environment(settings)
    place, chat_type, title = await find_place(settings, options.target)
    kind, rules = options.reading
    if kind == LINK:
        await _queue_links(env, place, options.urls)
        return
    if kind == "auto":
        chosen = await find_sources(settings, options.urls)
    else:
        chosen = [Suggestion(kind=kind, url=url, rules=rules) for url in options.urls]
    private = "1" if chat_type == "private" or place.chat_id > 0 else "none"
    async with writing(env) as store:
        for each, given in zip(chosen, options.urls, strict=True):
            wish = adding.Wish(
                place=place,
                kind=each.kind,
                url=each.url,
                rules=each.rules,
                access=split_userinfo(given)[1],
                backlog=options.backlog or settings.backlog_default or private,
                interval_s=options.interval_s,
                filter=options.filter,
                chat_type=chat_type,
                chat_title=title,
                due_now=options.now,
            )
            done = await store.write(adding.add, wish, now_ms=env.now_ms())
            await note(env, store, f"add {given}", place.chat_id)
            said = "added" if done.created else "was there already"
            click.echo(f"No. {done.number} in {place.chat_id} {said}: {split_userinfo(each.url)[0]}")


async def _queue_links(env: "Environment", place: Place, urls: tuple[str, ...]) -> None:
    from store import by_hand

    pages = PagePolicy(fetch=env.settings.fetch_pages)
    async with writing(env) as store:
        for url in urls:
            queued = await store.write(by_hand.queue_link, place, url=url, pages=pages, now_ms=env.now_ms())
            if queued:
                await note(env, store, f"add {url} --as link", place.chat_id)
            said = "will be posted in" if queued else "was posted or queued before in"
            click.echo(f"{url} {said} {place.chat_id}")

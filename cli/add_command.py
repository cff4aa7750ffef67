"""`add`: subscribe a chat to feeds."""

import click
import trio

from cli.starting import need_token, private_files, real_environment, settings_for
from core.errors import UserError
from core.protocol import Place, Validators
from core.requests import Target, check_backlog, check_interval, check_url, split_target
from core.settings import Settings


@click.command("add")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--chat", required=True, metavar="CHAT", help="Numeric id, or @name (asks Telegram).")
@click.option("--topic", default=0, metavar="N", help="Topic of a forum; 0 is none.")
@click.option("--every", metavar="10m", help="How often to look; the default is INTERVAL_DEFAULT.")
@click.option("--backlog", metavar="none|N|12h|DATE|all", help="Which of its present entries to post.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["auto", "feed"]),
    default="auto",
    show_default=True,
    help="auto fetches the address once to see what it is; anything else makes no network call.",
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
    now: bool,
) -> None:
    """Subscribe a chat to feeds; what is new in them from here on is posted there, once.

    \b
    python run.py add https://example.com/feed.xml --chat -1001234567890 --as feed
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    settings = settings_for(ctx)
    options = _Options(
        urls=tuple(check_url(url) for url in urls),
        target=_target(chat, topic),
        interval_s=None if every is None else check_interval(every, interval_min_s=settings.interval_min),
        backlog=None if backlog is None else check_backlog(backlog),
        kind=kind,
        now=now,
    )
    trio.run(_add, settings, options)


class _Options:
    def __init__(
        self,
        *,
        urls: tuple[str, ...],
        target: Target,
        interval_s: float | None,
        backlog: str | None,
        kind: str,
        now: bool,
    ) -> None:
        self.urls = urls
        self.target = target
        self.interval_s = interval_s
        self.backlog = backlog
        self.kind = kind
        self.now = now


def _target(chat: str, topic: int) -> Target:
    if chat.lstrip("-").isdigit():
        return Target(chat=int(chat), topic_id=topic)
    target, _ = split_target([chat])
    if target is None:
        raise UserError(f"--chat {chat}: write a numeric id such as -1001234567890, or @name")
    return Target(chat=target.chat, topic_id=topic or target.topic_id)


async def _add(settings: Settings, options: _Options) -> None:
    import supervisor
    from store import adding

    env = real_environment(settings)
    place, chat_type, title = await _place(settings, options.target)
    if options.kind == "auto":
        for url in options.urls:
            await _must_be_a_feed(settings, url)
    private = "1" if chat_type == "private" or place.chat_id > 0 else "none"
    async with supervisor.storage(env) as (store, _):
        for url in options.urls:
            wish = adding.Wish(
                place=place,
                kind="feed",
                url=url,
                backlog=options.backlog or settings.backlog_default or private,
                interval_s=options.interval_s,
                chat_type=chat_type,
                chat_title=title,
                due_now=options.now,
            )
            done = await store.write(adding.add, wish, now_ms=env.now_ms())
            said = "added" if done.created else "was there already"
            click.echo(f"No. {done.number} in {place.chat_id} {said}: {url}")


async def _place(settings: Settings, target: Target) -> tuple[Place, str, str]:
    if isinstance(target.chat, int):
        return Place(chat_id=target.chat, topic_id=target.topic_id), "", ""
    need_token(settings)
    import supervisor
    from actors.telegram.places import look_up

    async with supervisor.telegram_bot(real_environment(settings)) as bot:
        chat = await look_up(bot, target)
    return Place(chat_id=chat.chat_id, topic_id=chat.topic_id), chat.type, chat.title


async def _must_be_a_feed(settings: Settings, url: str) -> None:
    import supervisor
    from core.entries import Document
    from core.errors import UnreadableDocument
    from core.kinds import parse_as
    from core.words import say

    env = real_environment(settings)
    async with supervisor.web(env) as pages:
        fetched = await pages.get(url, Validators(), now_ms=env.now_ms())
    if fetched.status != "ok":
        reason = say(fetched.error or "", *fetched.error_args)
        raise UserError(f"{url}: {reason}. If that will pass, add it with --as feed")
    try:
        parse_as("auto", Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type))
    except UnreadableDocument as error:
        raise UserError(f"{url}: {say(error.code)} {error.detail}".rstrip()) from None

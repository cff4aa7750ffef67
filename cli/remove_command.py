"""`remove`: end what a chat watches."""

import click
import trio

from cli.places import find_place, target_of
from cli.starting import private_files, real_environment, settings_for
from cli.writing import note, writing
from core.access import split_userinfo
from core.errors import UserError
from core.requests import Target
from core.settings import Settings
from store import removing


@click.command("remove")
@click.argument("which", metavar="N|URL|all")
@click.option("--chat", required=True, metavar="CHAT", help="Numeric id, or @name (asks Telegram).")
@click.pass_context
def command(ctx: click.Context, which: str, chat: str) -> None:
    """End the subscription of a chat by its number or address; `list` shows both.

    Its number is not given to another one, and what waits of it is dropped visibly. `all` ends every one.

    \b
    python run.py remove 3 --chat -1001234567890
    python run.py remove https://example.com/feed.xml --chat @news
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    trio.run(_remove, settings_for(ctx), target_of(chat), which)


async def _remove(settings: Settings, target: Target, which: str) -> None:
    env = real_environment(settings)
    place, _, _ = await find_place(settings, target)
    address = split_userinfo(which)[0]
    async with writing(env) as store:
        removal = await store.write(
            removing.remove, chat_id=place.chat_id, which=address, now_ms=env.now_ms()
        )
        ended = removal.sources
        if ended:
            await note(env, store, f"remove {which}", place.chat_id)
    if not ended:
        raise UserError(f"{place.chat_id} watches nothing that is called {address}; see `python run.py list`")
    for each in ended:
        click.echo(f"No. {each.number} in {place.chat_id} removed: {each.url}")

"""The card of one source, and what opens behind its buttons."""

from actors.context import Context
from actors.poller import polling_policy
from actors.telegram.commands.info import info_text
from actors.telegram.commands.set_ import options_text
from actors.telegram.panels import Panel, Row, button
from core.durations import parse_duration
from core.errors import UserError
from core.languages import gettext as _
from core.languages.formats import duration_text
from store import options
from store.details import Details, details

SWITCHES = ("silent", "preview", "media", "approve")
"""Options whose button sets them to what they are not."""
RHYTHMS = ("default", "5m", "15m", "1h", "6h")
"""How often to look, to choose from; INTERVAL_MIN may refuse the first ones."""


async def card(ctx: Context, chat_id: int, number: int, *, page: int, frank: bool, editor: bool) -> Panel:
    """Return how a source is doing, and what an `editor` can do with it.

    Raises:
        UserError: nothing is watched under this number any more.
    """
    found = await _details(ctx, chat_id, number)
    here = f"{chat_id}:{number}:{page}"
    pauses = found.state == "pausing"
    acts: list[Row] = [
        [
            button(_("Resume") if pauses else _("Pause"), f"src:{'resume' if pauses else 'pause'}:{here}"),
            button(_("Check now"), f"src:check:{here}"),
            button(_("Test"), f"src:test:{here}"),
        ],
        [button(_("Set…"), f"src:set:{here}"), button(_("Remove"), f"src:ask:{here}")],
    ]
    back: Row = [button(_("Back"), f"src:list:{chat_id}:card:all:{page}")]
    rows = [*acts, back] if editor else [back]
    return Panel(info_text(found, now_ms=ctx.now_ms(), frank=frank), rows)


async def settings(ctx: Context, chat_id: int, number: int, *, page: int) -> Panel:
    """Return what is set for a source, with what a press can change; /set changes the rest.

    Raises:
        UserError: nothing is watched under this number any more.
    """
    now = await ctx.store.read(options.of, chat_id=chat_id, number=number)
    if now is None:
        raise gone(number)
    here = f"{chat_id}:{number}:{page}"
    others = [(name, "no" if getattr(now, name) else "yes") for name in SWITCHES]
    switches = [button(f"{name}: {_(other)}", f"src:put:{here}:{name}={other}") for name, other in others]
    rhythms = [button(_rhythm(name), f"src:put:{here}:every={name}") for name in RHYTHMS]
    more = _("More: /set {number} title=News expire=6h · /filter {number}").format(number=number)
    text = f"{options_text(now)}\n\n{more}"
    return Panel(text, [switches[:2], switches[2:], rhythms, [button(_("Back"), f"src:card:{here}")]])


def _rhythm(name: str) -> str:
    return _("default") if name == "default" else duration_text(parse_duration(name))


async def question(ctx: Context, chat_id: int, number: int, *, page: int) -> Panel:
    """Return whether a source is really to be removed.

    Raises:
        UserError: nothing is watched under this number any more.
    """
    found = await _details(ctx, chat_id, number)
    here = f"{chat_id}:{number}:{page}"
    text = _("Stop watching No. {number}, {title}? What waits of it is not posted.").format(
        number=number, title=found.title or found.url
    )
    return Panel(text, [[button(_("Remove"), f"src:remove:{here}"), button(_("Back"), f"src:card:{here}")]])


def gone(number: int) -> UserError:
    """Return what to say of a number that means nothing."""
    return UserError(
        "Nothing here has the number {number} any more. /list shows what is watched.", number=number
    )


async def _details(ctx: Context, chat_id: int, number: int) -> Details:
    policy = polling_policy(ctx.settings)
    found = await ctx.store.read(
        details, chat_id=chat_id, which=str(number), policy=policy, now_ms=ctx.now_ms()
    )
    if found is None:
        raise gone(number)
    return found

"""Cards about sources in trouble, and questions about what is held, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.languages import gettext as _
from core.languages import ngettext
from core.languages.formats import duration_text
from core.protocol import Button
from core.text import cut
from core.upkeep_words import UPKEEP
from core.words import Spoken, say, say_alike

_MOST_TITLE = 200


def _failing(args: Mapping[str, Any], now_ms: int) -> Spoken:
    reason = say(args["error"], *args["error_args"])
    return _card(
        "⚠️",
        args,
        _("cannot be read for {since}: {reason}. I go on trying.").format(
            since=_since(args, now_ms), reason=reason
        ),
    ), ()


def _empty(args: Mapping[str, Any], now_ms: int) -> Spoken:
    said = _("shows nothing for {since}, and used to. Has the page changed?").format(
        since=_since(args, now_ms)
    )
    return _card("⚠️", args, said), ()


def _no_erid(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = _(
        "⏸ Links to {host} are held in {chat}: it requires an erid, and they have none.\n"
        "/link {chat} add {host} erid=... gives them one; they go out then."
    ).format(host=args["host"], chat=args["chat"])
    return text, ()


def _silent(args: Mapping[str, Any], now_ms: int) -> Spoken:
    said = _("has had nothing new for {since}, three times as long as usual or more.").format(
        since=_since(args, now_ms)
    )
    return _card("🔇", args, said), ()


def _gone(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = _(
        "is gone for good, says its server (410). I do not ask it any more; /add its address to try again."
    )
    return _card("🪦", args, said), ()


def _well(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return _card("✔️", args, _("is well again.") if args["watched"] else _("is not watched any more.")), ()


def _back(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = _("shows something new again.") if args["was"] == "silent" else _("works again.")
    return _card("✅", args, said), ()


def _network(args: Mapping[str, Any], now_ms: int) -> Spoken:
    text = _(
        "🌐 More than a fifth of all sources cannot be read for {since}, and they began to "
        "fail together. This is my network, not your sources."
    ).format(since=_since(args, now_ms))
    return text, ()


def _network_works(_args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return _("🌐 My network works again."), ()


def _flood(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    lines = [
        _("{links} from {title}").format(links=links, title=_short(title)) for title, links in args["sources"]
    ]
    if args["others"]:
        lines.append(_("and more from {others} other sources").format(others=args["others"]))
    if args.get("restored"):  # by a person, who chose to be asked
        beginning = ngettext(
            "🗄 {links} link may have been posted after the backup that was restored:",
            "🗄 {links} links may have been posted after the backup that was restored:",
            args["links"],
        )
        end = _("Are they in their chats? Then drop them.")
    else:
        beginning = ngettext(
            "🌊 {links} new link at once, far more than usual. I hold it back:",
            "🌊 {links} new links at once, far more than usual. I hold them back:",
            args["links"],
        )
        end = _("Did the site only change its addresses? Then drop them.")
    text = "\n".join([beginning.format(links=args["links"]), *lines, end])
    row = (
        Button(text=_("Post them"), data=f"flood:{args['newest']}:post"),
        Button(text=_("Drop them"), data=f"flood:{args['newest']}:drop"),
    )
    return text, (row,)


def _flood_answered(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = (
        ngettext(
            "🌊 {links} link that was held back will be posted.",
            "🌊 {links} links that were held back will be posted.",
            args["links"],
        )
        if args["verdict"] == "post"
        else ngettext(
            "🌊 {links} link that was held back is dropped.",
            "🌊 {links} links that were held back are dropped.",
            args["links"],
        )
    )
    return said.format(links=args["links"]), ()


def _bare(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    why = f" ({say_alike(args['error'], *args['error_args'])})" if args["error"] else ""
    text = _(
        "❓ {url}\nIts page shows neither title nor picture{why}. Publish the bare address to {chat}?"
    ).format(url=cut(args["url"], 1000), why=why, chat=args["chat"])
    row = (
        Button(text=_("Publish"), data=f"facts:{args['queue_id']}:post"),
        Button(text=_("Drop"), data=f"facts:{args['queue_id']}:drop"),
    )
    return text, (row,)


def _bare_answered(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = _("✔️ {url} will be published.") if args["verdict"] == "post" else _("✔️ {url} is dropped.")
    return said.format(url=cut(args["url"], 1000)), ()


def _since(args: Mapping[str, Any], now_ms: int) -> str:
    return duration_text(max(60, (now_ms - args["since_ms"]) // 60_000 * 60))


def _card(sign: str, args: Mapping[str, Any], said: str) -> str:
    return f"{sign} " + _("“{title}” {said}").format(title=_short(args["title"]), said=said)


def _short(title: str) -> str:
    return title if len(title) <= _MOST_TITLE else f"{title[:_MOST_TITLE]}…"


ALARMS: Mapping[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "source.failing": _failing,
    "source.empty": _empty,
    "source.silent": _silent,
    "link.no_erid": _no_erid,
    "source.gone": _gone,
    "source.well": _well,
    "source.back": _back,
    "network.failing": _network,
    "network.works": _network_works,
    "flood.question": _flood,
    "flood.answered": _flood_answered,
    "facts.question": _bare,
    "facts.answered": _bare_answered,
    **UPKEEP,
}

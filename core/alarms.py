"""Cards about sources in trouble, and questions about what is held, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.durations import format_duration
from core.protocol import Button
from core.text import cut
from core.upkeep_words import UPKEEP
from core.words import Spoken, say, say_alike

_MOST_TITLE = 200


def _failing(args: Mapping[str, Any], now_ms: int) -> Spoken:
    reason = say(args["error"], *args["error_args"])
    return _card("⚠️", args, f"cannot be read for {_since(args, now_ms)}: {reason}. I go on trying."), ()


def _empty(args: Mapping[str, Any], now_ms: int) -> Spoken:
    said = f"shows nothing for {_since(args, now_ms)}, and used to. Has the page changed?"
    return _card("⚠️", args, said), ()


def _no_erid(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = (
        f"⏸ Links to {args['host']} are held in {args['chat']}: it requires an erid, and they have none.\n"
        f"/link {args['chat']} add {args['host']} erid=... gives them one; they go out then."
    )
    return text, ()


def _silent(args: Mapping[str, Any], now_ms: int) -> Spoken:
    said = f"has had nothing new for {_since(args, now_ms)}, three times as long as usual or more."
    return _card("🔇", args, said), ()


def _gone(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = "is gone for good, says its server (410). I do not ask it any more; /add its address to try again."
    return _card("🪦", args, said), ()


def _well(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return _card("✔️", args, "is well again." if args["watched"] else "is not watched any more."), ()


def _back(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = "shows something new again." if args["was"] == "silent" else "works again."
    return _card("✅", args, said), ()


def _network(args: Mapping[str, Any], now_ms: int) -> Spoken:
    return (
        f"🌐 More than a fifth of all sources cannot be read for {_since(args, now_ms)}, and they began to "
        "fail together. This is my network, not your sources."
    ), ()


def _network_works(_args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return "🌐 My network works again.", ()


def _flood(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    lines = [f"{links} from {_short(title)}" for title, links in args["sources"]]
    if args["others"]:
        lines.append(f"and more from {args['others']} other sources")
    if args.get("restored"):  # by a person, who chose to be asked
        beginning = f"🗄 {args['links']} links may have been posted after the backup that was restored:\n"
        end = "\nAre they in their chats? Then drop them."
    else:
        beginning = f"🌊 {args['links']} new links at once, far more than usual. I hold them back:\n"
        end = "\nDid the site only change its addresses? Then drop them."
    text = beginning + "\n".join(lines) + end
    row = (
        Button(text="Post them", data=f"flood:{args['newest']}:post"),
        Button(text="Drop them", data=f"flood:{args['newest']}:drop"),
    )
    return text, (row,)


def _flood_answered(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    verdict = {"post": "will be posted", "drop": "are dropped"}[args["verdict"]]
    return f"🌊 {args['links']} links that were held back {verdict}.", ()


def _bare(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    why = f" ({say_alike(args['error'], *args['error_args'])})" if args["error"] else ""
    text = (
        f"❓ {cut(args['url'], 1000)}\nIts page shows neither title nor picture{why}. "
        f"Publish the bare address to {args['chat']}?"
    )
    row = (
        Button(text="Publish", data=f"facts:{args['queue_id']}:post"),
        Button(text="Drop", data=f"facts:{args['queue_id']}:drop"),
    )
    return text, (row,)


def _bare_answered(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    verdict = {"post": "will be published", "drop": "is dropped"}[args["verdict"]]
    return f"✔️ {cut(args['url'], 1000)} {verdict}.", ()


def _since(args: Mapping[str, Any], now_ms: int) -> str:
    return format_duration(max(60, (now_ms - args["since_ms"]) // 60_000 * 60))


def _card(sign: str, args: Mapping[str, Any], said: str) -> str:
    return f"{sign} “{_short(args['title'])}” {said}"


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

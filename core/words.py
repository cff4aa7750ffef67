"""Codes, with their arguments, in the words of a reader. Nothing else in the program speaks."""

from collections.abc import Callable, Mapping
from typing import Any

from core.durations import format_duration
from core.protocol import Button
from core.sent_words import SENT_WORDS
from core.template_words import NOTICES as TEMPLATE_NOTICES
from core.text import cut, one_line

_LINE_LIMIT = 100
_LABEL_LIMIT = 60

_REASONS = {
    # why a queue row is held, dropped or dead
    "uncertain": "no clear answer from Telegram: it may or may not be in the chat",
    "no_start": "no clear answer from Telegram, and nothing was known of this chat's messages before",
    "no_end": "no clear answer from Telegram, and too many messages of others since",
    "no_time": "no clear answer from Telegram, and no time to look for it",
    "protected": "no clear answer from Telegram, and the messages there are protected",
    "probe_refused": "no clear answer from Telegram, and its messages cannot be looked at",
    "uncertain_expired": "nobody said whether it was posted",
    "answered_posted": "somebody said that it is there",
    "answered_drop": "somebody decided against it",
    "suspended": "the chat cannot be reached",
    "topic_suspended": "the topic cannot be reached",
    "chat_expired": "the chat could not be reached for 30 days",
    "unsubscribed": "the source was removed before it went out",
    "rejected": "Telegram refuses this message",
    "backlog": "it was there before the subscription, or came while that paused",
    "wanted": "wanted",
    "repeat": "wanted, and here already",
    "filtered": "filtered",
    "flood_brake": "its source showed far more at once than usual",
    "no_erid": "its link has no erid, which this chat requires (/link)",
    "no_facts": "nothing is known of it but its address",
    "paused": "its subscription pauses",
    "approval": "somebody has to say that it may be posted",
    "since_backup": "it may have been posted after the backup that was restored",
    "merged": "the same link was there already, under another address or chat id",
    "adopted": "it was found in the chat's history",
    # why a chat is suspended
    "blocked": "the bot was blocked",
    "kicked": "the bot is not in the chat",
    "no_rights": "the bot may not post there",
    "deactivated": "the user has deleted the account",
    "never_started": "the user has never spoken to the bot",
    "upgraded": "the group became a supergroup, and its new id is not known yet",
    "not_found": "there is no such chat for this bot",
    "topic_closed": "the topic is closed",
    "topic_gone": "the topic was deleted",
    # why a source could not be read
    "timeout": "it did not answer in time",
    "unreachable": "it could not be reached",
    "address_blocked": "{0} is at {1}, which is no public address; if that is meant, "
    "set ALLOW_HOSTS={0} or ALLOW_NETWORKS={1}",
    "proxy": "its proxy cannot be reached, or refuses",
    "too_large": "it is larger than MAX_BODY",
    "http_status": "it answered {0}",
    "bad_redirect": "it redirects too often or to something that is no web address",
    "bad_encoding": "its compressed data is damaged or of an unknown kind",
    "not_a_feed": "this is not a feed",
    "not_a_sitemap": "this is not a sitemap",
    "not_html": "this is not a web page",
    "not_json": "this is not JSON",
    "no_list": "no list was found on this page",
    "which_list": "several lists on this page could be meant; say which with select=",
    "bad_rules": "its rules cannot be used any more",
    "broken": "its XML or JSON is damaged beyond reading",
    "empty": "it is empty",
    "too_slow": "reading it takes too long",
    "too_much_memory": "reading it takes too much memory",
    "broke_off": "it breaks off before its end",
    "not_a_picture": "this is not a picture",
    "picture_too_small": "the picture is too small",
    "picture_too_large": "the picture is too large",
    "crashed": "reading it failed unexpectedly",
    # why a page gave no facts
    "forbidden": "its server refuses to show it",
    "server_error": "its server has trouble",
    "challenge": "it asks visitors to prove that they are human",
    "access_denied": "it says that access is denied",
    "login_wall": "it shows a login only",
    "consent_wall": "it shows a question about consent only",
    "needs_scripts": "it shows nothing without JavaScript",
    # why a link cannot be taken
    "not_a_url": "this is not a web address",
    "not_http": "only http and https addresses can be watched",
    "no_host": "the address has no host",
    "no_dot": "the address has no domain, such as example.com",
    "too_long": "the address is longer than 8 KB",
    "no_link": "the entry has no link",
    # why a source is looked at when
    "new": "it is new",
    "interval": "its rhythm",
    "fresh": "it says that nothing changes before",
    "quiet": "it says that nothing happens in these hours",
    "throttled": "its server finds it asked too often",
    "backoff": "waiting longer after each failure",
    "retry_after": "its server asked for time",
    "gone": "its server says it is gone for good",
    "moved": "another source moved to its address",
    "asked": "somebody asked",
    # why a post waits
    "now": "its turn",
    "gap": "the pause between two posts",
    "hold": "posts are held at this hour",
    "window": "posts go out at other hours",
    "cap": "the day is full",
    "digest": "the next digest",
    "fold": "so many at once would be folded into a digest",
    "at": "the time somebody chose",
    "flood_wait": "Telegram asked for time",
    "page": "its page is being read",
    "not_before": "the last try did not get through",
    # what happened to a post in the queue
    "expired": "it waited longer than expire= allows",
    "dropped_by_hand": "somebody took it out of the queue",
    "queue_now": "On its way.",
    "queue_moved": "Moved.",
    "queue_edge": "There is nothing to pass.",
    "queue_dropped": "Dropped.",
    "queue_settled": "It waits no more.",
    "edit_settled": "It waits no more.",
    "edit_under_way": "It is being sent right now: its text can be changed no more.",
    "edit_posted": "It was posted, or may have been: its text can be changed no more.",
    "post_queued": "Queued.",
    "post_promoted": "It was waiting here; now it goes before what sources bring.",
    "post_held": "It is held here. Say again behind the address to post it all the same.",
    "post_known": "It was posted here before. Say again behind the address to post it once more.",
    "post_under_way": "It is being posted here right now.",
    # what a press on the card of a new source did
    "add_watching": "Watching it.",
    "add_link": "On its way.",
    "add_link_known": "It was posted or queued here before.",
    "add_settled": "This was settled before.",
    "add_old": "This question is too old. Send /add with the address again.",
    "add_forbidden": "You may not decide this here.",
    # remarks under a post
    "perhaps_repeated": "This may be a repetition: it is not known whether it arrived before.",
    **SENT_WORDS,
}


ALIKE = frozenset({"unreachable", "timeout", "address_blocked", "proxy"})
"""Why an address gave nothing, in ways that would tell strangers about the network around the bot."""


def say_alike(code: str, *args: object) -> str:
    """Return what a code means to anybody: the same for an address that is blocked, silent or refuses."""
    return say("unreachable") if code in ALIKE else say(code, *args)


def say(code: str, *args: object) -> str:
    """Return what a code means; an unknown code speaks for itself."""
    words = _REASONS.get(code)
    return code if words is None else words.format(*args) if args else words


Spoken = tuple[str, tuple[tuple[Button, ...], ...]]
"""A text and its rows of buttons."""


def speak(code: str, args: Mapping[str, Any], *, now_ms: int) -> Spoken:
    """Return the text and buttons of a notice.

    Raises:
        KeyError: there is no such notice.
    """
    from core.alarms import ALARMS  # these speak with the words of this module
    from core.delivery_cards import DELIVERY_CARDS

    speaks = next((each for each in (TEMPLATE_NOTICES, ALARMS, DELIVERY_CARDS) if code in each), _NOTICES)
    return speaks[code](args, now_ms)


def _looking(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return f"Looking at {args['url']} …", ()


def _watching(args: Mapping[str, Any], now_ms: int) -> Spoken:
    every = format_duration(args["interval_s"])
    wait = format_duration((args["next_check_ms"] - now_ms) / 1000)
    count, queued = args["entries"], args["queued"]
    lines = [
        f"✅ {_short(args['title']) or args['url']}",
        f"No. {args['number']} · {args['kind']} · checked every {every} · next check in {wait}",
        f"It shows {count} {'entry' if count == 1 else 'entries'} now; "
        + (f"{queued} will be posted." if queued else "only what is new from here on will be posted."),
    ]
    lines += [f"• {_short(item)}" for item in args["items"]]
    buttons = () if queued or not count else ((Button(text="Send the newest now", data=args["data"]),),)
    return "\n".join(lines), buttons


def _unread(args: Mapping[str, Any], now_ms: int) -> Spoken:
    wait = format_duration((args["next_check_ms"] - now_ms) / 1000)
    reason = say(args["error"], *args["error_args"])
    if args["error"] == "which_list" and args["error_args"]:
        reason += "\n" + args["error_args"][0] + "\n"
    text = (
        f"⚠️ {args['url']}\nNo. {args['number']}: {reason}. I try again in {wait}; "
        f"/remove {args['number']} if the address is wrong."
    )
    return text, ()


def _question(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    suggestions = args["suggestions"]
    lines = [f"❓ {cut(args['url'], 1000)}", "What shall I do with it?"]
    if args["error"]:
        lines[1] = f"I see nothing to watch there: {say_alike(args['error'], *args['error_args'])}."
    lines += [
        f"{number}. {_short(', '.join(filter(None, (each['title'], each['why']))))}\n{cut(each['url'], 300)}"
        for number, each in enumerate(suggestions, start=1)
    ]
    if not suggestions:
        lines.append("A list on it can be named: /add with as=list select=CSS-SELECTOR.")
    rows = [
        (Button(text=_label(each, number, len(suggestions)), data=f"add:{args['probe_id']}:{number - 1}"),)
        for number, each in enumerate(suggestions, start=1)
    ]
    rows.append((Button(text="Only this link", data=f"add:{args['probe_id']}:link"),))
    return "\n".join(lines), tuple(rows)


def _label(suggestion: Mapping[str, Any], number: int, count: int) -> str:
    name = _LABELS.get(suggestion["kind"], str(suggestion["kind"]))
    if count == 1 or suggestion["kind"] == "list":
        return name
    return cut(f"{number}. {name}: {one_line(suggestion['title']) or suggestion['url']}", _LABEL_LIMIT)


_LABELS = {"feed": "Feed", "sitemap": "Sitemap", "list": "This list"}


def _short(text: str) -> str:
    return cut(one_line(text), _LINE_LIMIT)


def _known(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return f"No. {args['number']} is watched here already: {args['url']}", ()


def _linked(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = "will be posted, once" if args["queued"] else "was posted or queued here before"
    return f"✔️ “{_short(args['title']) or args['host']}” {said}.", ()


def _detail(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return f"🔒 {args['url']} (No. {args['number']}): {say(args['error'], *args['error_args'])}.", ()


def _uncertain(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = (
        f"❓ Was this posted to {args['chat']}?\n“{args['title'] or args['host']}” ({args['host']})\n"
        f"Telegram gave no clear answer. {args['fallback']}"
    )
    row = (
        Button(text="It is there", data=f"unc:{args['queue_id']}:sent"),
        Button(text="Send it again", data=f"unc:{args['queue_id']}:again"),
    )
    return text, (row,)


def _answered(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    verdict = _VERDICTS[args["verdict"]]
    return f"✔️ “{args['title'] or args['host']}” in {args['chat']}: {verdict}.", ()


_VERDICTS = {"sent": "marked as posted", "again": "will be sent again", "found": "I found it, it is there"}


def _suspended(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = (
        f"⏸ Nothing can be posted to {args['chat']}: {say(args['reason'])}. "
        "Its subscriptions are kept and its posts wait for 30 days; they go on when I can post there again."
    )
    return text, ()


_NOTICES: dict[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "add.looking": _looking,
    "add.watching": _watching,
    "add.unread": _unread,
    "add.question": _question,
    "add.known": _known,
    "add.linked": _linked,
    "add.detail": _detail,
    "uncertain.question": _uncertain,
    "uncertain.answered": _answered,
    "chat.suspended": _suspended,
}

"""Codes, with their arguments, in the words of a reader. Nothing else in the program speaks."""

from collections.abc import Callable, Mapping
from typing import Any

from core.channel_words import CHANNEL_NOTICES
from core.found_words import how_found
from core.languages import gettext as _
from core.languages import marked, ngettext
from core.languages.formats import duration_text
from core.protocol import Button
from core.sent_words import SENT_WORDS
from core.template_words import NOTICES as TEMPLATE_NOTICES
from core.text import cut, one_line
from core.uncertainty import fallback_text

_LINE_LIMIT = 100
_LABEL_LIMIT = 60

_REASONS = {
    # why a queue row is held, dropped or dead
    "uncertain": marked("no clear answer from Telegram: it may or may not be in the chat"),
    "no_start": marked("no clear answer from Telegram, and nothing was known of this chat's messages before"),
    "no_end": marked("no clear answer from Telegram, and too many messages of others since"),
    "no_time": marked("no clear answer from Telegram, and no time to look for it"),
    "protected": marked("no clear answer from Telegram, and the messages there are protected"),
    "probe_refused": marked("no clear answer from Telegram, and its messages cannot be looked at"),
    "uncertain_expired": marked("nobody said whether it was posted"),
    "answered_posted": marked("somebody said that it is there"),
    "answered_drop": marked("somebody decided against it"),
    "suspended": marked("the chat cannot be reached"),
    "topic_suspended": marked("the topic cannot be reached"),
    "chat_expired": marked("the chat could not be reached for 30 days"),
    "unsubscribed": marked("the source was removed before it went out"),
    "rejected": marked("Telegram refuses this message"),
    "backlog": marked("it was there before the subscription, or came while that paused"),
    "wanted": marked("wanted"),
    "repeat": marked("wanted, and here already"),
    "filtered": marked("filtered"),
    "flood_brake": marked("its source showed far more at once than usual"),
    "no_erid": marked("its link has no erid, which this chat requires (/link)"),
    "no_facts": marked("nothing is known of it but its address"),
    "paused": marked("its subscription pauses"),
    "approval": marked("somebody has to say that it may be posted"),
    "since_backup": marked("it may have been posted after the backup that was restored"),
    "merged": marked("the same link was there already, under another address or chat id"),
    "adopted": marked("it was found in the chat's history"),
    # why a chat is suspended
    "blocked": marked("the bot was blocked"),
    "kicked": marked("the bot is not in the chat"),
    "no_rights": marked("the bot may not post there"),
    "deactivated": marked("the user has deleted the account"),
    "never_started": marked("the user has never spoken to the bot"),
    "upgraded": marked("the group became a supergroup, and its new id is not known yet"),
    "not_found": marked("there is no such chat for this bot"),
    "topic_closed": marked("the topic is closed"),
    "topic_gone": marked("the topic was deleted"),
    # why a source could not be read
    "timeout": marked("it did not answer in time"),
    "unreachable": marked("it could not be reached"),
    "address_blocked": marked(
        "{0} is at {1}, which is no public address; if that is meant, "
        "set ALLOW_HOSTS={0} or ALLOW_NETWORKS={1}"
    ),
    "proxy": marked("its proxy cannot be reached, or refuses"),
    "too_large": marked("it is larger than MAX_BODY"),
    "http_status": marked("it answered {0}"),
    "bad_redirect": marked("it redirects too often or to something that is no web address"),
    "bad_encoding": marked("its compressed data is damaged or of an unknown kind"),
    "not_a_feed": marked("this is not a feed"),
    "not_a_sitemap": marked("this is not a sitemap"),
    "not_html": marked("this is not a web page"),
    "not_json": marked("this is not JSON"),
    "no_list": marked("no list was found on this page"),
    "which_list": marked("several lists on this page could be meant; say which with select="),
    "bad_rules": marked("its rules cannot be used any more"),
    "broken": marked("its XML or JSON is damaged beyond reading"),
    "empty": marked("it is empty"),
    "too_slow": marked("reading it takes too long"),
    "too_much_memory": marked("reading it takes too much memory"),
    "broke_off": marked("it breaks off before its end"),
    "not_a_picture": marked("this is not a picture"),
    "picture_too_small": marked("the picture is too small"),
    "picture_too_large": marked("the picture is too large"),
    "crashed": marked("reading it failed unexpectedly"),
    # why a page gave no facts
    "forbidden": marked("its server refuses to show it"),
    "server_error": marked("its server has trouble"),
    "challenge": marked("it asks visitors to prove that they are human"),
    "access_denied": marked("it says that access is denied"),
    "login_wall": marked("it shows a login only"),
    "consent_wall": marked("it shows a question about consent only"),
    "needs_scripts": marked("it shows nothing without JavaScript"),
    # why a link cannot be taken
    "not_a_url": marked("this is not a web address"),
    "not_http": marked("only http and https addresses can be watched"),
    "no_host": marked("the address has no host"),
    "no_dot": marked("the address has no domain, such as example.com"),
    "too_long": marked("the address is longer than 8 KB"),
    "no_link": marked("the entry has no link"),
    # why a source is looked at when
    "new": marked("it is new"),
    "interval": marked("its rhythm"),
    "fresh": marked("it says that nothing changes before"),
    "quiet": marked("it says that nothing happens in these hours"),
    "throttled": marked("its server finds it asked too often"),
    "backoff": marked("waiting longer after each failure"),
    "retry_after": marked("its server asked for time"),
    "gone": marked("its server says it is gone for good"),
    "moved": marked("another source moved to its address"),
    "asked": marked("somebody asked"),
    # why a post waits
    "now": marked("its turn"),
    "gap": marked("the pause between two posts"),
    "hold": marked("posts are held at this hour"),
    "window": marked("posts go out at other hours"),
    "cap": marked("the day is full"),
    "digest": marked("the next digest"),
    "fold": marked("so many at once would be folded into a digest"),
    "at": marked("the time somebody chose"),
    "flood_wait": marked("Telegram asked for time"),
    "page": marked("its page is being read"),
    "not_before": marked("the last try did not get through"),
    # what happened to a post in the queue
    "expired": marked("it waited longer than expire= allows"),
    "dropped_by_hand": marked("somebody took it out of the queue"),
    "queue_now": marked("On its way."),
    "queue_moved": marked("Moved."),
    "queue_edge": marked("There is nothing to pass."),
    "queue_dropped": marked("Dropped."),
    "queue_settled": marked("It waits no more."),
    "edit_settled": marked("It waits no more."),
    "edit_under_way": marked("It is being sent right now: its text can be changed no more."),
    "edit_posted": marked("It was posted, or may have been: its text can be changed no more."),
    "post_queued": marked("Queued."),
    "post_promoted": marked("It was waiting here; now it goes before what sources bring."),
    "post_held": marked("It is held here. Say again behind the address to post it all the same."),
    "post_known": marked("It was posted here before. Say again behind the address to post it once more."),
    "post_under_way": marked("It is being posted here right now."),
    # what a press on the card of a new source did
    "add_watching": marked("Watching it."),
    "add_link": marked("On its way."),
    "add_link_known": marked("It was posted or queued here before."),
    "add_settled": marked("This was settled before."),
    "add_old": marked("This question is too old. Send /add with the address again."),
    "add_forbidden": marked("You may not decide this here."),
    # remarks under a post
    "perhaps_repeated": marked("This may be a repetition: it is not known whether it arrived before."),
    **SENT_WORDS,
}


_OF_MANY = {
    "http_status": marked("it answered with an error"),
    "address_blocked": marked("its address is not public"),
}
"""What is said where the particulars are not at hand, as where several of them are counted."""

ALIKE = frozenset({"unreachable", "timeout", "address_blocked", "proxy"})
"""Why an address gave nothing, in ways that would tell strangers about the network around the bot."""


def say_alike(code: str, *args: object) -> str:
    """Return what a code means to anybody: the same for an address that is blocked, silent or refuses."""
    return say("unreachable") if code in ALIKE else say(code, *args)


def say(code: str, *args: object) -> str:
    """Return what a code means; an unknown code speaks for itself."""
    words = (None if args else _OF_MANY.get(code)) or _REASONS.get(code)
    if words is None:
        return code
    return _(words).format(*args) if args else _(words)


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
    return _("Looking at {url} …").format(url=args["url"]), ()


def _watching(args: Mapping[str, Any], now_ms: int) -> Spoken:
    every = duration_text(args["interval_s"])
    wait = duration_text((args["next_check_ms"] - now_ms) / 1000)
    count, queued = args["entries"], args["queued"]
    lines = [
        f"✅ {_short(args['title']) or args['url']}",
        _("No. {number} · {kind} · checked every {every} · next check in {wait}").format(
            number=args["number"], kind=args["kind"], every=every, wait=wait
        ),
        _shown(count, queued),
    ]
    lines += [f"• {_short(item)}" for item in args["items"]]
    buttons = () if queued or not count else ((Button(text=_("Send the newest now"), data=args["data"]),),)
    return "\n".join(lines), buttons


def _shown(count: int, queued: int) -> str:
    if not queued:
        return ngettext(
            "It shows {count} entry now; only what is new from here on will be posted.",
            "It shows {count} entries now; only what is new from here on will be posted.",
            count,
        ).format(count=count)
    return ngettext(
        "It shows {count} entry now; {queued} will be posted.",
        "It shows {count} entries now; {queued} will be posted.",
        count,
    ).format(count=count, queued=queued)


def _unread(args: Mapping[str, Any], now_ms: int) -> Spoken:
    wait = duration_text((args["next_check_ms"] - now_ms) / 1000)
    reason = say(args["error"], *args["error_args"])
    if args["error"] == "which_list" and args["error_args"]:
        reason += "\n" + args["error_args"][0] + "\n"
    text = _(
        "⚠️ {url}\nNo. {number}: {reason}. I try again in {wait}; /remove {number} if the address is wrong."
    ).format(url=args["url"], number=args["number"], reason=reason, wait=wait)
    return text, ()


def _question(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    suggestions = args["suggestions"]
    lines = [f"❓ {cut(args['url'], 1000)}", _("What shall I do with it?")]
    if args["error"]:
        lines[1] = _("I see nothing to watch there: {error}.").format(
            error=say_alike(args["error"], *args["error_args"])
        )
    lines += [
        f"{number}. {_suggested(each)}\n{cut(each['url'], 300)}"
        for number, each in enumerate(suggestions, start=1)
    ]
    if not suggestions:
        lines.append(_("A list on it can be named: /add with as=list select=CSS-SELECTOR."))
    rows = [
        (Button(text=_label(each, number, len(suggestions)), data=f"add:{args['probe_id']}:{number - 1}"),)
        for number, each in enumerate(suggestions, start=1)
    ]
    rows.append((Button(text=_("Only this link"), data=f"add:{args['probe_id']}:link"),))
    return "\n".join(lines), tuple(rows)


def _suggested(each: Mapping[str, Any]) -> str:
    return _short(", ".join(filter(None, (each["title"], how_found(each["why"])))))


def _label(suggestion: Mapping[str, Any], number: int, count: int) -> str:
    name = _(_LABELS.get(suggestion["kind"], str(suggestion["kind"])))
    if count == 1 or suggestion["kind"] == "list":
        return name
    return cut(f"{number}. {name}: {one_line(suggestion['title']) or suggestion['url']}", _LABEL_LIMIT)


_LABELS = {"feed": marked("Feed"), "sitemap": marked("Sitemap"), "list": marked("This list")}


def _short(text: str) -> str:
    return cut(one_line(text), _LINE_LIMIT)


def _known(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return _("No. {number} is watched here already: {url}").format(number=args["number"], url=args["url"]), ()


def _linked(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = (
        _("✔️ “{title}” will be posted, once.")
        if args["queued"]
        else _("✔️ “{title}” was posted or queued here before.")
    )
    return said.format(title=_short(args["title"]) or args["host"]), ()


def _detail(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return _("🔒 {url} (No. {number}): {error}.").format(
        url=args["url"], number=args["number"], error=say(args["error"], *args["error_args"])
    ), ()


def _uncertain(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = _(
        "❓ Was this posted to {chat}?\n“{title}” ({host})\nTelegram gave no clear answer. {fallback}"
    ).format(
        chat=args["chat"],
        title=args["title"] or args["host"],
        host=args["host"],
        fallback=args.get("fallback") or fallback_text(args["then"], args["wait_s"]),
    )
    row = (
        Button(text=_("It is there"), data=f"unc:{args['queue_id']}:sent"),
        Button(text=_("Send it again"), data=f"unc:{args['queue_id']}:again"),
    )
    return text, (row,)


def _answered(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    words = _VERDICTS[args["verdict"]]
    return _("✔️ “{title}” in {chat}: {verdict}.").format(
        title=args["title"] or args["host"], chat=args["chat"], verdict=_(words)
    ), ()


_VERDICTS = {
    "sent": marked("marked as posted"),
    "again": marked("will be sent again"),
    "found": marked("I found it, it is there"),
}


def _suspended(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = _(
        "⏸ Nothing can be posted to {chat}: {reason}. Its subscriptions are kept and its "
        "posts wait for 30 days; they go on when I can post there again."
    ).format(chat=args["chat"], reason=say(args["reason"]))
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
    **CHANNEL_NOTICES,
}

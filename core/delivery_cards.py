"""Cards about links that wait for approval, and posts that waited too long, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.languages import gettext as _
from core.languages import ngettext
from core.protocol import Button
from core.receipts import receipt_text
from core.text import cut
from core.words import Spoken, say

_OWN_LIMIT = 2_000


def approval_buttons(queue_id: int, version: int) -> tuple[Button, ...]:
    """Return the buttons of a link that waits for approval, under this version of its text (0: none yet)."""
    return (
        Button(text=_("Publish"), data=f"apr:{queue_id}:{version}:publish"),
        Button(text=_("Edit"), data=f"edit:{queue_id}"),
        Button(text=_("Drop"), data=f"apr:{queue_id}:{version}:drop"),
    )


def waiting_buttons(queue_id: int) -> tuple[Button, ...]:
    """Return the buttons of a post that waits in the queue, under its text."""
    return (
        Button(text=_("Now"), data=f"q:now:{queue_id}"),
        Button(text=_("Edit"), data=f"edit:{queue_id}"),
        Button(text=_("Time"), data=f"time:{queue_id}"),
        Button(text=_("Drop"), data=f"q:drop:{queue_id}"),
    )


def _approve(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    words = args["title"] or args["host"]
    if own := args.get("own"):
        words = _("{own}\n✏️ written by {written_by}").format(
            own=cut(own, _OWN_LIMIT), written_by=args["written_by"]
        )
    text = _("📝 For {chat}:\n{words}\n{url}").format(chat=args["chat"], words=words, url=args["url"])
    return text, (approval_buttons(args["queue_id"], args.get("version", 0)),)


def _approved(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = (
        _("✔️ will be posted, says {by}: {title}")
        if args["verdict"] == "publish"
        else _("✖️ dropped, says {by}: {title}")
    )
    first = said.format(by=args["by"], title=args["title"] or args["host"])
    return f"{first}\n{args['url']} → {args['chat']}", ()


def _expired(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    count = args["count"]
    text = ngettext(
        "🗑 {count} post for {chat} waited for 30 days and will not be posted any more: {reason}. "
        "/remove ends its subscriptions.",
        "🗑 {count} posts for {chat} waited for 30 days and will not be posted any more: {reason}. "
        "/remove ends its subscriptions.",
        count,
    ).format(
        count=count,
        chat=args["chat"],
        reason=say(args["reason"] or "topic_suspended"),
    )
    return text, ()


def _refused(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = (
        _("⚠️ “{title}” could not be deleted in its chat: {error}.")
        if args["kind"] == "delete"
        else _("⚠️ “{title}” could not be changed in its chat: {error}.")
    )
    return said.format(title=cut(args["title"], 200), error=say(args["error"])), ()


def _receipt(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return f"🧾 {args['chat']}, {args['day']}\n{receipt_text(args['fates'])}", ()


DELIVERY_CARDS: dict[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "chat.expired": _expired,
    "approval.question": _approve,
    "approval.answered": _approved,
    "amendment.refused": _refused,
    "receipt.day": _receipt,
}

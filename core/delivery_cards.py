"""Cards about links that wait for approval, and posts that waited too long, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.protocol import Button
from core.receipts import receipt_text
from core.text import cut
from core.words import Spoken, say

_OWN_LIMIT = 2_000


def approval_buttons(queue_id: int, version: int) -> tuple[Button, ...]:
    """Return the buttons of a link that waits for approval, under this version of its text (0: none yet)."""
    return (
        Button(text="Publish", data=f"apr:{queue_id}:{version}:publish"),
        Button(text="Edit", data=f"edit:{queue_id}"),
        Button(text="Drop", data=f"apr:{queue_id}:{version}:drop"),
    )


def waiting_buttons(queue_id: int) -> tuple[Button, ...]:
    """Return the buttons of a post that waits in the queue, under its text."""
    return (
        Button(text="Now", data=f"q:now:{queue_id}"),
        Button(text="Edit", data=f"edit:{queue_id}"),
        Button(text="Time", data=f"time:{queue_id}"),
        Button(text="Drop", data=f"q:drop:{queue_id}"),
    )


def _approve(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    words = args["title"] or args["host"]
    if own := args.get("own"):
        words = f"{cut(own, _OWN_LIMIT)}\n✏️ written by {args['written_by']}"
    text = f"📝 For {args['chat']}:\n{words}\n{args['url']}"
    return text, (approval_buttons(args["queue_id"], args.get("version", 0)),)


def _approved(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    said = {"publish": "✔️ will be posted", "drop": "✖️ dropped"}[args["verdict"]]
    return f"{said}, says {args['by']}: {args['title'] or args['host']}\n{args['url']} → {args['chat']}", ()


def _expired(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    count = args["count"]
    text = (
        f"🗑 {count} {'post' if count == 1 else 'posts'} for {args['chat']} waited for 30 days "
        f"and will not be posted any more: {say(args['reason'] or 'topic_suspended')}. "
        "/remove ends its subscriptions."
    )
    return text, ()


def _refused(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    what = "deleted" if args["kind"] == "delete" else "changed"
    return f"⚠️ “{cut(args['title'], 200)}” could not be {what} in its chat: {say(args['error'])}.", ()


def _receipt(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    return f"🧾 {args['chat']}, {args['day']}\n{receipt_text(args['fates'])}", ()


DELIVERY_CARDS: dict[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "chat.expired": _expired,
    "approval.question": _approve,
    "approval.answered": _approved,
    "amendment.refused": _refused,
    "receipt.day": _receipt,
}

"""Cards about links that wait for approval, and posts that waited too long, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.protocol import Button
from core.words import Spoken, say


def _approve(args: Mapping[str, Any], _now_ms: int) -> Spoken:
    text = f"📝 For {args['chat']}:\n{args['title'] or args['host']}\n{args['url']}"
    row = (
        Button(text="Publish", data=f"apr:{args['queue_id']}:publish"),
        Button(text="Drop", data=f"apr:{args['queue_id']}:drop"),
    )
    return text, (row,)


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


DELIVERY_CARDS: dict[str, Callable[[Mapping[str, Any], int], Spoken]] = {
    "chat.expired": _expired,
    "approval.question": _approve,
    "approval.answered": _approved,
}

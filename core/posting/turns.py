"""When the next post of a chat may go out, and why not before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from core.pacing import Head, Wait, wait_of
from core.posting.moments import day_begins_ms, digest_from, open_from
from core.posting.rules import PostingRules, closed_by
from core.posting.zones import local

_ROUNDS = 3
_LONGEST_WITHOUT_DIGEST_MS = 2 * 86_400_000
"""A day may be left out where clocks are set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What decides when a chat's posts go out.

    Attributes:
        gap_ms: pause between two posts, as the operator wants it.
        sent_today: posts since the chat's day began, as far as a cap makes them count.
    """

    gap_ms: int
    rules: PostingRules
    zone: ZoneInfo
    sent_today: int = 0


def turn(head: Head, pace: Pace, *, now_ms: int) -> Wait:
    """Return when a post may go out: at once, or later and why.

    A moment that somebody chose comes before the schedule of the chat, but not before a flood wait or
    the gap that Telegram wants. One that was chosen by a clock which has jumped back since is void.
    A digest holds up what sources brought, not what people post.
    """
    if head.at_ms is not None:
        wait = wait_of(head, gap_ms=pace.gap_ms, now_ms=now_ms)
        chosen = head.at_ms > wait.until_ms and head.entered_ms <= now_ms
        return Wait(until_ms=head.at_ms, why="at") if chosen else wait
    wait = wait_of(head, gap_ms=max(pace.gap_ms, round(pace.rules.gap_s * 1000)), now_ms=now_ms)
    if pace.rules.digest and not head.by_hand and head.entered_ms <= now_ms:
        due_ms = digest_from(pace.rules, pace.zone, head.entered_ms)
        if due_ms > wait.until_ms:
            wait = Wait(until_ms=due_ms, why="digest")
    return _scheduled(wait, pace, now_ms)


def _scheduled(wait: Wait, pace: Pace, now_ms: int) -> Wait:
    """Return the first moment from the end of a wait on at which the schedule lets something out."""
    rules, zone = pace.rules, pace.zone
    full = rules.cap is not None and pace.sent_today >= rules.cap
    for _ in range(_ROUNDS):
        at_ms = open_from(rules, zone, wait.until_ms)
        if at_ms > wait.until_ms:
            wait = Wait(until_ms=at_ms, why=closed_by(rules, local(wait.until_ms, zone)) or "hold")
        tomorrow_ms = day_begins_ms(zone, now_ms, ahead=1) if full else 0
        if wait.until_ms >= tomorrow_ms:
            break
        wait = Wait(until_ms=tomorrow_ms, why="cap")
    return wait


def through_ms(head: Head, pace: Pace, *, now_ms: int) -> int:
    """Return up to which moment of entering posts are let go together with this one, whose turn it is.

    Those of the digest that is due; those that a hold or a closed window kept; those that came with it.
    """
    if head.entered_ms > now_ms:  # by a clock that has jumped back since
        return head.entered_ms
    if not pace.rules.digest:
        return open_from(pace.rules, pace.zone, head.entered_ms)
    at_ms = digest_from(pace.rules, pace.zone, max(head.entered_ms, now_ms - _LONGEST_WITHOUT_DIGEST_MS))
    while (following_ms := digest_from(pace.rules, pace.zone, at_ms + 1)) <= now_ms:
        at_ms = following_ms
    return at_ms


def forecast(heads: Iterable[Head], pace: Pace, *, now_ms: int) -> Iterator[Wait]:
    """Tell when each of a lane's posts will go out, if nothing comes between and all are sent at once.

    Posts that share a digest share its moment.
    """
    before_ms = now_ms
    for place, head in enumerate(heads):
        wait = turn(replace(head, last_send_ms=before_ms) if place else head, pace, now_ms=before_ms)
        if place and pace.rules.digest and not head.by_hand and head.entered_ms <= before_ms:
            due_ms = digest_from(pace.rules, pace.zone, head.entered_ms)
            wait = Wait(until_ms=before_ms, why="digest") if due_ms <= before_ms else wait
        same_day = local(before_ms, pace.zone).date() == local(wait.until_ms, pace.zone).date()
        if wait.until_ms > before_ms or not place:
            pace = replace(pace, sent_today=pace.sent_today + 1 if same_day else 1)
        before_ms = wait.until_ms
        yield wait

"""What must be true after a scenario, seen from outside: what sites published against what Telegram took."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from simulation.botapi import Accepted, FloodViolation
from simulation.course import PASSWORD, Course
from simulation.invariants import sent_again, violations
from simulation.world import TOKEN

_OF_BROKEN_ANSWERS = ("handler_crashed", "update_failed")
"""What is logged where Telegram's answer to an answer is broken."""
_TOLD_WITHIN_S = 1.0
_WRITTEN_S = 1.0
"""Within so many seconds an answer is written down."""
_LONGEST_WAIT_S = 300.0
_IDLE = {
    "leased sources": "SELECT id FROM sources WHERE lease_owner IS NOT NULL AND lease_until_ms < :now_ms",
    "leased pages": "SELECT id FROM history WHERE lease_owner IS NOT NULL AND lease_until_ms < :now_ms",
    "leased posts": "SELECT id FROM queue WHERE lease_owner IS NOT NULL",
}


def wrongs(course: Course, logs: Iterable[tuple[int, str]]) -> list[str]:
    """Return everything that is wrong; an empty list is a good run."""
    world = course.world
    found = [f"does not come to rest: {what}" for what in course.unsettled]
    found += violations(world.database, world.api.journal, quiet=not course.unsettled)
    if course.tasks_left:
        found.append(f"{course.tasks_left} tasks live on")
    for check in (_impatient, _repeated, _astray, _unexplained, _overtaken, _leased, _copies):
        found += check(course)
    return found + list(_heard(course, logs))


def _impatient(course: Course) -> Iterator[str]:
    """Nothing is sent into a flood wait of its chat; one of all chats is learned from two of them.

    Waits are kept by the clock of the program's machine; who sets it meanwhile ends them. A crash before
    the answer that announced one is written down leaves nobody who knows of it.
    """
    settings = [at for at, step in course.done if step.what == "clock"] + [course.healed_s]
    heard: defaultdict[float, list[FloodViolation]] = defaultdict(list)
    for one in course.world.api.flood_violations:
        before = tuple(heard[one.until])
        heard[one.until].append(one)
        if any(one.at - _LONGEST_WAIT_S < at <= one.at for at in settings):
            continue
        if any(one.told <= at <= one.told + _WRITTEN_S for at in course.world.crashed_s):
            continue
        if not one.everywhere or _learned(before) or one.chat_id in {other.chat_id for other in before}:
            yield f"sent into a flood wait: {one}"


def _learned(heard: Sequence[FloodViolation]) -> bool:
    """Return whether two chats that heard of a wait so soon after each other have told that it is for all."""
    return any(
        one.chat_id != other.chat_id and other.at - one.at <= _TOLD_WITHIN_S for one, other in pairwise(heard)
    )


def bare(link: str) -> str:
    """Return a link as its site means it."""
    return link.partition("?")[0]


def _posts(course: Course) -> list[Accepted]:
    """Return the posts of links that sites published; cards and answers have no such links in these chats."""
    places = _places(course)
    known = {bare(entry.link) for feed in course.world.web for entry in feed.entries}
    return [
        message
        for message in course.world.api.journal
        if message.origin is None
        and message.links
        and message.chat_id in places
        and any(bare(link) in known for link in message.links)
        and not any(data for _, data in message.buttons if not data.startswith("http"))
    ]


def _places(course: Course) -> dict[int, int]:
    """Return which chat each of the scenario's chats is now, by either id."""
    found = {}
    for room in course.scenario.rooms:
        now = course.world.api.chats[room.chat_id].migrated_to or room.chat_id
        found[room.chat_id] = found[now] = now
    return found


def _repeated(course: Course) -> Iterator[str]:
    """No link is twice in a place, whatever its site did to it meanwhile."""
    places = _places(course)
    once = {room.chat_id: room.once for room in course.scenario.rooms}
    known = {bare(entry.link) for feed in course.world.web for entry in feed.entries}
    counts: Counter[tuple[int, int, str]] = Counter()
    for post in _posts(course):
        scope = post.topic_id if once.get(post.chat_id) == "topic" else 0
        for link in {bare(link) for link in post.links} & known:
            counts[places[post.chat_id], scope, link] += 1
    again = {(places.get(chat_id, chat_id), bare(link)) for chat_id, link in course.look(sent_again)}
    for (chat_id, _, link), count in sorted(counts.items()):
        if count > 1 and (chat_id, link) not in again:
            yield f"{link} is {count} times in {chat_id}"


def _astray(course: Course) -> Iterator[str]:
    """Nothing is in a place that follows no site of it."""
    followed: defaultdict[int, set[str]] = defaultdict(set)
    for following in course.scenario.followings:
        chat_id = _places(course)[following.chat_id]
        followed[chat_id] |= {bare(entry.link) for entry in course.world.web[following.site].entries}
    for post in _posts(course):
        strange = {bare(link) for link in post.links} - followed[_places(course)[post.chat_id]]
        if strange and bare(post.links[0]) in strange:
            yield f"nobody asked for {post.links[0]} in {post.chat_id}"


def _unexplained(course: Course) -> Iterator[str]:
    """Each link that a site shows at the end, and not at first, has a verdict where it is followed."""
    known = {
        (chat_id, topic_id, urlsplit(str(url)).hostname)
        for chat_id, topic_id, url in course.rows(
            """SELECT chat_id, topic_id, sources.url FROM subscriptions
            JOIN sources ON sources.id = source_id WHERE subscriptions.state = 'active'"""
        )
    }
    judged = {
        (chat_id, topic_id, bare(str(url)))
        for chat_id, topic_id, url in course.rows(
            """SELECT chat_id, topic_id, history.url FROM verdicts JOIN history ON history.id = history_id
            JOIN subscriptions ON subscriptions.id = subscription_id"""
        )
    }
    for following in course.scenario.followings:
        chat_id, topic_id = _places(course)[following.chat_id], following.topic_id
        feed = course.world.web[following.site]
        hosts = (f"{feed.name}.example", f"new-{feed.name}.example")
        if not any((chat_id, topic_id, host) in known for host in hosts):
            continue
        shown = [one for one in feed.shown if one.number > _first(course, following.site)]
        for entry in shown:
            if (chat_id, topic_id, bare(entry.link)) not in judged:
                yield f"{entry.link} is lost for {chat_id}/{topic_id}"


def _first(course: Course, site: str) -> int:
    return next(one.first for one in course.scenario.sites if one.name == site)


def _overtaken(course: Course) -> Iterator[str]:
    """No post began while one that was to go out before it was waiting in the same lane.

    Those that were held, in doubt or tried again have lost their turn by rule. The order is that of the ids,
    for the program's clock may have been set meanwhile.
    """
    rows = course.rows(
        """SELECT late.chat_id, late.lane, late.id, early.id FROM queue AS early
        JOIN posts AS early_post ON early_post.id = early.post_id
        JOIN queue AS late ON late.chat_id = early.chat_id AND late.lane = early.lane
        AND late.position > early.position
        JOIN posts AS late_post ON late_post.id = late.post_id
        WHERE early.state = 'sent' AND late.state = 'sent' AND early.lane < 2
        AND early.attempts = 1 AND early.released_ms = 0 AND early.digest = 0 AND late.digest = 0
        AND early.waits_from_ms < late_post.started_ms
        AND late_post.id < early_post.id AND early.id < late.id"""
    )
    for chat_id, lane, late, early in rows:
        yield f"row {late} of lane {lane} in {chat_id} overtook row {early}"


def _leased(course: Course) -> Iterator[str]:
    for what, sql in _IDLE.items():
        for (row_id,) in course.rows(sql, now_ms=course.ended_ms):
            yield f"{what}: {row_id}"


def _copies(course: Course) -> Iterator[str]:
    for message in course.world.api.journal:
        if message.origin is not None and not message.deleted:
            yield f"a copy is left behind: #{message.message_id} in {message.chat_id}"


def _heard(course: Course, logs: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Nothing failed that nobody broke, and no secret was said."""
    secrets = (TOKEN.partition(":")[2], PASSWORD)
    for message in course.world.api.journal:
        if any(secret in message.text for secret in secrets):
            yield f"a secret is said in {message.chat_id}: #{message.message_id}"
    asked_for = _OF_BROKEN_ANSWERS if course.world.api.faults.struck else ()
    for level, line in logs:
        if any(secret in line for secret in secrets):
            yield "a secret is in the log"
        if level >= logging.ERROR and not any(event in line for event in asked_for):
            yield f"logged: {line.strip()[:600]}"

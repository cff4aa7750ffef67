"""Single steps of a scenario, and how many of which are drawn."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simulation.botapi.chats import ChatKind

Rooms: TypeAlias = Sequence[tuple[int, ChatKind, tuple[int, ...]]]
"""Chat id, type and topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens `at_s` seconds after the world is set up.

    Attributes:
        what: A verb of `simulation.verbs`.
        whom: A site, a chat id, or nothing.
        how: The rest of its arguments.
        fault: Whether it is one that shrinking may leave out.
    """

    at_s: float
    what: str
    whom: str | int = ""
    how: tuple[str | int | float, ...] = ()
    fault: bool = True

    def __str__(self) -> str:
        return " ".join(map(str, (self.what, self.whom, *self.how))).replace("  ", " ")


_SAYINGS = (
    "/list {chat}", "/queue {chat}", "/stats", "/history {chat}", "/find engine", "/remove {chat} 2",
    "/pause {chat} 1 3m", "/resume {chat} 1 backlog=all", "/pause {chat} all 2m backlog=2",
    "/resume {chat} all", "/set {chat} 1 every=20s", "/set {chat} 1 title=Other",
    "/schedule {chat} gap 10s", "/schedule {chat} off", "/filter {chat} 1 off",
    "/post {chat} https://by-hand.example/{n}", "/post {chat} https://by-hand.example/{n} now",
    "/filter {chat} block title ~ comet",
)  # fmt: skip
_TROUBLES = (
    ("status", 403), ("status", 429), ("status", 500), ("status", 503), ("status", 404), ("slow", 0),
    ("hang", 0), ("refuse", 0), ("reset", 0), ("no_answer", 0), ("half", 0), ("garbage", 0),
    ("truncated", 0), ("empty", 0), ("html", 0),
)  # fmt: skip
_FAULTS = (
    "flood", "restart", "html", "truncated", "binary", "no_answer", "no_answer", "reset", "reset", "refuse",
    "half", "delay",
)  # fmt: skip
_METHODS = ("sendmessage", "sendmessage", "sendmessage", "sendphoto", "forwardmessage", "deletemessage")


def drawn_steps(
    rng: random.Random, *, length_s: float, sites: Sequence[str], rooms: Rooms
) -> tuple[Step, ...]:
    """Draw what happens: growth all along, and a budget of each kind of trouble."""
    share = length_s / 1200
    budget: list[tuple[Callable[[random.Random, float, Sequence[str], Rooms], list[Step]], float]] = [
        (_growth, 14 * share),
        (_edit, rng.randint(0, 5) * share),
        (_trouble_of_sites, rng.randint(0, 6) * share),
        (_trouble_of_telegram, rng.randint(0, 8) * share),
        (_trouble_of_chats, rng.randint(0, 2) * share),
        (_saying, rng.randint(0, 4) * share),
        (_crash, rng.randint(0, 4) * share),
        (_trouble_of_time, rng.randint(0, 2) * share),
    ]
    steps = []
    for draw, count in budget:
        for _ in range(round(count)):
            steps += draw(rng, round(rng.uniform(1, length_s), 1), sites, rooms)
    return tuple(sorted(steps, key=lambda step: (step.at_s, step.what)))


def _growth(rng: random.Random, at_s: float, sites: Sequence[str], _: Rooms) -> list[Step]:
    return [Step(at_s=at_s, what="publish", whom=rng.choice(sites), how=(rng.choice((1, 1, 1, 2, 5)),))]


def _edit(rng: random.Random, at_s: float, sites: Sequence[str], _: Rooms) -> list[Step]:
    """Sites that change what they showed: none of it is news."""
    site, back = rng.choice(sites), rng.randint(1, 4)
    later_s = round(at_s + rng.uniform(20, 300), 1)
    match rng.choice(("title", "date", "guid", "parameter", "turn", "vanish", "cross", "move")):
        case "turn":
            return [Step(at_s=at_s, what="turn", whom=site), Step(at_s=later_s, what="turn", whom=site)]
        case "vanish":
            gone = Step(at_s=at_s, what="vanish", whom=site, how=(back,))
            return [gone, Step(at_s=later_s, what="return", whom=site)]
        case "cross":
            return [Step(at_s=at_s, what="cross", whom=site, how=(rng.choice(sites),))]
        case "move":
            return [Step(at_s=at_s, what="move", whom=site)]
        case what:
            return [Step(at_s=at_s, what=what, whom=site, how=(back,))]


def _trouble_of_sites(rng: random.Random, at_s: float, sites: Sequence[str], _: Rooms) -> list[Step]:
    kind, status = rng.choice(_TROUBLES)
    how = (kind, status, rng.randint(1, 3), rng.choice(("", "", "20", "90")))
    return [Step(at_s=at_s, what="trouble", whom=rng.choice(sites), how=how)]


def _trouble_of_telegram(rng: random.Random, at_s: float, _: Sequence[str], __: Rooms) -> list[Step]:
    what = rng.choice(_FAULTS)
    when = "before" if what in ("flood", "refuse") else rng.choice(("before", "after"))
    method, scope = rng.choice(_METHODS), rng.choice(("chat", "chat", "all"))
    how = (what, method, when, rng.randint(1, 2), rng.randint(2, 20), scope)
    return [Step(at_s=at_s, what="fault", how=how)]


def _trouble_of_chats(rng: random.Random, at_s: float, _: Sequence[str], rooms: Rooms) -> list[Step]:
    chat_id, kind, topics = rng.choice(rooms)
    if kind == "group":
        return [Step(at_s=at_s, what="migrate", whom=chat_id)]
    if topics and rng.random() < 1 / 2:
        return [Step(at_s=at_s, what="topic", whom=chat_id, how=(rng.choice(topics), "closed"))]
    out = "kicked" if rng.random() < 1 / 2 else "no_rights"
    steps = [Step(at_s=at_s, what="out", whom=chat_id, how=(out,))]
    if rng.random() < 3 / 4:
        back_s = round(at_s + rng.uniform(30, 400), 1)
        steps.append(Step(at_s=back_s, what="back", whom=chat_id))
    return steps


def _saying(rng: random.Random, at_s: float, _: Sequence[str], rooms: Rooms) -> list[Step]:
    if rng.random() < 1 / 4:
        return [Step(at_s=at_s, what="press", how=(rng.randint(0, 3), rng.randint(0, 3)))]
    places = [chat_id for chat_id, kind, _ in rooms if kind != "private"] or [rooms[0][0]]
    words = rng.choice(_SAYINGS).format(chat=rng.choice(places), n=rng.randint(1, 9))
    said = [Step(at_s=at_s, what="say", how=(words,))]
    if words.startswith("/remove") and rng.random() < 3 / 4:
        later_s = round(at_s + rng.uniform(2, 700), 1)
        said.append(Step(at_s=later_s, what="take_back"))
    return said


def _crash(rng: random.Random, at_s: float, _: Sequence[str], __: Rooms) -> list[Step]:
    match rng.choice(("commit", "commit", "message", "now", "restart", "power", "power")):
        case "power":
            return [Step(at_s=at_s, what="lose_power_at_commit", how=(rng.randint(1, 12),))]
        case "now":
            return [Step(at_s=at_s, what="crash")]
        case "restart":
            return [Step(at_s=at_s, what="restart")]
        case what:
            return [Step(at_s=at_s, what=f"crash_at_{what}", how=(rng.randint(1, 12),))]


def _trouble_of_time(rng: random.Random, at_s: float, _: Sequence[str], __: Rooms) -> list[Step]:
    """A machine that stands still for longer than any lease, or whose clock is set."""
    if rng.random() < 1 / 3:
        return [Step(at_s=at_s, what="freeze", how=(rng.choice((20, 90, 300, 700)),))]
    error_s = rng.choice((-7200, -1800, -300, 40, 300, 1800, 7200))
    steps = [Step(at_s=at_s, what="clock", how=(error_s,))]
    if rng.random() < 1 / 2:
        later_s = round(at_s + rng.uniform(20, 300), 1)
        steps.append(Step(at_s=later_s, what="clock", how=(-error_s,)))
    return steps

"""`python -m simulation soak`: weeks of many sites and chats, with faults on each day, looked at once a day.

Sites keep a rhythm of hours. What a day holds of troubles is what a drawn scenario holds in twenty minutes,
spread over the day. At the end all must hold that must hold after any scenario, and nothing may have grown
that should not: tasks, open files, sockets. Memory is told, for the world keeps each message of it.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from simulation.course import Program
from simulation.many import machine, moment
from simulation.running import run_scenario
from simulation.sampling import HEAD, Sampler, growing
from simulation.scenario import Following, Room, Scenario, Site, drawn_room, drawn_site
from simulation.steps import Step, drawn_steps

_DAY_S = 86_400
_DRAWN_S = 1200.0
_ONCE_EACH = ("move", "migrate")
"""What a site or a chat does once in its life."""
_EVERY_S = (7200, 10_800, 14_400, 18_000)
_SETTINGS = (("fetch_pages", False), ("backoff_max", 14_400.0), ("flood_brake", 20))


def drawn_soak(seed: int, *, days: int, sources: int, chats: int) -> Scenario:
    """Draw so many days of so many sites and chats."""
    rng = random.Random(f"soak {seed}")
    sites = tuple(drawn_site(rng, number) for number in range(sources))
    rooms = tuple(drawn_room(rng, number) for number in range(chats))
    steps = [*_growth(rng, sites, days), *_troubles(rng, sites, rooms, days)]
    return Scenario(
        seed=seed,
        length_s=float(days * _DAY_S),
        sites=sites,
        rooms=rooms,
        followings=tuple(_followings(rng, sites, rooms)),
        wishes=(),
        steps=tuple(sorted(steps, key=lambda step: (step.at_s, step.what))),
        settings=_SETTINGS,
        strict=True,
    )


def _followings(rng: random.Random, sites: tuple[Site, ...], rooms: tuple[Room, ...]) -> Iterator[Following]:
    """Let each site be followed in one place or two."""
    places = [(room.chat_id, topic_id) for room in rooms for topic_id in room.topics or (0,)]
    for site in sites:
        for chat_id, topic_id in rng.sample(places, min(len(places), rng.choice((1, 1, 1, 2)))):
            every_s = rng.choice(_EVERY_S)
            yield Following(chat_id=chat_id, topic_id=topic_id, site=site.name, every_s=every_s)


def _growth(rng: random.Random, sites: tuple[Site, ...], days: int) -> Iterator[Step]:
    """Let each site publish about once in a day and a half, and no more than it can show."""
    for site in sites:
        for day in range(days):
            if rng.random() < 2 / 3:
                at_s = round(day * _DAY_S + rng.uniform(1, _DAY_S), 1)
                yield Step(at_s=at_s, what="publish", whom=site.name, how=(1,))


def _troubles(
    rng: random.Random, sites: tuple[Site, ...], rooms: tuple[Room, ...], days: int
) -> Iterator[Step]:
    """Spread what twenty minutes of a scenario hold over each day."""
    met: set[tuple[str, str | int]] = set()
    for day in range(days):
        drawn = drawn_steps(
            rng,
            length_s=_DRAWN_S,
            sites=[site.name for site in sites],
            rooms=[(room.chat_id, room.kind, room.topics) for room in rooms],
        )
        for step in drawn:
            if step.what in _ONCE_EACH and (step.what, step.whom) in met:
                continue
            met.add((step.what, step.whom))
            at_s = min(step.at_s * _DAY_S / _DRAWN_S, _DAY_S - 1.0)
            yield replace(step, at_s=round(day * _DAY_S + at_s, 1))


def soak_command(program: Program) -> click.Command:
    """Return the command that soaks a program."""

    @click.command(name="soak")
    @click.option("--days", default=30, show_default=True, help="How long, in the time of the world.")
    @click.option("--sources", default=300, show_default=True, help="How many sites.")
    @click.option("--chats", default=50, show_default=True, help="How many chats.")
    @click.option("--seed", default=1, show_default=True, help="What happens.")
    @click.option("--output", type=click.Path(path_type=Path), help="A file for what is printed, too.")
    @click.pass_context
    def soak(
        ctx: click.Context, *, days: int, sources: int, chats: int, seed: int, output: Path | None
    ) -> None:
        """Run weeks of many sites and chats, with faults inside, and look whether anything grows."""
        lines: list[str] = []

        def tell(line: str) -> None:
            lines.append(line)
            click.echo(line)
            if output is not None:
                output.write_text("\n".join([*lines, ""]), encoding="utf-8")

        tell(f"python -m simulation soak --days {days} --sources {sources} --chats {chats} --seed {seed}")
        tell(f"start: {moment()}, {machine()}")
        tell(HEAD)
        began_s, sampler = time.monotonic(), Sampler(tell)
        scenario = drawn_soak(seed, days=days, sources=sources, chats=chats)
        outcome = run_scenario(scenario, program, beside=sampler.run)
        wrongs = (*outcome.wrongs, *growing(sampler.samples))
        tell(f"end: {moment()}, {time.monotonic() - began_s:.0f} s, cpu {time.process_time():.0f} s")
        tell(outcome.summary)
        for wrong in wrongs:
            tell(f"WRONG: {wrong}")
        tell("not all is well" if wrongs else "all is well, and nothing grows")
        ctx.exit(1 if wrongs else 0)

    return soak

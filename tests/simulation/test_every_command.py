"""Every command, given by everybody, in both languages: it does what it does, or is refused."""

import logging

import pytest
import trio
from trio.testing import MockClock

from core.commands import COMMANDS, ChatCommand
from simulation.evidence import listening
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.every_command import (
    CALM,
    EXPLAINED,
    PATIENCE_S,
    PEOPLE,
    ROWS,
    Person,
    answers,
    changes,
    dump,
    is_refusal,
    may,
    settle_in,
    words_of,
)
from tests.simulation.latin_words import english_said
from tests.simulation.roles import GROUP
from tests.simulation.running import Life, Start

_LONGEST = 4096


async def _wrongs_of(
    life: Life, person: Person, command: ChatCommand, words: str, *, private: bool, explained: bool
) -> list[str]:
    """Say a command, and return what is not as it should be."""
    world, here = life.world, person.user_id if private else GROUP
    before, since = dump(world), len(world.api.journal)
    world.api.user_says(here, person.user_id, words, anonymous=person.anonymous)
    said = [one.text for one in await answers(life, here, person.user_id, since)]
    found = [f"answers {text!r}" for text in said if len(text) > _LONGEST]
    files = sum(one.method == "sendDocument" for one in world.api.journal[since:])
    if may(person, command, private=private):
        told = [text for text in said if text]
        if not told and not files:
            found.append("no answer")
        if command.name != "start":  # who the bot is, it says to strangers in the same words
            found += [f"refuses: {text!r}" for text in said if is_refusal(text)]
    else:
        if not explained:
            found += [f"does not refuse: {text!r}" for text in said if not is_refusal(text)]
        if private != bool(said) and person.rank == 0:
            found.append(f"says {len(said)} things to a stranger")
        found += [f"changes {one}" for one in changes(before, world)]
    return found


async def _drive(life: Life, person: Person, language: str) -> list[str]:
    """Let somebody give every command where they can, and return what is not as it should be."""
    wrong = []
    for command in sorted(COMMANDS, key=lambda each: list(ROWS).index(each.name)):
        for row in ROWS[command.name]:
            explained = person.rank > 0 and (command.name, row) in EXPLAINED
            for private in (False,) if person.anonymous else (True, False):
                words = words_of(life.world, command, row, language, private=private)
                found = await _wrongs_of(life, person, command, words, private=private, explained=explained)
                wrong += [f"{words} in {'private' if private else 'the group'}: {one}" for one in found]
                await trio.sleep(0 if person.user_id == OWNER_ID else PATIENCE_S)
    return wrong


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("who", PEOPLE)
async def test_each_command_does_what_it_does_or_refuses(
    autojump_clock: MockClock, world: World, start: Start, who: str, language: str
) -> None:
    world.feed("two")
    with listening() as heard:
        async with start(world, bot_language=language, **CALM) as life:
            await settle_in(life, language)
            wrong = await _drive(life, PEOPLE[who], language)
    wrong += [line[:3000] for level, line in heard.lines if level >= logging.ERROR]
    if language == "ru":
        wrong += english_said(world)
    assert not wrong, "\n".join(wrong)


async def test_what_a_channel_says_is_nothing_to_the_bot(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.feed("two")
    async with start(world, **CALM) as life:
        await settle_in(life, "en")
        before, since = dump(world), len(world.api.journal)
        for name, rows in ROWS.items():
            command = next(each for each in COMMANDS if each.name == name)
            words = words_of(world, command, rows[0], "en", private=False)
            world.api.user_says(CHANNEL_ID, OWNER_ID, words)
        assert await answers(life, CHANNEL_ID, OWNER_ID, since) == []
        assert changes(before, world) == []


def test_every_command_has_a_row() -> None:
    assert set(ROWS) == {command.name for command in COMMANDS}

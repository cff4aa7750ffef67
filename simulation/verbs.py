"""How each step of a scenario is done to a world."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import trio
from trio.testing import MockClock

from simulation.botapi import Chat, Fault
from simulation.botapi.chats import ChatState, MemberStatus
from simulation.feeds import Entry, Feed, Trouble
from simulation.steps import Step
from simulation.world import OWNER_ID, World

SLOW_S = 15.0


def publish(world: World, step: Step) -> None:
    """Let a site publish so many entries."""
    world.web.publish(str(step.whom), int(step.how[0]))


def title(world: World, step: Step) -> None:
    """Let a site correct a title."""
    _change(world, step, lambda one: replace(one, title=one.title + " (corrected)"))


def date(world: World, step: Step) -> None:
    """Let a site give an entry the date of now."""
    _change(world, step, lambda one: replace(one, published=world.now_s()))


def guid(world: World, step: Step) -> None:
    """Let a site name an entry anew."""
    _change(world, step, lambda one: replace(one, guid=one.guid + "-again"))


def parameter(world: World, step: Step) -> None:
    """Let a site count the readers of a link by a parameter."""
    _change(world, step, lambda one: replace(one, link=one.link.partition("?")[0] + "?utm_source=feed"))


def _change(world: World, step: Step, changed: Callable[[Entry], Entry]) -> None:
    feed = world.web[str(step.whom)]
    index = max(0, len(feed.entries) - int(step.how[0]))
    if feed.entries:
        feed.entries[index] = changed(feed.entries[index])
        feed.changed_at = world.now_s()


def turn(world: World, step: Step) -> None:
    """Turn the order of a document round."""
    feed = world.web[str(step.whom)]
    feed.turned = not feed.turned
    feed.changed_at = world.now_s()


def vanish(world: World, step: Step) -> None:
    """Take the newest entries out of a document."""
    feed = world.web[str(step.whom)]
    feed.hidden |= {one.number for one in feed.entries[-int(step.how[0]) :]}
    feed.changed_at = world.now_s()


def come_back(world: World, step: Step) -> None:
    """Show again what had vanished."""
    feed = world.web[str(step.whom)]
    feed.hidden.clear()
    feed.changed_at = world.now_s()


def cross(world: World, step: Step) -> None:
    """Let a site publish what is the newest of another one."""
    other: Feed = world.web[str(step.how[0])]
    if other.entries:
        world.web.publish(str(step.whom), link=other.entries[-1].link)


def move(world: World, step: Step) -> None:
    """Move a site's document to another host for good."""
    world.web.move(str(step.whom), f"new-{step.whom}")


def trouble(world: World, step: Step) -> None:
    """Let a site answer its next requests wrongly."""
    kind, status, count, retry_after = step.how
    values: dict[str, Any] = {"kind": kind, "count": int(count), "delay_s": SLOW_S}
    if kind == "status":
        values |= {"status": int(status), "retry_after": str(retry_after)}
    world.web.trouble(str(step.whom), Trouble(**values))


def fault(world: World, step: Step) -> None:
    """Let Telegram answer the next calls of a method wrongly."""
    what, method, when, count, wait_s, scope = step.how
    values: dict[str, Any] = {"what": what, "method": method, "when": when, "scope": scope}
    values |= {"retry_after_s": int(wait_s), "delay_s": float(wait_s), "count": int(count)}
    world.api.faults.add(Fault(**values))


def migrate(world: World, step: Step) -> None:
    """Make a basic group a supergroup."""
    chat_id = int(step.whom)
    if world.api.chats[chat_id].state == "ok":
        world.api.people.migrate(chat_id, chat_id - 1001000000000, user_id=OWNER_ID)


def topic(world: World, step: Step) -> None:
    """Close a topic, or open it."""
    number, state = step.how
    world.api.chats[int(step.whom)].topics[int(number)] = "closed" if state == "closed" else "open"


def out(world: World, step: Step) -> None:
    """Take the bot its place in a chat, or its rights."""
    chat = world.api.chats[int(step.whom)]
    if step.how[0] == "kicked":
        world.api.people.set_bot_status(chat.chat_id, OWNER_ID, "kicked")
    else:
        gone: ChatState = "no_rights"
        chat.state = gone


def back(world: World, step: Step) -> None:
    """Give it back."""
    chat: Chat = world.api.chats[int(step.whom)]
    chat.state = "ok"
    status: MemberStatus = "member" if chat.kind == "private" else "administrator"
    world.api.people.set_bot_status(chat.chat_id, OWNER_ID, status)


def clock(world: World, step: Step) -> None:
    """Set the clock of the program's machine so many seconds ahead, or back; nothing else notices."""
    world.clock_error_s += float(step.how[0])


def freeze(_: World, step: Step) -> None:
    """Let so many seconds pass in which nobody does anything; all that was due happens at once then."""
    cast(MockClock, trio.lowlevel.current_clock()).jump(float(step.how[0]))


def say(world: World, step: Step) -> None:
    """Let the owner say something to the bot."""
    world.api.user_says(OWNER_ID, OWNER_ID, str(step.how[0]))


def press(world: World, step: Step) -> None:
    """Let the owner press a button of one of the latest messages that have any."""
    shown = [one for one in world.api.messages(OWNER_ID) if one.buttons and one.origin is None]
    if not shown:
        return
    message = shown[-1 - int(step.how[0]) % len(shown)]
    choices = [data for _, data in message.buttons if not data.startswith("http")]
    if choices:
        data = choices[int(step.how[1]) % len(choices)]
        world.api.press(OWNER_ID, OWNER_ID, message.message_id, data)


def take_back(world: World, _: Step) -> None:
    """Let the owner take back what they removed last."""
    for message in reversed(world.api.messages(OWNER_ID)):
        for _label, data in message.buttons:
            if data.startswith("undo:"):
                world.api.press(OWNER_ID, OWNER_ID, message.message_id, data)
                return


VERBS: Mapping[str, Callable[[World, Step], None]] = {
    "publish": publish,
    "title": title,
    "date": date,
    "guid": guid,
    "parameter": parameter,
    "turn": turn,
    "vanish": vanish,
    "return": come_back,
    "cross": cross,
    "move": move,
    "trouble": trouble,
    "fault": fault,
    "migrate": migrate,
    "topic": topic,
    "out": out,
    "back": back,
    "clock": clock,
    "freeze": freeze,
    "say": say,
    "press": press,
    "take_back": take_back,
}
"""All but crashes and restarts, which end a life: `simulation.course` does those."""

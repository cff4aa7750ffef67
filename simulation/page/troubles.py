"""Things that go wrong when somebody presses a button on the page."""

from collections import Counter
from collections.abc import Callable

from simulation.botapi import BotApi, Fault, Parameters
from simulation.feeds import Feed, FeedWorld, Trouble

FLOOD_S = 8
TIMES = 3


def _flood(api: BotApi, _web: FeedWorld, chat_id: int) -> None:
    api.faults.add(Fault(what="flood", chat_id=chat_id, predicate=_is_post, retry_after_s=FLOOD_S))


def _lost(api: BotApi, _web: FeedWorld, chat_id: int) -> None:
    api.faults.add(Fault(what="no_answer", chat_id=chat_id, predicate=_is_post, when="after"))


def _down(_api: BotApi, web: FeedWorld, _chat_id: int) -> None:
    web.trouble(_first(web).name, Trouble(kind="status", count=TIMES))


def _again(_api: BotApi, web: FeedWorld, _chat_id: int) -> None:
    """The newest story of the first site, at the second one: under an address that says who shared it."""
    story = _first(web).entries[-1]
    second = list(web)[1]
    web.publish(second.name, link=f"{story.link}?utm_source={second.name}", title=story.title)


def _is_post(ask: Parameters) -> bool:
    return ask.has("text") or ask.has("caption")


def _first(web: FeedWorld) -> Feed:
    return next(iter(web))


TROUBLES: dict[str, tuple[str, Callable[[BotApi, FeedWorld, int], None]]] = {
    "flood": (f"Telegram: wait {FLOOD_S} s", _flood),
    "lost": ("Lose an answer", _lost),
    "down": ("A site breaks", _down),
    "again": ("The same story elsewhere", _again),
}
"""Name -> what its button says, and what it does to the world and to one chat."""

WORDS = {
    "flood": "Telegram asked to wait",
    "no_answer": "answers of Telegram lost",
    "status": "errors of sites",
}


def counted(api: BotApi, web: FeedWorld) -> dict[str, int]:
    """What went wrong until now, in words, with how often."""
    struck: Counter[str] = Counter(fault.what for _, fault in api.faults.struck)
    struck.update(one.trouble for one in web.requests if one.trouble)
    return {WORDS.get(what, what): number for what, number in struck.items()}

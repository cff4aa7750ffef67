"""English that is said where Russian should be: words of Latin letters that are no name, data or code."""

import re

from core.commands import COMMANDS
from core.filters.fields import FIELDS
from core.filters.parsing import ACTIONS, KEYWORDS
from core.set_keys import KEYS
from simulation.feeds.entry import NOUNS, VERBS
from simulation.world import World

_NAMES = {"atom", "github", "html", "json", "opml", "telegram", "vestnik", "english", "sqlite", "feed"}
"""What is called the same in Russian: formats, programs, a language under its own name, a kind of source."""
_SYNTAX = {
    *(word for words in (FIELDS, ACTIONS, KEYWORDS, KEYS) for word in words),
    *("again", "backlog", "bare", "default", "digest", "erid", "file", "fold", "hold", "once", "paused"),
    *("receipt", "remove", "window"),
}
"""What one writes as it is, in any language."""
_EXAMPLES = {
    *("bearer", "endif", "general", "news", "none", "password", "product", "release", "socks", "tech"),
    *("video", "webinar"),
}
"""Values in what is explained."""
_CODE = re.compile(
    r"""https?://\S+                 # addresses
    |^/.*$                           # examples on a line of their own
    |/\w+(?:[ ][\w@#<>=:]+\b){,3}    # commands with their arguments
    |python[ ]run\.py[ ]\w+          # commands of the terminal
    |@\w+                            # chats
    |[“«„][^”»“]*[”»“]               # what is quoted
    |\{[{%].*?[%}]\}                 # fields and blocks of a template
    |\S*[=|_\[\]{}~]\S*              # key=value, usages
    |\b\w+(?:[./-]\w+)+              # hosts, files, zones
    """,
    re.VERBOSE | re.MULTILINE | re.ASCII,
)
_LISTS = re.compile(r"^(?:Поля|Фильтры|Функции|Условия)[^\n]*: .*$", re.MULTILINE)
"""What a template may name, in a row."""
_WORD = re.compile(r"[A-Za-z]{4,}")


def english_words(text: str) -> list[str]:
    """Return the words of a text that a reader of Russian should not have met."""
    for command in COMMANDS:
        text = text.replace(command.usage, "")
    words = _WORD.findall(_LISTS.sub(" ", _CODE.sub(" ", text)))
    return [word for word in words if word.lower() not in _NAMES | _SYNTAX | _EXAMPLES]


def english_said(world: World) -> list[str]:
    """Return what the bot said with English in it: messages with their versions, buttons, what pops up."""
    posts = {id(one) for group in {one.chat_id for one in world.api.journal} for one in world.posts(group)}
    said = [text for one in world.api.journal if id(one) not in posts for text in (*one.versions, one.text)]
    said += [label for one in world.api.journal for label, _ in one.buttons]
    said += [str(answer.get("text", "")) for answer in world.api.callback_answers]
    data = [entry.title for feed in world.web for entry in feed.entries]
    data += [feed.title for feed in world.web] + [chat.title for chat in world.api.chats] + [*NOUNS, *VERBS]
    named = re.compile("|".join(map(re.escape, sorted(data, key=len, reverse=True))))
    found = {text: english_words(named.sub(" ", text)) for text in said}
    return [f"English: {words} in {text!r}" for text, words in found.items() if words]

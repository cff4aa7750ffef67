"""The commands of the chat: one table for the routers, `/help`, the menu and the README."""

import difflib
from dataclasses import dataclass
from typing import Literal

from core.languages import marked

Who = Literal["all", "viewer", "editor", "owner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCommand:
    """One command, its other names, who may use it, and what to tell about it."""

    name: str
    aliases: tuple[str, ...] = ()
    who: Who
    usage: str
    does: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


COMMANDS: tuple[ChatCommand, ...] = (
    ChatCommand(
        name="start",
        who="all",
        usage="/start",
        does=marked("who I am; with a claim code, makes you the owner"),
    ),
    ChatCommand(name="help", who="all", usage="/help [command]", does=marked("what I can do")),
    ChatCommand(
        name="add",
        aliases=("sub", "subscribe"),
        who="editor",
        usage="/add [@chat] URL... [every=30m] [backlog=none|N|12h|DATE|all] "
        "[as=feed|sitemap|list|json] [select=CSS] [rules=JSON]",
        does=marked(
            "watch a feed, sitemap or page, and publish what is new; of other addresses I ask what is meant"
        ),
    ),
    ChatCommand(
        name="remove",
        aliases=("unsub", "unsubscribe", "unsub_all", "unsuball", "remove_all"),
        who="editor",
        usage="/remove [@chat] N|URL|all",
        does=marked("stop watching; for ten minutes a button takes it back"),
    ),
    ChatCommand(
        name="list",
        aliases=("rss",),
        who="viewer",
        usage="/list [@chat] [errors|paused]",
        does=marked("what is watched here, and how it goes"),
    ),
    ChatCommand(
        name="info",
        aliases=("check",),
        who="viewer",
        usage="/info [@chat] N|URL",
        does=marked("how a source is doing: last read, last new, errors, next check and why then"),
    ),
    ChatCommand(
        name="set",
        aliases=("set_default", "set_interval", "setinterval", "set_title", "set_hashtags", "setfeedtag"),
        who="editor",
        usage="/set [@chat] [N] [key=value...]",
        does=marked(
            "how a source is watched and posted: every, backlog, title, tags, silent, preview, media, "
            "topic, pages, filter, template, approve, expire, user_agent, header, proxy; without N, of what "
            "is new here, also once, bare, receipt, language"
        ),
    ),
    ChatCommand(
        name="link",
        who="editor",
        usage="/link [@chat] [add HOST param=value, wrap HOST https://...{url}, require erid HOST, ad TEXT, "
        "remove N, off]",
        does=marked("what links get on their way to this chat, and what stands under its posts"),
    ),
    ChatCommand(
        name="pause",
        aliases=("deactivate_subs", "pauseall"),
        who="editor",
        usage="/pause [@chat] [N|all] [2h] [backlog=none|N|12h|DATE|all]",
        does=marked(
            "post nothing from a source, until /resume or for a while; its number and what waits are kept"
        ),
    ),
    ChatCommand(
        name="resume",
        aliases=("activate_subs", "activeall"),
        who="editor",
        usage="/resume [@chat] [N|all] [backlog=none|N|12h|DATE|all]",
        does=marked("go on after a pause; backlog says what to post of what came meanwhile"),
    ),
    ChatCommand(
        name="why",
        who="viewer",
        usage="/why URL",
        does=marked(
            "the whole life of a link, or of those in a post that you answer to or forward to me, "
            "where it can be changed, too"
        ),
    ),
    ChatCommand(
        name="find",
        who="viewer",
        usage="/find TEXT",
        does=marked("links with these words in title, text or address, the newest first"),
    ),
    ChatCommand(
        name="history",
        who="viewer",
        usage="/history [@chat] [N]",
        does=marked("the last posts of a chat"),
    ),
    ChatCommand(
        name="filter",
        aliases=("set_filter",),
        who="editor",
        usage="/filter [@chat] [N] [RULE|remove K|off|test [RULE]]",
        does=marked("rules for what is posted: keep, block, tag, topic, silent or first, and of which links"),
    ),
    ChatCommand(
        name="schedule",
        who="editor",
        usage="/schedule [@chat] [RULES|off]",
        does=marked("when posts go out: hold, silent, window, gap, cap, digest, fold"),
    ),
    ChatCommand(
        name="queue",
        aliases=("q", "next"),
        who="editor",
        usage="/queue [@chat]",
        does=marked("what waits, when it goes out and why not before; buttons change that"),
    ),
    ChatCommand(
        name="post",
        who="editor",
        usage="/post [@chat] URL... [now|at=18:30|again]",
        does=marked("post links by hand: by the schedule, now, at a time, or once more"),
    ),
    ChatCommand(
        name="tz",
        aliases=("set_timezone",),
        who="editor",
        usage="/tz [@chat] [ZONE|default]",
        does=marked("the time zone whose clock the schedule follows, such as Europe/Berlin"),
    ),
    ChatCommand(
        name="template",
        aliases=("set_template",),
        who="editor",
        usage="/template [@chat] [N] [TEXT|default]",
        does=marked(
            "how the posts look, here or of one source: a text with {{ fields }}, shown before it holds"
        ),
    ),
    ChatCommand(
        name="test",
        aliases=("preview",),
        who="editor",
        usage="/test [@chat] N [K]",
        does=marked(
            "shows you the last item of a source, or the last K, as they would be posted; posts nothing"
        ),
    ),
    ChatCommand(
        name="import",
        who="editor",
        usage="/import [@chat] [every=30m] [backlog=1] [as=feed] [topic=N|by-folder]",
        does=marked(
            "watch all that a file lists (OPML, or one address a line): as its caption, or in answer to it"
        ),
    ),
    ChatCommand(
        name="export",
        who="editor",
        usage="/export [@chat] [history]",
        does=marked("a file of what is watched (OPML), or of what was published (CSV)"),
    ),
    ChatCommand(
        name="connect",
        who="owner",
        usage="/connect [@chat]",
        does=marked("choose a channel or group, see what I lack there, and try whether I may post"),
    ),
    ChatCommand(
        name="role",
        who="owner",
        usage="/role [editor|viewer @chat, remove USER, quota USER [N|default]]",
        does=marked(
            "who may manage which chat, and how many subscriptions each may add: shows it, makes a link that "
            "gives a role once, takes roles back, sets a quota"
        ),
    ),
    ChatCommand(
        name="admin",
        who="owner",
        usage="/admin",
        does=marked(
            "the bot itself, with buttons: health, chats, roles, links, what was done, backup, check"
        ),
    ),
    ChatCommand(
        name="stats",
        aliases=("status", "health", "ping"),
        who="viewer",
        usage="/stats",
        does=marked("counts of everything; in a group, and for viewers and editors, of their chats alone"),
    ),
    ChatCommand(
        name="backup",
        who="owner",
        usage="/backup [file]",
        does=marked("backs the database up now, and says how that went; file sends it to you"),
    ),
    ChatCommand(
        name="duplicates",
        who="owner",
        usage="/duplicates",
        does=marked("how many links went out twice, which is none, and how many repeats were caught"),
    ),
    ChatCommand(
        name="lang",
        who="viewer",
        usage="/lang [@chat] [en|ru]",
        does=marked("the language I speak: with you, or in a chat that you manage"),
    ),
    ChatCommand(name="version", who="viewer", usage="/version", does=marked("which version runs")),
)


def find_command(name: str) -> ChatCommand | None:
    """Return the command with this name or alias, with or without its slash."""
    wanted = name.lower().lstrip("/")
    return next((command for command in COMMANDS if wanted in command.names), None)


def nearest_name(name: str) -> str | None:
    """Return the name or alias that was probably meant, without its slash; `None` if none is like it."""
    wanted = name.lower().lstrip("/").partition("@")[0]
    names = [known for command in COMMANDS for known in command.names]
    return next(iter(difflib.get_close_matches(wanted[:40], names, n=1, cutoff=0.7)), None)

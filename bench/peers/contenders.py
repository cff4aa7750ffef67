"""Who takes part: how each is given its feeds, started, and asked what it stored."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.protocol import Place
from store import adding
from store.connection import open_for_writing
from store.migrations import migrate

_ROOT = Path(__file__).resolve().parents[2]
_FLOOR = (sys.executable, str(_ROOT / "bench/peers/floor.py"), "urls", "floor.db")
_AT_ONCE = ("--at-once", "64")
"""As many as ours asks at once."""
_OF_PYTHON = ("reader", "rss2email", "feed2exec")
_READER = """
import sys
from reader import make_reader
with open("urls") as file, make_reader("reader.db") as reader:
    if len(sys.argv) > 1:
        for url in file.read().split():
            reader.add_feed(url)
    else:
        reader.update_feeds(workers=20, scheduled=False)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A program that follows feeds; it runs in a folder in which `urls` holds an address a line."""

    name: str
    prepare: Callable[[Path], None]
    """Tells it of its feeds; not measured."""
    command: tuple[str, ...]
    stored: Callable[[Path], int]
    """How many entries it keeps, of whatever it keeps of them."""
    keeps: str
    """What it keeps of an entry."""
    make_due: Callable[[Path], None] = lambda _folder: None
    """Makes it look at all feeds again; not measured."""
    settings: Mapping[str, str] = field(default_factory=dict)
    beside_hanging: tuple[str, ...] = ()
    """Words that follow the command where some hosts hang."""
    joins: bool = False
    """It keeps a link that two feeds show once."""
    reads_json: bool = True
    """It knows JSON Feed."""


def floor() -> Contender:
    """Bare sockets, a tree and one transaction."""
    return Contender(
        name="floor",
        prepare=lambda _folder: None,
        command=_FLOOR,
        stored=lambda folder: _count(folder / "floor.db", "links"),
        keeps="links",
        beside_hanging=_AT_ONCE,
        joins=True,
    )


def floor_with_texts() -> Contender:
    """The same, which also keeps what ours does of an entry."""
    return replace(
        floor(), name="floor with texts", command=(*_FLOOR, "--keep"), keeps="link, title, text, date"
    )


def ours() -> Contender:
    """`once --no-publish`, which reads no pages here: the others read none either."""
    return Contender(
        name="vestnik",
        prepare=_prepare_ours,
        command=(sys.executable, str(_ROOT / "run.py"), "once", "--no-publish"),
        stored=lambda folder: _count(folder / "bot.db", "history"),
        keeps="link, title, summary, author, tags, dates",
        make_due=_make_ours_due,
        joins=True,
        settings={
            "DATABASE_URL": "sqlite:///bot.db",
            "ALLOW_NETWORKS": "127.0.0.0/8",
            "FETCH_PAGES": "false",
            "LOG_LEVEL": "WARNING",
        },
    )


def reader(python: Path, version: str) -> Contender:
    """The library, as its documentation starts it, with twenty workers."""
    command = (str(python), "-c", _READER)
    return Contender(
        name=f"reader {version}",
        prepare=lambda folder: _run((*command, "add"), folder),
        command=command,
        stored=lambda folder: _count(folder / "reader.db", "entries"),
        keeps="the whole entry",
    )


def rss2email(program: Path, version: str) -> Contender:
    """Without sending mail: it renders none then, and keeps which entries it has seen."""
    command = (str(program), "-c", "r2e.cfg", "-d", "r2e.json")

    def prepare(folder: Path) -> None:
        _run((*command, "new", "nobody@mail.example"), folder)
        outlines = "".join(
            f'<outline type="rss" text="f{n}" xmlUrl="{u}"/>' for n, u in enumerate(_urls(folder))
        )
        (folder / "feeds.opml").write_text(f'<opml version="1.0"><body>{outlines}</body></opml>')
        _run((*command, "opmlimport", "feeds.opml"), folder)

    def stored(folder: Path) -> int:
        feeds = json.loads((folder / "r2e.json").read_text(encoding="utf-8"))["feeds"]
        return sum(len(feed["seen"]) for feed in feeds)

    return Contender(
        name=f"rss2email {version}",
        prepare=prepare,
        command=(*command, "run", "--no-send"),
        stored=stored,
        keeps="ids",
        settings={"HOME": "."},
        reads_json=False,
    )


def feed2exec(program: Path, version: str) -> Contender:
    """With the plugin that does nothing of an entry: it keeps which it has seen."""

    def prepare(folder: Path) -> None:
        nothing = "output = feed2exec.plugins.null\n"
        sections = (f"[feed-{n}]\nurl = {url}\n{nothing}" for n, url in enumerate(_urls(folder)))
        (folder / "feeds.ini").write_text("\n".join(sections))

    return Contender(
        name=f"feed2exec {version}",
        prepare=prepare,
        command=(str(program), "--quiet", "--config", "./feeds.ini", "--database", "./seen.db", "fetch"),
        stored=lambda folder: _count(folder / "seen.db", "feedcache"),
        keeps="ids, and the documents",
        settings={"HOME": "."},
        reads_json=False,
    )


def newsboat(version: str) -> Contender:
    """As its cron job would call it, with twenty threads."""

    def prepare(folder: Path) -> None:
        (folder / "config").write_text("reload-threads 20\n")

    return Contender(
        name=f"newsboat {version}",
        prepare=prepare,
        command=("newsboat", "-C", "config", "-u", "urls", "-c", "cache.db", "-x", "reload"),
        stored=lambda folder: _count(folder / "cache.db", "rss_item", unlocked=True),
        keeps="the whole entry",
        settings={"HOME": "."},
        reads_json=False,
    )


def installed(folder: Path) -> tuple[list[Contender], list[str]]:
    """Bring the peers into an environment of their own; return who came, and what is said of the others."""
    came: list[Contender] = []
    said: list[str] = []
    binaries = folder / "bin"
    try:
        if not all((binaries / program).exists() for program in ("r2e", "feed2exec")):
            _run((sys.executable, "-m", "venv", str(folder)), None)
            _run((str(binaries / "pip"), "install", "--quiet", "sgmllib3k", *_OF_PYTHON), None)
        came += [
            reader(binaries / "python", _version_of(binaries, "reader")),
            rss2email(binaries / "r2e", _version_of(binaries, "rss2email")),
            feed2exec(binaries / "feed2exec", _version_of(binaries, "feed2exec")),
        ]
    except (OSError, subprocess.CalledProcessError) as error:
        said.append(f"{', '.join(_OF_PYTHON)} could not be installed: {error}")
    if shutil.which("newsboat"):
        told = subprocess.run(["newsboat", "-v"], capture_output=True, text=True, check=False).stdout
        came.append(newsboat(told.split()[1]))
    else:
        said.append("newsboat is not installed")
    return came, said


def _version_of(binaries: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run(
        [binaries / "python", "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def _prepare_ours(folder: Path) -> None:
    now_ms = time.time_ns() // 1_000_000
    with closing(open_for_writing(folder / "bot.db")) as db:
        migrate(db, folder / "bot.db", now_ms=now_ms)
        with db.atomic():
            for url in _urls(folder):
                wish = adding.Wish(place=Place(chat_id=-1), kind="feed", url=url, backlog="none")
                adding.add(db, wish, now_ms=now_ms)


def _make_ours_due(folder: Path) -> None:
    with closing(open_for_writing(folder / "bot.db")) as db:
        db.execute("UPDATE sources SET next_check_ms = 0")


def _urls(folder: Path) -> list[str]:
    return (folder / "urls").read_text(encoding="ascii").split()


def _count(database: Path, table: str, *, unlocked: bool = False) -> int:
    """Count rows; unlocked, for a program that gives up what it cannot write because somebody reads."""
    how = "immutable=1" if unlocked else "mode=ro"
    with closing(sqlite3.connect(f"file:{database}?{how}", uri=True)) as db:
        return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def _run(command: tuple[str, ...], folder: Path | None) -> None:
    environment = os.environ | ({"HOME": str(folder)} if folder else {})
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)

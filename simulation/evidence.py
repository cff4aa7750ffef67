"""What a run leaves behind: every request, message and row, to be compared and to be read."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulation.course import Course

_OF_THE_MACHINE = {"processes": ("pid",)}
"""Columns that no seed decides."""


class Listening(logging.Handler):
    """Keeps what is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelno, self.format(record)))


@contextmanager
def listening() -> Iterator[Listening]:
    """Take the place of the handlers of all logs for the length of the block, with their format."""
    root, heard = logging.getLogger(), Listening()
    before = root.handlers
    formatters = [handler.formatter for handler in before if handler.formatter is not None]
    # Under pytest the handlers of its own come last.
    heard.setFormatter(formatters[0] if formatters else None)
    root.handlers = [heard]
    try:
        yield heard
    finally:
        root.handlers = before


def events(course: Course) -> Iterator[str]:
    """Yield everything that was seen from outside, then every row: equal for equal seeds."""
    world = course.world
    for at, method, ask in world.api.calls:
        yield f"{at:.3f} {method} {sorted(ask.values.items(), key=str)}"
    for message in world.api.journal:
        yield f"{message.at:.3f} {message.chat_id} #{message.message_id} {message.deleted_at} {message.text}"
    for request in world.web.requests:
        yield str(request)
    yield from _rows(world.database)


def _rows(database: Path) -> Iterator[str]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (table,) in tables.fetchall():
            if table.startswith("words_"):
                continue  # the index's own, merged as it likes
            cursor = db.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            kept = [name not in _OF_THE_MACHINE.get(table, ()) for name in names]
            rows = [[value for value, keep in zip(row, kept, strict=True) if keep] for row in cursor]
            yield from (f"{table} {row}" for row in sorted(map(str, rows)))
    finally:
        db.close()


def timeline(course: Course) -> Iterator[str]:
    """Yield what happened, in order, for people."""
    world = course.world
    found = [(at, f"* {step}") for at, step in course.done]
    for message in world.api.journal:
        kind = "copy" if message.origin is not None else message.method
        words = " ".join(message.text.split())[:90]
        gone = " (deleted)" if message.deleted else ""
        name = f"{message.chat_id}/{message.topic_id} #{message.message_id}"
        found.append((message.at, f"  {name} {kind}: {words}{gone}"))
    for at, line in sorted(found, key=lambda one: one[0]):
        yield f"{at - course.began_s:9.1f} {line}"

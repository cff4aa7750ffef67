"""Bars that show on standard error how far a long command has come; elsewhere than a terminal, none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


@contextmanager
def bar_of_bytes(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how much of a file is read; give what moves the bar on by so many bytes."""
    with _bar(label, total, DownloadColumn()) as advance:
        yield advance


@contextmanager
def bar_of_rows(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how many rows are done; give what moves the bar on by so many."""
    with _bar(label, total, MofNCompleteColumn()) as advance:
        yield advance


@contextmanager
def _bar(label: str, total: int, amount: ProgressColumn) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(label, total=total)

        def advance(by: int) -> None:
            progress.advance(bar, by)

        yield advance

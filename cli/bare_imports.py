"""Importing libraries without the extras that they take where they find them.

httpx and structlog draw in rich and pygments for a command line and tracebacks that nobody sees here, and
structlog greenlet, for threads of a kind that are not used here. Each of the two does without, as where the
extra is not installed; together these cost as much as an eighth of a short command.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_EXTRAS = ("rich", "pygments", "greenlet")


@contextmanager
def bare_imports() -> Iterator[None]:
    """Let imports within the block find no extras; after it everything can be imported as ever."""
    hidden = [name for name in _EXTRAS if name not in sys.modules]
    # The documented way to stop an import: https://docs.python.org/3/reference/import.html#the-module-cache
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None stands for "not to be found"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]

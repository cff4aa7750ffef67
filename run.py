"""Vestnik: watches feeds and publishes each new link to Telegram chats, once. `python run.py --help`."""

import gc
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file must start on older Pythons to say so
    sys.exit("Vestnik needs Python 3.11 or newer; this is " + sys.version.split()[0])


_GARBAGE_AFTER = 10_000
"""New containers between two looks for garbage, of which imports make many and the program itself few."""


def main() -> None:
    """Hand over to the command line, or say how to install what it needs."""
    gc.set_threshold(_GARBAGE_AFTER)
    try:
        from cli.main import main as command_line
    except ModuleNotFoundError as missing:
        own = ("core", "store", "actors", "cli", "simulation", "supervisor")
        if missing.name is None or missing.name.partition(".")[0] in own:
            raise
        sys.exit(
            f"{missing.name} is not installed. Run:  {sys.executable} -m pip install -r requirements.lock"
        )
    command_line()


if __name__ == "__main__":
    main()

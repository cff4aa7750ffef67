"""The languages that people are spoken to in: catalogs of gettext, and which of them holds now.

English stands in the code and is the key of every catalog. A text that is shown where it is written goes
through `gettext` (imported as `_`) or `ngettext`; one that stands in a table goes through `marked`, which
does nothing but let the catalogs find it, and through `gettext` when it is shown. What a text is about comes
in by `format` afterwards, never into the text itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LANGUAGES = {"en": "English", "ru": "Русский"}
"""What can be chosen, by ISO 639-1 code, each under its own name."""

DOMAIN = "vestnik"
FOLDER = Path(__file__).parent

SPOKEN: ContextVar[str] = ContextVar("language", default="en")
"""The language that holds in this task; English until somebody says otherwise."""


def gettext(text: str) -> str:
    """Return a text in the language that holds now, or itself where the catalog lacks it."""
    return _catalog(SPOKEN.get()).gettext(text) if text else text  # gettext keeps its header under ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a text that its language has for a number; `one` and `many` are the English ones."""
    return _catalog(SPOKEN.get()).ngettext(one, many, number)


def marked(text: str) -> str:
    """Return a text as it is: it is shown later, by `gettext`, and has to be in the catalogs."""
    return text


def spoken() -> str:
    """Return the code of the language that holds now."""
    return SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let a language hold for the length of the block, in this task and those that it starts."""
    token = SPOKEN.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        SPOKEN.reset(token)


def closest(tag: str | None) -> str | None:
    """Return which of the languages a tag of IETF BCP 47 means (`ru`, `ru-RU`), or None."""
    primary = (tag or "").replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


@cache
def _catalog(language: str) -> NullTranslations:
    path = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if language == "en":
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)

"""Errors of Vestnik, by what the one who meets them can do.

VestnikError
+-- UserError           somebody asked for what cannot be; the text says what to do (exit code 2)
|   +-- WrongValue      what was typed is no duration, hour, date ...; a ValueError, too
|   +-- SettingsError   settings that are missing, wrong or contradict each other
|   +-- DatabaseRefused the database file is not one that this version may touch
|   +-- BackupFailed    there is no backup; carries a code and what belongs to it
|   +-- QuotaReached    somebody has as many subscriptions as they may add
+-- TransientError      passes by itself; carries how long to wait
|   +-- StorageFull     the disk is full: nothing was written
+-- FatalError          the program must end; carries its exit code
|   +-- DatabaseInUse   another process owns this database (3)
|   +-- StorageBroken   the database cannot be trusted any more (1)
|   +-- TokenRefused    Telegram does not know this token (2)
|   +-- TokenInUse      another program receives this bot's updates (4)
|   +-- ActorKeepsCrashing  a bug that restarts do not cure (1)
+-- UnreadableDocument  a document that its kind of source cannot read; marks that source only
"""

from collections.abc import Iterator

from core.languages import gettext


class VestnikError(Exception):
    """Root of all errors this program raises on purpose."""


class UserError(VestnikError):
    """Wrong usage. The text is one readable sentence that says what to do.

    It is put into the language of whoever reads it when it is shown, which may be in another task than
    that which raised it: `UserError("There is no source {number} here.", number=3)`.
    """

    exit_code = 2

    def __init__(self, text: str, /, **details: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = details

    def __str__(self) -> str:
        text = gettext(self.text)
        return text.format(**self.values) if self.values else text


class WrongValue(UserError, ValueError):
    """What was typed cannot be read as what it should be; the text says how to write it.

    As a part of another UserError it is put into words together with that. It is a ValueError for those who
    read settings, which is how pydantic is told.
    """


class SettingsError(UserError):
    """One or more settings are wrong; `problems` holds one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class DatabaseRefused(UserError):
    """The file is foreign, newer than this program, or an older bot's."""

    exit_code = 1


class BackupFailed(UserError):
    """There is no backup; `code` and `details` name why, for `core.upkeep_words`."""

    exit_code = 1

    def __init__(self, code: str, **details: str) -> None:
        from core.upkeep_words import say_why  # it speaks, and this module is imported by all

        self.code = code
        self.details = details
        super().__init__(f"no backup was made: {say_why(code, details)}")

    @property
    def args_for_people(self) -> dict[str, str]:
        """The arguments of the notice that says so."""
        return {"why": self.code, **self.details}


class QuotaReached(UserError):
    """Somebody has as many subscriptions as they may add; nothing was changed."""


class TransientError(VestnikError):
    """Passes by itself: try again after `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: float = 10.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class StorageFull(TransientError):
    """The disk is full: the whole batch was rolled back."""


class FatalError(VestnikError):
    """The program must end with `exit_code`."""

    exit_code = 1


class DatabaseInUse(FatalError):
    """Another process owns this database."""

    exit_code = 3


class StorageBroken(FatalError):
    """To go on without durable state would be a lie."""


class TokenRefused(FatalError):
    """Telegram answered 401 (or 404 on everything) to this token."""

    exit_code = 2


class TokenInUse(FatalError):
    """Somebody else polls for this bot's updates (409 for two minutes)."""

    exit_code = 4


class ActorKeepsCrashing(FatalError):
    """Five crashes within five minutes: restarting does not help."""


class UnreadableDocument(VestnikError):
    """A document could not be read. `code` names why, for `core.words`; `detail` is for people."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else code)


def leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors that an exception group holds, or the error itself."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error

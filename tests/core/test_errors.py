"""The tree of errors: exit codes, what they carry, and groups of them."""

import pytest

from core import errors
from core.errors import (
    ActorKeepsCrashing,
    DatabaseInUse,
    DatabaseRefused,
    FatalError,
    SettingsError,
    StorageBroken,
    StorageFull,
    TokenInUse,
    TokenRefused,
    TransientError,
    UnreadableDocument,
    UserError,
    VestnikError,
    leaves,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UserError("x"), 2),
        (SettingsError(["x"]), 2),
        (TokenRefused("x"), 2),
        (DatabaseInUse("x"), 3),
        (TokenInUse("x"), 4),
        (DatabaseRefused("x"), 1),
        (StorageBroken("x"), 1),
        (ActorKeepsCrashing("x"), 1),
        (FatalError("x"), 1),
    ],
)
def test_exit_codes(error: UserError | FatalError, code: int) -> None:
    assert error.exit_code == code


def test_every_error_is_in_the_tree_of_the_module() -> None:
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, Exception):
            assert issubclass(value, VestnikError)
            assert name in (errors.__doc__ or "")


def test_settings_say_all_their_problems() -> None:
    error = SettingsError(["A: wrong", "B: missing"])
    assert error.problems == ["A: wrong", "B: missing"]
    assert str(error) == "A: wrong\nB: missing"


def test_transient_errors_say_how_long_to_wait() -> None:
    assert TransientError("x").retry_after_s == 10
    full = StorageFull("full", retry_after_s=3)
    assert (str(full), full.retry_after_s) == ("full", 3)


def test_unreadable_documents_carry_a_code() -> None:
    error = UnreadableDocument("broken", "line 3")
    assert (error.code, error.detail, str(error)) == ("broken", "line 3", "broken: line 3")
    assert str(UnreadableDocument("empty")) == "empty"


def test_leaves_of_nested_groups() -> None:
    first, second, third = ValueError("1"), KeyError("2"), SystemExit(3)
    group = BaseExceptionGroup("", [first, ExceptionGroup("", [second]), third])
    assert list(leaves(group)) == [first, second, third]
    assert list(leaves(first)) == [first]

"""What people write after --as, --select and --rules."""

import pytest

from core.errors import UserError
from core.kinds.options import CHOICES, read_options


@pytest.mark.parametrize(
    ("kind", "select", "rules", "read"),
    [
        ("auto", None, None, ("auto", "{}")),
        ("feed", None, None, ("feed", "{}")),
        ("list", None, None, ("list", "{}")),
        ("list", ".card", None, ("list", '{"item":".card"}')),
        ("list", ".card", '{"title": "h2"}', ("list", '{"item":".card","title":"h2"}')),
        ("auto", ".card", None, ("list", '{"item":".card"}')),
        ("auto", None, '{"item": "li"}', ("list", '{"item":"li"}')),
        ("auto", None, '{"items": "$"}', ("json", '{"items":"$"}')),
    ],
)
def test_options(kind: str, select: str | None, rules: str | None, read: tuple[str, str]) -> None:
    assert read_options(kind, select=select, rules=rules) == read


@pytest.mark.parametrize(
    ("kind", "select", "rules", "told"),
    [
        ("feed", ".card", None, "as=list"),
        ("feed", None, '{"item": "a"}', "takes none"),
        ("list", "a[", None, "CSS selector"),
        ("list", ".card", "nonsense", "no JSON object"),
        ("json", None, None, "where its items are"),
        ("auto", None, '{"title": "h2"}', "--as list or --as json"),
        ("auto", None, "nonsense", "--as list or --as json"),
        ("cat", None, None, "no kind of source"),
    ],
)
def test_wrong_options_say_what_to_write(kind: str, select: str | None, rules: str | None, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_options(kind, select=select, rules=rules)


def test_choices_begin_with_auto() -> None:
    assert CHOICES[0] == "auto"

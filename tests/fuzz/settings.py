"""Any environment and any `.env`: settings, or the whole list of what is wrong with them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from core.errors import SettingsError
from core.settings import SECRETS, Settings, load_settings

SECRET = "Kept2Myself"
_LONGEST_PROBLEM = 600
_LIKELY = (
    "", " ", "0", "-1", "1", "1s", "10m", "5h", "-5m", "1e400", "nan", "inf", "9" * 400, "true", "ja", "null",
    "https://", "http://[", "sqlite:///", "sqlite:////dev/null/x", "ask", "2h:resend", ":", "ask:",
    "10.0.0.0/8", "10.0.0.0/99", "::/0", "a:1, b", "host:99999", "-100123/45", "-100123/", "/", "1,2;3",
    "../../etc/passwd", "127.0.0.1:0", ":70000", "[::1]:80", "500KB", "1TB2", "all", "DEBUG",
    "/dev/null", "/", "/proc/self/mem", "/nowhere/at/all", "\u0663", "\u221e", "²",
)  # fmt: skip
_NAMES = tuple(name.upper() for name in Settings.model_fields)
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_BYTES_OF_ENVIRONMENT = st.binary(max_size=40).map(lambda raw: os.fsdecode(raw.replace(b"\0", b"")))
_SECRET_VALUES = st.builds("{}{}{}".format, _TEXT, st.just(SECRET), _TEXT) | st.sampled_from(
    (f"1:{SECRET}", f"sqlite:///{SECRET}", f"http://ann:{SECRET}@proxy:1", f"socks5://{SECRET}@proxy:1")
)


@st.composite
def environments(draw: st.DrawFn) -> dict[str, str]:
    """Draw settings by name; those that are secret hold `SECRET`."""
    values = st.sampled_from(_LIKELY) | _TEXT | _BYTES_OF_ENVIRONMENT
    given = draw(st.dictionaries(st.sampled_from(_NAMES), values, max_size=draw(st.sampled_from((0, 2, 12)))))
    for name in SECRETS:
        if draw(st.integers(0, 3)) == 0:
            given[name.upper()] = draw(_SECRET_VALUES)
    return given


def _line(name: str, value: str, quote: str) -> bytes:
    return f"{name}={quote}{value}{quote}\n".encode("utf-8", "surrogateescape")


@st.composite
def env_files(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a `.env`: lines as they should be, mixed with anything."""
    given = draw(environments())
    quotes = st.sampled_from(("", '"', "'"))
    lines = [_line(name, value, draw(quotes)) for name, value in given.items()]
    lines += draw(st.lists(st.binary(max_size=30), max_size=2)) if draw(st.booleans()) else []
    lines += draw(
        st.lists(
            st.sampled_from((f"1:{SECRET}\n", f"BOT_TOKEN: 1:{SECRET}\n", f"{SECRET}\n")), max_size=1
        ).map(lambda found: [one.encode() for one in found])
    )
    return b"".join(draw(st.permutations(lines)))


def check(environment: Mapping[str, str], env_file: bytes, folder: Path) -> bool:
    """Read settings from both; return whether they were good. What is said is readable, and no secret."""
    path = folder / ".env"
    path.write_bytes(env_file)
    with _environment(environment):
        try:
            settings, warnings = load_settings([path])
        except SettingsError as error:
            assert error.problems
            _readable(error.problems)
            return False
    assert SECRET not in repr(settings.bot_token)
    assert SECRET not in repr(settings.proxy_fetch)
    assert SECRET not in repr(settings.proxy_telegram)
    _readable(warnings)
    return True


def _readable(problems: list[str]) -> None:
    for problem in problems:
        problem.encode()
        assert SECRET not in problem
        assert problem.strip()
        assert len(problem) < _LONGEST_PROBLEM, problem
        assert problem.isprintable(), problem
    assert len(set(problems)) == len(problems)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Let the environment hold these and nothing of before."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

"""Secrets and control characters leave no trace in logs, whatever the style."""

import logging
import sys
from collections.abc import Callable, Iterator

import pytest
import structlog

from cli.logs import redact, secrets_of, set_up
from core.settings import Settings

TOKEN = "123456789:AAHqwertyuiopasdfghjklzxcvbnm"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    set_up(level="DEBUG", style="console", secrets=())


@pytest.mark.parametrize("style", ["console", "json"])
def test_no_secret_is_written(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(level="DEBUG", style=style, secrets=("hunter2",))
    log = structlog.get_logger("test")
    log.info("event", url=f"https://api.telegram.org/bot{TOKEN}/getMe", proxy="socks5://me:pw1234@host:1")
    logging.getLogger("elsewhere.library").warning("password %s", "hunter2")
    try:
        int(f"bot{TOKEN} hunter2")
    except ValueError:
        log.exception("failed")
    written = capsys.readouterr().err
    assert "event" in written
    assert "elsewhere" in written
    assert "ValueError" in written
    assert TOKEN not in written
    assert "hunter2" not in written
    assert "pw1234" not in written


def test_control_characters_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(level="INFO", style="console", secrets=())
    structlog.get_logger("test").info("event", title="\x1b[31mred\u202e")
    written = capsys.readouterr().err
    assert "\x1b" not in written
    assert "\u202e" not in written


def test_libraries_that_write_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(level="DEBUG", style="console", secrets=())
    logging.getLogger("httpx").info("GET https://api.telegram.org/bot/getMe")
    logging.getLogger("httpcore.http11").debug("headers")
    assert capsys.readouterr().err == ""
    assert sys.stderr


@pytest.mark.parametrize("style", ["console", "json"])
def test_nobody_forges_a_line(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(level="INFO", style=style, secrets=())
    structlog.get_logger("test").info("event", title="a\n2026-01-01 [error] forged")
    logging.getLogger("elsewhere").warning("title %s", "b\nforged too")
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 2
    assert "forged" in written


def test_the_same_warning_is_not_written_for_ever(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(level="INFO", style="console", secrets=())
    for number in range(50):
        structlog.get_logger("test").warning("again", retry_in_s=number)
    assert capsys.readouterr().err.count("again") == 10


def test_passwords_of_proxies_are_secrets() -> None:
    settings = Settings.model_validate(
        {"bot_token": TOKEN, "proxy_telegram": "socks5://me:p%40ss-word@proxy:1"}
    )
    set_up(level="INFO", style="console", secrets=secrets_of(settings))
    shown = redact(f"login p%40ss-word, p@ss-word, {TOKEN.partition(':')[2]} failed")
    assert shown == "login ***, ***, *** failed"


def test_traceback_of_a_bug_hides_them_too(
    exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: object) -> None:
        raise RuntimeError(f"https://user:hidden-word@host/ {TOKEN}")

    monkeypatch.setattr("core.settings.Settings.database_path", property(fail))
    assert exit_code("stats") == 1
    written = capsys.readouterr().err
    assert "RuntimeError" in written
    assert "This is a bug" in written
    assert TOKEN not in written
    assert "hidden-word" not in written

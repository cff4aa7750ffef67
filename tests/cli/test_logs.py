"""Secrets and control characters leave no trace in logs, whatever the style."""

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from cli.logs import set_up

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

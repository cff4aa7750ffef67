"""Logs of all tests go to the standard library's logging, which pytest captures."""

import pytest

from cli.logs import set_up


@pytest.fixture(autouse=True, scope="session")
def _plain_logs() -> None:
    set_up(level="DEBUG", style="console", secrets=())

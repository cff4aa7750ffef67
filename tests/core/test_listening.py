"""Addresses to listen at."""

import pytest

from core.listening import parse_listening
from core.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("127.0.0.1:8478", "127.0.0.1", 8478), ("[::1]:0", "::1", 0), (" localhost:80 ", "localhost", 80)],
)
def test_host_and_port(text: str, host: str, port: int) -> None:
    assert parse_listening(text) == (host, port)


@pytest.mark.parametrize("text", ["", ":8478", "8478", "host:", "host:x", "host:65536", "host:-1", "host:²"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        parse_listening(text)


def test_empty_is_off_and_not_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_ADDRESS", "")
    monkeypatch.setenv("BACKUP_DIR", "")
    settings, _ = load_settings([])
    assert settings.monitor_address == ""
    assert settings.backup_folder == settings.database_path.absolute().parent


def test_wrong_addresses_are_said_by_name() -> None:
    with pytest.raises(ValueError, match="monitor_address"):
        Settings.model_validate({"monitor_address": "nowhere"})

"""Telling systemd that the bot is at work."""

import socket
from pathlib import Path

import pytest

from cli.readiness_notice import tell_ready


@pytest.mark.parametrize("abstract", [False, True])
def test_it_says_so_where_it_was_asked_to(
    abstract: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        name = str(folder / "notify")
        systemd.bind("\0" + name if abstract else name)
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name if abstract else name)
        tell_ready()
        assert systemd.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", [None, "", "/nobody/listens", "vsock:2:1"])
def test_nobody_to_tell_is_fine(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    if address is not None:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    tell_ready()

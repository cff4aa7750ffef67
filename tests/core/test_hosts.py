"""Hosts that are allowed by name."""

import pytest

from core.hosts import AllowedHost, allows, parse_hosts


def test_hosts_are_spelled_as_browsers_do() -> None:
    assert parse_hosts("rsshub:1200, RSSHub.Local пример.рф:80 [FD00::0001]:8080,0x7f.1") == (
        AllowedHost("rsshub", 1200),
        AllowedHost("rsshub.local"),
        AllowedHost("xn--e1afmkfd.xn--p1ai", 80),
        AllowedHost("[fd00::1]", 8080),
        AllowedHost("127.0.0.1"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "http://rsshub",
        "rsshub:",
        "rsshub:0",
        "rsshub:65536",
        "a/b",
        "user@host",
        "fd00::1",
        "[zz]",
        "xn--",
        "a b:c",
    ],
)
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(ValueError, match="is no host: write it like rsshub"):
        parse_hosts(text)


def test_a_port_is_that_port_only() -> None:
    hosts = parse_hosts("rsshub:1200 any")
    assert allows(hosts, "rsshub", 1200)
    assert not allows(hosts, "rsshub", 80)
    assert not allows(hosts, "sub.rsshub", 1200)
    assert allows(hosts, "any", 1)

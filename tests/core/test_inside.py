"""Addresses that lie inside a network."""

import pytest

from core.addresses import parse_networks
from core.errors import UserError
from core.hosts import parse_hosts
from core.inside import Outside


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/f", "https://10.1.2.3:8080/f", "http://2130706433/f", "http://[::1]/f",
        "http://[::ffff:10.0.0.1]/f", "http://localhost/f", "http://a.localhost/f", "http://rsshub/f",
        "http://nas.local/f", "http://x.internal/f", "http://169.254.169.254/latest",
    ],
)  # fmt: skip
def test_what_is_inside(url: str) -> None:
    with pytest.raises(UserError, match="no public address"):
        Outside().check(url)


@pytest.mark.parametrize("url", ["https://a.example/f", "http://8.8.8.8/f", "http://[2606:4700::1]/f"])
def test_what_is_outside(url: str) -> None:
    Outside().check(url)


def test_what_the_operator_allows() -> None:
    outside = Outside(parse_networks("10.0.0.0/8"), parse_hosts("rsshub:1200"))
    outside.check("http://10.1.2.3/f")
    outside.check("http://rsshub:1200/f")
    with pytest.raises(UserError):
        outside.check("http://rsshub/f")

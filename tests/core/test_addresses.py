"""Which addresses are public, whatever they are wrapped in."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import parse_networks, why_forbidden

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "192.0.1.1",
    "100.63.255.255",
    "100.128.0.0",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "64:ff9b:1::808:808",
    "2002:808:808::1",
]
FORBIDDEN = [
    # S1: what every spelling of a number comes to
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.0.0.1"),
    # private and shared
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255"),
    # S2
    *("::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1"),
    *("fe80::1%eth0", "fec0::1", "::ffff:100.100.100.200", "ff02::1", "ff0e::1", "fc00::1", "fd00::1"),
    *("::ffff:0:127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b:1:7f00:0:100:808:808"),
    *("2002:a00:1::1", "2001:0:808:808::f5ff:fffe", "2001:0:a00:1::f7f7:f7f7"),
    *("2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:127.0.0.1", "fe80::5efe:8.8.8.8"),
    *("2002:808:808::5efe:7f00:1", "2001:db8::1", "3fff::1", "100::1", "2001:10::1", "4000::1", "5f00::1"),
    # S3: metadata of clouds
    *("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "192.0.0.9", "168.63.129.16"),
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text: str) -> None:
    assert why_forbidden(ip_address(text)) is None


@pytest.mark.parametrize("text", FORBIDDEN)
def test_all_others(text: str) -> None:
    assert why_forbidden(ip_address(text))


WRAPPINGS = ["::{}", "::ffff:{}", "::ffff:0:{}", "64:ff9b::{}", "64:ff9b:1::{}", "2606:4700::5efe:{}"]


@given(st.ip_addresses(v=4), st.sampled_from(WRAPPINGS))
def test_no_wrapping_opens_what_is_closed(inner: IPv4Address, wrapping: str) -> None:
    outer = ip_address(wrapping.format(inner))
    assert (why_forbidden(outer) is None) == (why_forbidden(inner) is None)


@given(st.ip_addresses(v=4))
def test_no_6to4_address_opens_what_is_closed(inner: IPv4Address) -> None:
    outer = IPv6Address((0x2002 << 112) | (int(inner) << 80))
    assert (why_forbidden(outer) is None) == (why_forbidden(inner) is None)


@given(st.ip_addresses())
def test_only_global_addresses_are_public(address: IPv4Address | IPv6Address) -> None:
    if why_forbidden(address) is None and address.version == 4:
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "fd00::5",
        "fd00::5%2",
        "10.1.2.3",
    ],
)
def test_the_operator_may_open_networks(text: str) -> None:
    networks = parse_networks("127.0.0.0/8, ::1 fd00::/8,10.1.2.3")
    assert why_forbidden(ip_address(text), networks) is None
    assert why_forbidden(ip_address("10.1.2.4"), networks) == "private"


def test_an_open_wrapping_is_open_whatever_is_inside() -> None:
    assert why_forbidden(ip_address("64:ff9b::7f00:1"), parse_networks("64:ff9b::/96")) is None


def test_one_open_part_does_not_open_the_other() -> None:
    networks = parse_networks("10.0.0.0/8")
    assert why_forbidden(ip_address("2001:0:a00:1::80ff:fffe"), networks) == "loopback"  # 127.0.0.1's Teredo


@pytest.mark.parametrize("text", ["", "  ", ",, "])
def test_no_networks(text: str) -> None:
    assert parse_networks(text) == ()


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("localhost", "'localhost' is no network: write it like 10.0.0.0/8 or fd00::/8"),
        ("10.0.0.0/33", "is no network"),
        ("127.0.0.1/8", "write 127.0.0.0/8 if you mean all of it"),
        ("1.1.1.1 0x7f.1", "'0x7f.1' is no network"),
    ],
)
def test_what_is_no_network(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=r"write") as refused:
        parse_networks(text)
    assert advice in str(refused.value)

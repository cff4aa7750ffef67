"""The tables of rules hold together, and each row of them does something."""

import pytest

from core.urls import places
from core.urls.normalize import normalize
from core.urls.rules import AMP, EVERYWHERE, SESSIONS, TRACKING, Words
from core.urls.sites import SITES, Site

VALUES = {
    "sid": "0123456789abcdef0123456789ABCDEF",
    "ref_src": "twsrc%5Etfw",
    "amp": "1",
    "__s": "a1b2c3d4",
    "outputtype": "amp",
}


def name_of(site: Site) -> str:
    return site.hosts.split()[0]


def named(host: str) -> str:
    """Give a host that a name of the table stands for."""
    return host.replace("*", "name")


@pytest.mark.parametrize("words", EVERYWHERE, ids=lambda words: words.whose)
def test_each_parameter_goes_everywhere(words: Words) -> None:
    for name in words.names.split():
        assert name == name.lower()
        pair = f"{name.replace('*', 'ending')}={VALUES.get(name, 'x')}"
        for query in (pair, pair.upper() if not words.value else pair, f"{pair}&{pair}", f"amp;{pair}"):
            assert normalize(f"https://site.example/a?{query}") == "https://site.example/a"
            assert normalize(f"https://site.example/a?b=1&{query}&c=2") == "https://site.example/a?b=1&c=2"


def test_no_parameter_is_named_twice() -> None:
    everywhere = [name for words in (*TRACKING, *SESSIONS, *AMP) for name in words.names.split()]
    assert len(set(everywhere)) == len(everywhere)


@pytest.mark.parametrize("site", SITES, ids=name_of)
def test_all_names_of_a_site_are_one(site: Site) -> None:
    first, *others = site.hosts.split()
    assert normalize(f"http://{named(first)}/-/Some/Path?b=1") == f"https://{named(first)}/-/Some/Path?b=1"
    for other in others:
        assert "*" not in other
        assert normalize(f"https://{other}/-/Some/Path?b=1") == f"https://{first}/-/Some/Path?b=1"


@pytest.mark.parametrize("site", [site for site in SITES if site.drops], ids=name_of)
def test_words_of_a_site_go_there_only(site: Site) -> None:
    host = named(name_of(site))
    for name in site.drops.split():
        pair = f"{name.replace('*', 'ending')}=abc"
        assert normalize(f"https://{host}/-/a?{pair}&zz=1") == f"https://{host}/-/a?zz=1"


@pytest.mark.parametrize(
    "word", ["ref", "si", "spm", "tag", "smid", "source", "from", "t", "s", "m", "feature", "r"]
)
def test_words_of_sites_stay_elsewhere(word: str) -> None:
    assert normalize(f"https://site.example/a?{word}=1") == f"https://site.example/a?{word}=1"


def test_no_name_belongs_to_two_sites() -> None:
    hosts = [host for site in SITES for host in site.hosts.split()]
    assert len(set(hosts)) == len(hosts)


@pytest.mark.parametrize(
    "host", ["youtube.com.example", "notyoutube.com", "www.x.com.example", "medium.com.example"]
)
def test_hosts_that_only_look_like_known_ones(host: str) -> None:
    assert normalize(f"https://{host}/watch?v=dQw4w9WgXcQ&si=1").startswith(f"https://{host}/watch?")
    assert "si=1" in normalize(f"https://{host}/watch?v=dQw4w9WgXcQ&si=1")


def test_a_known_site_at_another_port_is_another_site() -> None:
    assert normalize("https://twitter.com:8443/a?s=20") == "https://twitter.com:8443/a?s=20"


def test_the_rules_of_a_site_are_compiled_when_a_link_to_it_comes() -> None:
    places.place_of.cache_clear()
    places._standing_for.cache_clear()
    places.place_of("blog.example")
    assert places._standing_for.cache_info().currsize == 0
    assert places.place_of("youtube.com") == places.place_of("www.youtube.com")
    assert places._standing_for.cache_info().currsize == 1

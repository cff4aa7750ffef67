"""`python -m bench.peers`, with the one program that takes least time."""

from collections import Counter

from click.testing import CliRunner

from bench.peers.__main__ import main
from bench.peers.documents import document, kind_of
from bench.peers.sites import all_entries, different_links, healthy_entries, healthy_links
from core.entries import Document
from core.kinds import parse_as

FEEDS = 34


def test_the_floors_store_everything_and_wait_for_nobody_who_hangs() -> None:
    ended = CliRunner().invoke(main, ["--feeds", str(FEEDS), "--rounds", "1", "--only", "floor"])

    assert ended.exit_code == 0, ended.output
    rows = [line.split(" | ") for line in ended.stdout.splitlines() if line.startswith("| floor")]
    assert [(row[0], row[8:10]) for row in rows] == [
        ("| floor", [f"{different_links(FEEDS, 2):,}", "0"]),
        ("| floor with texts", [f"{different_links(FEEDS, 2):,}", "0"]),
    ]
    assert all(row[5].replace(".", "").isdecimal() for row in rows), "seconds until the others are stored"


def test_who_hangs_shows_nothing() -> None:
    assert healthy_entries(FEEDS, with_json=True) == all_entries(FEEDS, 0) - 30
    assert healthy_entries(FEEDS, with_json=False) == all_entries(FEEDS, 0) - 60
    assert different_links(FEEDS, 0) - 30 <= healthy_links(FEEDS) < different_links(FEEDS, 0)


def test_feeds_of_each_kind_say_the_same_whenever_they_are_written() -> None:
    links = [(number, f"https://site.example/{number}?a=1&b=2") for number in range(3)]
    for feed in range(20):
        written = document(feed, links)
        parsed = parse_as("feed", Document(body=written, url="https://site.example/feed"))
        assert [entry.url for entry in parsed.entries] == [url for _, url in links], kind_of(feed)
        assert all(entry.title and entry.summary and entry.published_ms for entry in parsed.entries)
        assert 6_000 < len(written) < 15_000
        assert document(feed, links) == written
    assert Counter(kind_of(feed) for feed in range(1000)) == {"rss": 600, "atom": 300, "rdf": 50, "json": 50}

"""`python -m bench.peers`, with the one program that takes least time."""

from click.testing import CliRunner

from bench.peers.__main__ import main
from bench.peers.sites import all_entries, different_links, healthy_entries, healthy_links

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
    assert healthy_entries(FEEDS) == all_entries(FEEDS, 0) - 30
    assert different_links(FEEDS, 0) - 30 <= healthy_links(FEEDS) < different_links(FEEDS, 0)

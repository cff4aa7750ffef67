"""The bench of imports, with a small list."""

from click.testing import CliRunner

from bench.importing import main, opml


def test_all_that_a_list_names_is_imported() -> None:
    body, feeds = opml(100_000)
    assert 99_000 < len(body) < 120_000
    assert body.count(b"<outline type=") == feeds

    ended = CliRunner().invoke(main, ["--megabytes", "0.1", "--rounds", "1"])

    assert ended.exit_code == 0, ended.output
    assert f"0.1 MB with {feeds} feeds" in ended.output

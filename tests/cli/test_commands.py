"""Commands of the terminal that need no network."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from core.errors import DatabaseRefused, SettingsError, UserError
from store.lock import owned

Run = Callable[..., Result]
FEED = "https://news.example/feed.xml"


def _add(run: Run, *more: str) -> Result:
    return run("add", FEED, "--chat", "-1001", "--as", "feed", *more)


def test_version(run: Run) -> None:
    assert run("version").output.startswith("vestnik 0.")


def test_help_lists_every_command(run: Run) -> None:
    output = run("--help").output
    assert all(name in output for name in ("run", "once", "add", "demo", "explain"))
    assert "BOT_TOKEN" in output


def test_unknown_command_is_wrong_usage(
    exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("dance") == 2
    assert "No such command" in capsys.readouterr().err


def test_add_list_stats_explain(run: Run) -> None:
    assert "No. 1 in -1001 added" in _add(run).output
    assert "was there already" in _add(run, "--every", "5m", "--now").output
    assert "No. 2" in run("add", FEED, "--chat", "-1001", "--topic", "7", "--as", "feed").output
    listed = run("list").output
    assert "-1001/7" in listed
    assert FEED in run("list", "--chat", "-1001").output.replace("\n", "")
    assert json.loads(run("stats", "--json").output)["subscriptions"] == 2
    assert "duplicates    0" in run("stats").output
    assert "unknown" in run("explain", "https://news.example/1").output


def test_add_a_link_itself(run: Run) -> None:
    words = ("add", "https://news.example/1", "--chat", "-1001", "--as", "link")
    assert "https://news.example/1 will be posted in -1001" in run(*words).output
    assert "was posted or queued before" in run(*words).output
    assert "pending" in run("explain", "https://news.example/1?utm_source=x").output


def test_list_of_nothing_says_how_to_begin(run: Run) -> None:
    _add(run)
    assert "add URL" in run("list", "--chat", "5").output


def test_add_makes_a_private_file(run: Run, folder: Path) -> None:
    _add(run)
    assert (folder / "bot_database.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ftp://a.example/", "--chat", "1"), "only http and https"),
        ((FEED, "--chat", "somewhere"), "numeric id"),
        ((FEED, "--chat", "1", "--every", "1s"), "INTERVAL_MIN"),
        ((FEED, "--chat", "1", "--backlog", "perhaps"), "no backlog"),
    ],
)
def test_wrong_use_of_add(run: Run, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UserError, match=told):
        run("add", *words, "--as", "feed")


def test_add_by_name_needs_a_token(run: Run) -> None:
    with pytest.raises(SettingsError, match="BOT_TOKEN"):
        run("add", FEED, "--chat", "@channel", "--as", "feed")


def test_looking_without_a_database_says_what_makes_one(run: Run) -> None:
    for command in ("list", "stats"):
        with pytest.raises(DatabaseRefused, match="no such database"):
            run(command)


def test_owned_database_is_exit_code_3(
    run: Run, folder: Path, exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    _add(run)
    with owned(folder / "bot_database.db"):
        assert exit_code("add", FEED, "--chat", "1", "--as", "feed") == 3
        assert "another process (pid" in capsys.readouterr().err
        assert exit_code("list") == 0, "looking goes on beside a running bot"


def test_run_without_a_token_is_exit_code_2(
    exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code() == 2
    assert capsys.readouterr().err == (
        "error: BOT_TOKEN: missing; get one from @BotFather and write BOT_TOKEN=... into .env\n"
    )


def test_all_wrong_settings_are_told_at_once_and_unknown_names_warned_of(
    folder: Path, exit_code: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text("BOT_TOKEN=secret-nonsense\nHTTP_TIMEOUT=soon\nON_UNCERTAIN=pray\n")
    assert exit_code("run") == 2
    told = capsys.readouterr().err
    assert all(name in told for name in ("BOT_TOKEN", "HTTP_TIMEOUT", "ON_UNCERTAIN"))
    assert "secret-nonsense" not in told
    (folder / ".env").write_text("TOKEN=1:abc\n")
    assert exit_code("check", "--offline") == 1
    assert "rename it to BOT_TOKEN" in capsys.readouterr().err


def test_explain_refuses_what_is_no_link(run: Run) -> None:
    with pytest.raises(UserError, match="only http"):
        run("explain", "mailto:a@b.example")


def test_normalize_arguments_and_lines(run: Run) -> None:
    assert run("normalize", "HTTPS://A.example/?utm_source=x", "nope").output == (
        "https://a.example/\n! not_a_url\n"
    )
    assert run("normalize", text=b"https://a.example/\xff\nhttps://b.example\n").exit_code == 0
    lines = b'"https://a.example/#x"\n"ftp://a.example"\nnot json\n5\n"\\ud800"\n' + b"[" * 200_000
    lines += b'\n"https://\\ud83da.example/\\ud800?erid=1"\n\xff\n'
    assert run("normalize", "--json", text=lines).output.splitlines() == [
        '"https://a.example/"',
        "null",
        "null",
        "null",
        "null",
        "null",
        '"https://a.example/"',
        "null",
    ]


def test_parse_reads_documents_one_line_each(run: Run, folder: Path) -> None:
    (folder / "good.xml").write_text(
        '<rss version="2.0"><channel><title>T</title><item><title>A &amp; B</title><link>/1</link>'
        "<guid>g1</guid><pubDate>Tue, 10 Jun 2003 04:00:00 GMT</pubDate>"
        '<enclosure url="/a.mp3" type="audio/mpeg" length="5"/></item></channel></rss>'
    )
    (folder / "bad.xml").write_text("<html><body>hello</body></html>")
    output = run("parse", "good.xml", "bad.xml", "missing.xml", "--url", "https://a.example/f").output
    good, bad, missing = (json.loads(line) for line in output.splitlines())
    assert good["kind"] == "feed"
    assert good["error"] is None
    assert good["entries"] == [
        {
            "id": "g1",
            "url": "https://a.example/1",
            "title": "A & B",
            "summary": "",
            "published": "2003-06-10T04:00:00Z",
            "author": None,
            "tags": [],
            "image": None,
            "enclosures": [{"url": "https://a.example/a.mp3", "type": "audio/mpeg", "length": 5}],
        }
    ]
    assert bad["entries"] == []
    assert "not a feed" in bad["error"]
    assert missing["error"] == "No such file or directory"


def test_parse_reads_standard_input(run: Run) -> None:
    document = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": []})
    assert json.loads(run("parse", "-", text=document).output)["title"] == "J"


def test_check_offline_of_a_good_and_a_damaged_database(run: Run, folder: Path) -> None:
    (folder / ".env").write_text("BOT_TOKEN=1:abc\n")
    assert "none yet" in run("check", "--offline").output
    _add(run)
    good = run("check", "--offline")
    assert good.output.endswith("ALL CHECKS PASSED\n")
    assert good.exit_code == 0
    assert "duplicates = 0" in good.output
    (folder / "bot_database.db").write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    for name in ("bot_database.db-wal", "bot_database.db-shm"):
        (folder / name).unlink(missing_ok=True)
    bad = run("check", "--offline")
    assert bad.exit_code == 1
    assert "FAIL database" in bad.output


def test_check_of_a_missing_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1:abc")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no/such/folder/x.db")
    result = run("check", "--offline")
    assert result.exit_code == 1
    assert "no such folder" in result.output


def test_foreign_database_is_refused(folder: Path, exit_code: Callable[..., int]) -> None:
    with sqlite3.connect(folder / "bot_database.db") as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    before = (folder / "bot_database.db").read_bytes()
    mode = (folder / "bot_database.db").stat().st_mode
    assert exit_code("add", FEED, "--chat", "1", "--as", "feed") == 1
    assert exit_code("list") == 1
    assert (folder / "bot_database.db").read_bytes() == before, "it is not ours to change"
    assert (folder / "bot_database.db").stat().st_mode == mode


def test_a_bug_is_a_traceback_and_code_1(
    exit_code: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_url: str) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("cli.normalize_command.normalize", broken)
    assert exit_code("normalize", "https://a.example") == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "please report it" in told


def test_add_with_rules(run: Run, exit_code: Callable[..., int], folder: Path) -> None:
    _add(run, "--filter", "block title~webinar", "--filter", "silent price < 5")
    with sqlite3.connect(folder / "bot_database.db") as db:
        rules = db.execute("SELECT filter FROM subscriptions").fetchall()
    db.close()
    assert rules == [("block title ~ webinar\nsilent price < 5",)]
    _add(run)
    assert "was there already" in _add(run).output
    with sqlite3.connect(folder / "bot_database.db") as db:
        assert db.execute("SELECT filter FROM subscriptions").fetchall() == rules, "what was set stays"
    db.close()
    assert exit_code("add", FEED, "--chat", "1", "--as", "feed", "--filter", "block") == 2


def test_queue_tells_what_waits_and_why(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", "berlin")
    _add(run)
    assert "Nothing is waiting" in run("queue").output
    for name in ("one", "two"):
        run("add", f"https://news.example/{name}", "--chat", "-1001", "--as", "link")
    with sqlite3.connect(folder / "bot_database.db") as db:
        db.execute("UPDATE queue SET not_before_ms = 0")
        db.execute("UPDATE queue SET state = 'held', reason = 'backlog' WHERE id = 2")
    shown = " ".join(run("queue").output.split())
    assert "now Europe/Berlin" in shown
    assert "https://news.example/one" in shown
    assert "1 links" in shown
    assert "it was there before" in shown
    assert "Nothing is waiting" in run("queue", "--chat", "5").output

"""`import` and `export`: whole lists of subscriptions, there and back."""

import sqlite3
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.text import one_line

Run = Callable[..., Result]
OPML = """<opml version="2.0"><body><outline text="News">
<outline type="rss" text="A" xmlUrl="https://a.example/f?x=1&y=2"/>
<outline type="rss" text="B" xmlUrl="https://b.example/f"/></outline>
<outline type="rss" text="C" xmlUrl="ftp://c.example/f"/>
<outline text="D" xmlUrl="https://d.example/f" vestnik:kind="sitemap" vestnik:every="30m"/></body></opml>"""
SAME = """SELECT url, kind, rules, topic_id, interval_s, subscriptions.title, silent, preview, media, approve,
    expire_s, filter, subscriptions.state FROM subscriptions JOIN sources ON sources.id = source_id
    WHERE chat_id = ? AND subscriptions.state <> 'removed' ORDER BY topic_id, number"""


def rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    db = sqlite3.connect("bot_database.db")
    found = db.execute(sql, values).fetchall()
    db.close()
    return found


def test_import_takes_what_it_can_and_names_the_rest(run: Run, folder: Path) -> None:
    (folder / "list.opml").write_text(OPML)
    done = run("import", "list.opml", "--chat", "-1001", "--topic", "7", "--backlog", "2")
    assert "3 added, 0 were there already, 1 not taken" in done.stdout
    assert "line 4: “ftp://c.example/f”" in done.stderr
    assert rows("SELECT url, kind, topic_id, interval_s, backlog FROM subscriptions JOIN sources "
                "ON sources.id = source_id ORDER BY number") == [
        ("https://a.example/f?x=1&y=2", "feed", 7, None, "2"),
        ("https://b.example/f", "feed", 7, None, "2"),
        ("https://d.example/f", "sitemap", 7, 1800.0, "2"),
    ]  # fmt: skip
    again = run("import", "list.opml", "--chat", "-1001", "--topic", "7", "--every", "5m")
    assert "0 added, 3 were there already" in again.stdout
    assert rows("SELECT COUNT(*) FROM subscriptions WHERE interval_s = 300") == [(0,)], (
        "they stay as they are"
    )


def test_import_of_a_text(run: Run, folder: Path) -> None:
    lines = "".join(f"https://a.example/{number}\n" for number in range(250))
    (folder / "feeds.txt").write_text(f"# mine\n{lines}not an address\nhttps://u:p@b.example/f\n")
    done = run("import", "feeds.txt", "--chat", "-1001", "--every", "5m", "--as", "feed")
    assert "251 added, 0 were there already, 1 not taken" in done.stdout
    assert "line 252" in done.stderr
    assert rows("SELECT url FROM sources WHERE credentials IS NOT NULL") == [("https://b.example/f",)]


def test_folders_are_topics(run: Run, folder: Path) -> None:
    run("add", "https://x.example/f", "--chat", "-1001", "--as", "feed")
    db = sqlite3.connect("bot_database.db")
    db.execute("INSERT INTO topics (chat_id, topic_id, name) VALUES (-1001, 45, 'NEWS')")
    db.commit()
    db.close()
    elsewhere = OPML.replace(
        "</body>", "<outline text='Sports'><outline xmlUrl='https://s.example/f'/></outline></body>"
    )
    (folder / "list.opml").write_text(elsewhere)
    done = run("import", "list.opml", "--chat", "-1001", "--topic", "by-folder")
    assert "3 added" in done.stdout
    assert "called “Sports”" in done.stderr
    assert rows("SELECT topic_id FROM subscriptions ORDER BY number") == [(0,), (45,), (45,), (0,)]


@pytest.mark.parametrize(
    ("text", "told"),
    [("<html/>", "nothing in it"), ("nothing\n", "nothing in it"), ("<opml><!DOCTYPE", "nothing in it")],
)
def test_what_is_no_list(run: Run, folder: Path, text: str, told: str) -> None:
    (folder / "list").write_text(text)
    with pytest.raises(UserError, match=told):
        run("import", "list", "--chat", "-1001")
    with pytest.raises(UserError, match="by-folder"):
        run("import", "list", "--chat", "-1001", "--topic", "news")


def test_what_comes_before_damage_is_taken(run: Run, folder: Path) -> None:
    (folder / "list.opml").write_text(OPML[: OPML.index('<outline type="rss" text="C"')])
    done = run("import", "list.opml", "--chat", "-1001")
    assert "2 added" in done.stdout
    assert "what follows is not read" in done.stderr


def test_export_keeps_secrets_and_shows_folders(run: Run, folder: Path) -> None:
    run("add", "https://u:secret@a.example/f", "--chat", "-1001", "--as", "feed")
    run("add", "https://b.example/f", "--chat", "-1001", "--topic", "7", "--as", "feed")
    run("add", "https://b.example/f", "--chat", "-1002", "--as", "feed")
    everything = run("export")
    assert everything.stdout.count("<outline ") == 3 + 2 + 1
    assert "secret" not in everything.stdout
    assert "1 sources have logins" in everything.stderr
    run("export", "one.opml", "--chat", "-1001")
    assert (folder / "one.opml").stat().st_mode & 0o777 == 0o600
    run("export", "all.txt")
    assert (folder / "all.txt").read_text().split() == [f"https://{host}.example/f" for host in "bab"]


subscription = st.fixed_dictionaries(
    {
        "url": st.from_regex(r"https://[a-c]\.example/[a-z&='<>]{0,6}", fullmatch=True),
        "kind": st.sampled_from(["feed", "sitemap"]),
        "topic_id": st.sampled_from([0, 0, 3, 45]),
        "interval_s": st.sampled_from([None, 60.0, 90.0, 86_400.0]),
        "title": st.none() | st.text("aЯ \"'<&>😀", min_size=1, max_size=6).map(one_line).filter(bool),
        "silent": st.booleans(),
        "preview": st.booleans(),
        "media": st.booleans(),
        "approve": st.booleans(),
        "expire_s": st.sampled_from([None, 90.0, 21_600.0]),
        "filter": st.sampled_from([None, "block title ~ webinar", 'block title ~ "a;b"\nsilent price < 5']),
        "state": st.sampled_from(["active", "active", "paused", "removed"]),
    }
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(subscription, max_size=8, unique_by=itemgetter("url", "kind", "topic_id")))
def test_there_and_back_is_the_same(run: Run, folder: Path, wanted: list[dict[str, Any]]) -> None:
    for old in folder.glob("*"):
        old.unlink()
    run("add", "https://first.example/?a=1&b=2", "--chat", "-1001", "--as", "list", "--select", "li > a")
    db = sqlite3.connect("bot_database.db")
    for number, each in enumerate(wanted, start=2):
        db.execute("INSERT OR IGNORE INTO sources (kind, url) VALUES (:kind, :url)", each)
        db.execute(
            """INSERT INTO subscriptions (chat_id, source_id, number, topic_id, interval_s, title, silent,
                preview, media, approve, expire_s, filter, state, created_ms)
            SELECT -1001, id, :number, :topic_id, :interval_s, :title, :silent, :preview, :media, :approve,
                :expire_s, :filter, :state, 0
            FROM sources WHERE url = :url AND kind = :kind""",
            each | {"number": number},
        )
    db.commit()
    db.close()
    before = rows(SAME, -1001)
    run("export", "there.opml", "--chat", "-1001")
    (folder / "bot_database.db").rename(folder / "old.db")
    done = run("import", "there.opml", "--chat", "-2002")
    assert "not taken:" not in done.stderr
    assert rows(SAME, -2002) == before
    run("export", "back.opml", "--chat", "-2002")
    assert (folder / "back.opml").read_text() == (folder / "there.opml").read_text()

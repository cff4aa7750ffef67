"""The words after /set."""

from pathlib import Path

import pytest

from core.chat_defaults import NAMES, DefaultsRequest, parse_defaults
from core.errors import UserError
from core.requests import Target
from core.set_keys import KEYS, SetRequest, parse_set
from core.templates.defaults import DEFAULTS


def changes(text: str, command: str = "set") -> dict[str, object]:
    return dict(parse_set(f"3 {text}", interval_min_s=60, command=command).changes)


def test_pairs_with_and_without_quotes() -> None:
    assert changes('every=30m title="every=1h is a title" silent=YES preview=off') == {
        "every": 1800.0,
        "title": "every=1h is a title",
        "silent": True,
        "preview": False,
    }
    assert changes("title=Two words every=1h") == {"title": "Two words", "every": 3600.0}
    assert changes("header=Cookie: a=b; c=d user_agent=“Mozilla/5.0 (X11)”") == {
        "header": ("Cookie", "a=b; c=d"),
        "user_agent": "Mozilla/5.0 (X11)",
    }


def test_headers_may_be_several() -> None:
    request = parse_set('3 header="A: 1" header="B: 2"', interval_min_s=60)
    assert request.changes == (("header", ("A", "1")), ("header", ("B", "2")))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_can_be_cleared(key: str) -> None:
    assert changes(f"{key}=") == changes(f"{key}=default") == {key: None}


def test_places_and_numbers() -> None:
    assert parse_set("", interval_min_s=60) == SetRequest()
    assert parse_set("@channel/45", interval_min_s=60) == SetRequest(
        target=Target(chat="@channel", topic_id=45)
    )
    assert parse_set(" 3 ", interval_min_s=60) == SetRequest(number=3)
    request = parse_set("-1001  12\nsilent=yes", interval_min_s=60)
    assert request == SetRequest(target=Target(chat=-1001), number=12, changes=(("silent", True),))


def test_commands_that_set_one_thing() -> None:
    assert changes("30m", "set_interval") == changes("30m", "setinterval") == {"every": 1800.0}
    assert changes("A title: every=1h", "set_title") == {"title": "A title: every=1h"}
    assert changes("silent=yes", "set_default") == {"silent": True}
    assert changes("#news, tech", "set_hashtags") == changes("news #Tech", "setfeedtag") | {
        "tags": "news tech"
    }


def test_tags_topics_and_looks() -> None:
    assert changes("tags=#news #News, #c-sharp topic=45 pages=no") == {
        "tags": "news c_sharp",
        "topic": "45",
        "pages": False,
    }
    assert changes("topic=general") == changes("topic=1") == {"topic": "0"}
    assert changes("template=video") == {"template": DEFAULTS["video"]}
    assert changes('template="<a href="{{ url }}">{{ title }}</a>\nsecond line" silent=yes') == {
        "template": '<a href="{{ url }}">{{ title }}</a>\nsecond line',
        "silent": True,
    }
    assert changes("backlog=5 expire=2h") == {"backlog": "5", "expire": 7200.0}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3 every=30s", "shortest interval"),
        ("3 colour=red every=1h", "no “colour”"),
        ("3 every=1h colour", "no duration"),
        ('3 silent=yes "colour"', "yes or no"),
        ("3 tags=a b c d e f", "5 at most"),
        ("3 tags=#news #1", "no letter"),
        ("3 topic=main", "no number of a topic"),
        ("3 template={{ nope }}", "no field “nope”"),
        ("3 backlog=some", "backlog"),
        ("3 title", "no “title” to set"),
        ("three every=1h", "number of a source first"),
    ],
)
def test_wrong_words(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        parse_set(text, interval_min_s=60)


def test_rules_are_kept_as_they_are_written_back() -> None:
    written = {"filter": "block title ~ a\nkeep price < 5", "silent": True}
    assert changes('filter="block title~a; keep price<5" silent=yes') == written
    assert changes("filter=block title ~ a; keep price < 5 silent=yes") == written
    assert changes("filter=off") == {"filter": ""}
    with pytest.raises(UserError, match="expected a fact"):
        changes("filter=block")


def test_what_is_set_for_a_whole_chat() -> None:
    said = "@channel/45 tags=#a #b template='{{ title }} {{ url }}' approve=yes once=topic topic="
    assert parse_defaults(said, interval_min_s=60) == DefaultsRequest(
        target=Target(chat="@channel", topic_id=45),
        changes=(
            ("tags", "a b"),
            ("template", "{{ title }} {{ url }}"),
            ("approve", True),
            ("once", "topic"),
            ("topic", None),
        ),
    )
    assert parse_defaults("3 silent=yes", interval_min_s=60) is None
    assert set(KEYS) - set(NAMES) == {"title", "user_agent", "header", "proxy"}
    with pytest.raises(UserError, match="“title=x” cannot be set for a whole chat"):
        parse_defaults("title=x", interval_min_s=60)


def test_docs_show_every_key_and_who_may_have_it() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    table = page.partition("<!-- keys -->")[2].partition("<!-- /keys -->")[0].strip().splitlines()[2:]
    rows = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]
    assert [row[0].partition("=")[0] for row in rows if row[2] != "only"] == list(KEYS)
    assert {row[0].partition("=")[0] for row in rows if row[2]} == set(NAMES)
    for typed, _, whose in rows:
        if whose == "only":
            assert parse_defaults(typed, interval_min_s=60)
        else:
            assert changes(typed)

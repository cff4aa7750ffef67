"""What could be watched behind an address."""

import pytest

from core.discovery import Suggestion, choose, discover, suggest_from_url, well_known
from core.entries import Document
from core.kinds import KINDS, parse_as

_URL = "https://e.org/blog/"


def _page(head: str, body: str = "", url: str = _URL) -> tuple[Suggestion, ...]:
    return discover(Document(body=f"<!DOCTYPE html><head>{head}</head><body>{body}".encode(), url=url))


def _urls(found: tuple[Suggestion, ...]) -> list[str]:
    return [each.url for each in found]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (
            "https://www.youtube.com/channel/UC123/videos",
            ["https://www.youtube.com/feeds/videos.xml?channel_id=UC123"],
        ),
        (
            "https://youtube.com/playlist?list=PL1",
            ["https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"],
        ),
        ("https://www.youtube.com/@handle", []),
        ("https://old.reddit.com/r/python/top/?t=week", ["https://www.reddit.com/r/python/top/.rss?t=week"]),
        ("https://www.reddit.com/user/somebody", ["https://www.reddit.com/user/somebody/.rss"]),
        ("https://www.reddit.com/settings", []),
        ("https://github.com/o/r/releases", ["https://github.com/o/r/releases.atom"]),
        ("https://github.com/o/r/tags", ["https://github.com/o/r/tags.atom"]),
        ("https://github.com/o/r/commits/main", ["https://github.com/o/r/commits/main.atom"]),
        ("https://github.com/o/r/tree/a/b", ["https://github.com/o/r/commits/a/b.atom"]),
        ("https://github.com/o/r/commits", ["https://github.com/o/r/commits.atom"]),
        ("https://github.com/o", ["https://github.com/o.atom"]),
        ("https://github.com/o/r/releases.atom", []),
        ("https://github.com/topics/rss", []),
        ("https://mastodon.example/@user", ["https://mastodon.example/@user.rss"]),
        ("https://mastodon.example/tags/news", ["https://mastodon.example/tags/news.rss"]),
        ("https://mastodon.example/@user/123", []),
        ("https://www.tiktok.com/@user", []),
        ("https://medium.com/@user", ["https://medium.com/feed/@user"]),
        ("https://medium.com/feed/@user", []),
        ("https://t.me/durov", ["https://t.me/s/durov"]),
        ("https://t.me/s/durov?before=5", ["https://t.me/s/durov"]),
        ("https://t.me/joinchat/AAA", []),
        ("https://t.me/+AAA", []),
        ("https://e.org/", []),
        ("https://e.org/page", []),
        ("https://[bad", []),
        ("ftp://github.com/o/r", []),
    ],
)
def test_addresses_of_known_sites(url: str, found: list[str]) -> None:
    assert _urls(suggest_from_url(url)) == found


def test_a_repository_is_a_question() -> None:
    found = suggest_from_url("https://github.com/o/r")
    assert _urls(found) == [f"https://github.com/o/r/{name}.atom" for name in ("releases", "tags", "commits")]
    assert choose(found) is None
    assert all(each.title and each.why for each in found)


def test_links_of_a_page_in_their_order() -> None:
    found = _page(
        '<base href="https://cdn.example/">'
        '<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="rss">'
        '<link rel="Alternate" type="application/atom+xml; charset=utf-8" href="https://e.org/atom">'
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">'
        '<link rel="alternate" type="application/json" title="JSON" href="/feed.json">'
        '<link rel="alternate stylesheet" type="text/xml" href="/style.xsl">'
        '<link rel="alternate" type="text/html" hreflang="de" href="/de">'
        '<link rel="alternate" type="application/rss+xml" href="rss">'
        '<link rel="alternate" type="application/rss+xml" href="">'
    )
    assert _urls(found) == ["https://cdn.example/rss", "https://e.org/atom", "https://cdn.example/feed.json"]
    assert found[0].title == "All & more"
    assert choose(found) is None


def test_the_only_feed_is_chosen_before_a_list() -> None:
    items = "".join(f"<li><a href='/{n}'>Title {n}</a>" for n in range(5))
    link = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    found = _page(link, f"<ul>{items}</ul>")
    assert [each.kind for each in found] == ["feed", "list"]
    assert choose(found) == found[0]
    only_list = _page("<title>T</title>", f"<ul>{items}</ul>")
    assert choose(only_list) == Suggestion(
        kind="list", url=_URL, title="T", why="a list of {count} links on the page itself|5"
    )


def test_channel_behind_a_handle_is_read_from_its_page() -> None:
    channel = "https://www.youtube.com/channel/UC" + "a" * 22
    feed = "https://www.youtube.com/feeds/videos.xml?channel_id=UC" + "a" * 22
    for head in (f'<link rel="canonical" href="{channel}">', f'<meta property="og:url" content="{channel}">'):
        assert _urls(_page(head, url="https://www.youtube.com/@handle")) == [feed]
    assert _page('<link rel="canonical" href="https://e.org/">', url="https://www.youtube.com/@handle") == ()


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (b"<rss><channel/></rss>", ["feed"]),
        (b"<urlset/>", ["sitemap"]),
        (b'{"a": 1}', []),
        (b"<!DOCTYPE html>", []),
        (b"words", []),
        (b"", []),
    ],
)
def test_documents(body: bytes, kinds: list[str]) -> None:
    assert [each.kind for each in discover(Document(body=body, url=_URL))] == kinds


def test_usual_addresses_are_at_the_root() -> None:
    found = well_known("https://e.org/some/page?x")
    assert _urls(found)[:2] == ["https://e.org/feed", "https://e.org/rss"]
    assert (found[-1].kind, found[-1].url) == ("sitemap", "https://e.org/sitemap.xml")
    assert well_known("mailto:a@e.org") == ()


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose(()) is None


_PREVIEW = """<!DOCTYPE html><html><body><section class="tgme_channel_history">
<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message">
<a class="tgme_widget_message_photo_wrap" style="width:800px;background-image:url('https://cdn.example/1.jpg')"></a>
<div class="tgme_widget_message_text">First<br>and <a href="https://x.example/">more</a></div>
<a class="tgme_widget_message_date" href="https://t.me/durov/1">
<time datetime="2024-01-01T10:00:00+00:00">10</time></a>
</div></div><div class="tgme_widget_message_wrap"><div class="tgme_widget_message">
<a class="tgme_widget_message_date" href="https://t.me/durov/2">
<time datetime="2024-01-02T10:00:00+00:00">10</time></a>
</div></div></section></body></html>"""


def test_preview_of_a_channel_is_read_by_built_in_rules() -> None:
    """Written after the page that t.me/s/NAME shows."""
    (found,) = suggest_from_url("https://t.me/durov")
    parsed = parse_as(found.kind, Document(body=_PREVIEW.encode(), url=found.url), found.rules)
    first, second = parsed.entries
    assert (first.url, first.title, first.image) == (
        "https://t.me/durov/1",
        "First and more",
        "https://cdn.example/1.jpg",
    )
    assert (second.url, second.title, second.published_ms) == ("https://t.me/durov/2", "", 1_704_189_600_000)


def test_suggestions_are_of_kinds_that_exist() -> None:
    assert {each.kind for each in well_known(_URL)} <= set(KINDS)

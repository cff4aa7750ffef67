"""Posts as Telegram takes them, judged by a checker that shares no code with the renderer."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.protocol import Entity, PostContent
from core.rendering.post import RenderedPost, render, render_plain
from core.urls.normalize import RefusedUrl, normalize
from simulation.botapi.parameters import Parameters
from simulation.botapi.texts import Text, message_text
from simulation.botapi.utf16 import units

URL = "https://site.example/a"
WORDS = st.text(st.characters(codec="utf-8") | st.sampled_from(" \n😀\u200b\u0333\ufffc"))
HTML = WORDS | st.lists(st.sampled_from(["<p>", "</p>", "<b", "&lt;", "word ", "\n", "😀"])).map("".join)
HOSTS = [
    "site.example",
    "localhost",
    "[::1]",
    "127.0.0.1",
    "сайт.рф",
    "u:p@site.example",
    "a_b.example",
    "a\uff0eexample",
]


def is_publishable(url: str) -> bool:
    try:
        return bool(normalize(url))
    except RefusedUrl:
        return False


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme = draw(
        st.sampled_from(["http://", "https://", "HTTP://", "http:/", "https:", "http:///", "http:\\\\"])
    )
    port = draw(st.sampled_from(["", ":8080", ":0", ":"]))
    path = draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), max_size=20))
    filling = draw(st.sampled_from(["", "/" + "a" * 1500, "/" + "a" * 5000]))
    return f"{scheme}{draw(st.sampled_from(HOSTS))}{port}/{path}{filling}"


def accepted(post: RenderedPost) -> Text:
    """What Telegram makes of a post; refuses as Telegram does, links that it would drop in silence too."""
    entities: list[dict[str, Any]] = [
        {name: value for name, value in asdict(entity).items() if value is not None}
        for entity in post.entities
    ]
    return message_text(Parameters({"text": post.text, "entities": entities}), refuse_links=True)


@given(
    url=urls().filter(is_publishable),
    title=WORDS,
    summary=HTML,
    source_title=WORDS,
    note=st.none() | st.just("perhaps_repeated"),
)
@example(
    url="http://localhost/" + "a" * 3000,
    title="T" * 500,
    summary="s " * 900,
    source_title="S" * 99,
    note=None,
)
@example(url=URL + "a" * 8000, title="", summary="s " * 900, source_title="S" * 99, note="perhaps_repeated")
@example(url=URL, title="\u0333", summary="", source_title="", note=None)
def test_any_content_makes_a_message_with_its_link(
    url: str, title: str, summary: str, source_title: str, note: str | None
) -> None:
    content = PostContent(url=url, title=title, summary=summary, source_title=source_title, note=note)
    post = render(content)
    assert 0 < units(post.text) <= 4096
    seen = accepted(post)
    targets = {entity.url for entity in post.entities if entity.type == "text_link"}
    assert url in targets or unquote(url) in unquote(post.text) or units(url) > 3000
    assert len([link for link in seen.entities if link["type"] == "text_link"]) == len(targets)


@given(url=urls().filter(is_publishable), title=WORDS)
def test_plain_posts_have_no_entities(url: str, title: str) -> None:
    assume(len(url) < 3000)
    post = render_plain(PostContent(url=url, title=title))
    assert post.entities == ()
    assert unquote(url) in unquote(post.text)
    accepted(post)


def test_a_whole_post() -> None:
    post = render(
        PostContent(
            url=URL,
            title="Hello  😀 world",
            summary="<p>First.</p><p>Second &amp; last.</p>",
            source_title="The\nSource",
            note="perhaps_repeated",
        )
    )
    assert post.text == (
        "Hello 😀 world\n\nFirst.\n\nSecond & last.\n\nThe Source\n\n"
        "This may be a repetition: it is not known whether it arrived before."
    )
    assert post.entities[:3] == (
        Entity(type="text_link", offset=0, length=14, url=URL),
        Entity(type="bold", offset=0, length=14),
        Entity(type="italic", offset=40, length=10),
    )
    assert accepted(post).links == [URL]


@pytest.mark.parametrize("title", ["", " \n", "\u200b", "\ufffc\u2800"])
def test_without_a_title_the_address_is_the_text(title: str) -> None:
    post = render(PostContent(url=URL, title=title))
    assert post.text == URL
    assert accepted(post).links == [URL]


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/a", "http://[::1]/a", "http://site.example:0/a", "https:site.example/a"]
)
def test_an_address_that_telegram_links_to_nothing_is_shown(url: str) -> None:
    post = render(PostContent(url=url, title="Title"))
    assert post.text == f"Title\n\n{url}"
    assert [entity.type for entity in post.entities] == ["bold"]


def test_an_address_too_long_to_be_shown_hides_behind_its_host() -> None:
    url = "https://www.site.example/" + "a" * 4100
    post = render(PostContent(url=url))
    assert post.text == "site.example"
    assert accepted(post).links == [url]


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("Title", ""),
        ("<p>Title</p>\n", ""),
        ("Title and more", "\n\nand more"),
        ("Title: more", "\n\nmore"),
        ("Titles", "\n\nTitles"),
        ("<td><img alt=Title><td>more", "\n\nmore"),
        ("<script>x</script>", ""),
        ("word " * 200, "\n\n" + "word " * 99 + "word…"),
    ],
)
def test_summaries(summary: str, shown: str) -> None:
    assert render(PostContent(url=URL, title="Title", summary=summary)).text == "Title" + shown


@pytest.mark.parametrize("draw", [render, render_plain])
def test_fingerprints_tell_posts_apart_and_recognise_the_same(
    draw: Callable[[PostContent], RenderedPost],
) -> None:
    first = draw(PostContent(url=URL, title="One"))
    assert draw(PostContent(url=URL, title="One")).fingerprint == first.fingerprint
    others = {
        draw(PostContent(url=URL, title="Two")).fingerprint,
        draw(PostContent(url=URL + "b", title="One")).fingerprint,
    }
    assert len(others | {first.fingerprint}) == 3

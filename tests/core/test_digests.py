"""Digests: many links in one message, all of them where they belong."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.digests import render_digest
from core.protocol import PostContent
from core.rendering.post import TEXT_LIMIT, RenderedPost
from core.text import utf16_length


def shown(post: RenderedPost) -> list[tuple[str, str | None]]:
    """Return the text that each entity covers, with its address."""
    units = post.text.encode("utf-16-le")
    return [
        (units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le"), each.url)
        for each in post.entities
    ]


def test_a_line_for_each_link() -> None:
    post, count = render_digest(
        [
            PostContent(url="https://a.example/1", title="One 🎈", source_title="Feed"),
            PostContent(url="https://a.example/2", title="Two"),
            PostContent(url="https://a.example/3"),
            PostContent(url="http://intranet/4", title="Four", note="perhaps_repeated"),
        ]
    )
    assert count == 4
    assert post.text.splitlines()[:4] == [
        "• One 🎈 · Feed",
        "• Two",
        "• https://a.example/3",
        "• Four http://intranet/4",
    ]
    assert "repetition" in post.text.splitlines()[-1]
    assert shown(post)[:2] == [("One 🎈", "https://a.example/1"), ("Two", "https://a.example/2")]
    assert shown(post)[2] == (post.text.splitlines()[-1], None)


CONTENT = st.builds(
    PostContent,
    url=st.integers(0, 9999).map(lambda n: f"https://a.example/{n}"),
    title=st.text(max_size=300),
    source_title=st.text(max_size=60),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(CONTENT, min_size=1, max_size=80))
def test_a_message_takes_as_many_as_it_has_room_for(contents: list[PostContent]) -> None:
    post, count = render_digest(contents)
    assert 1 <= count <= len(contents)
    assert utf16_length(post.text) <= TEXT_LIMIT
    assert post.text.count("• ") >= count
    urls = [url for _, url in shown(post) if url] + post.text.split()
    assert all(content.url in urls for content in contents[:count])
    if count < len(contents):
        longer, _ = render_digest(contents[: count + 1])
        assert longer == post
        assert utf16_length(post.text) > TEXT_LIMIT - 300
    assert render_digest(contents[:count])[0].fingerprint == post.fingerprint

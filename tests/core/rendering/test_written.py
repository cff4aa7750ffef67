"""Texts that people write: their formatting is kept, and the link of the post is in them."""

import pytest

from core.protocol import PostContent
from core.rendering.post import render, render_plain
from core.rendering.written import read_written, with_link
from simulation.botapi.strict import complaints

URL = "https://site.example/story?utm_source=rss"


def post(text: str, *entities: dict[str, object], url: str = URL, **more: str) -> PostContent:
    return PostContent(url=url, title="Title", own=read_written(text, entities), **more)  # type: ignore[arg-type]


def entity(kind: str, offset: int, length: int, **more: object) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


def shown(content: PostContent) -> tuple[str, list[tuple[str, int, int]]]:
    rendered = render(content)
    entities: list[dict[str, object]] = [
        {"type": e.type, "offset": e.offset, "length": e.length, "url": e.url} for e in rendered.entities
    ]
    assert complaints(rendered.text, entities) == []
    return rendered.text, [(each.type, each.offset, each.length) for each in rendered.entities]


def test_it_is_kept_as_it_was_written() -> None:
    text = f"🎺 bold <b>x</b>\nquote\nlong quote\n{URL}"
    spans = [("bold", 3, 4), ("blockquote", 17, 5), ("expandable_blockquote", 23, 10)]
    assert shown(post(text, *(entity(*each) for each in spans))) == (text, spans)
    assert render(post(text), template="{{ title }} {{ url }}").text == text


def test_the_link_is_added_where_it_is_missing_or_part_of_another() -> None:
    assert shown(post("Words"))[0] == f"Words\n\n{URL}"
    assert shown(post(f"{URL}&page=2"))[0] == f"{URL}&page=2\n\n{URL}"
    linked = entity("text_link", 5, 4, url="https://site.example/story")
    rendered = render(with_link(post("Read this", linked), URL))
    assert rendered.text == "Read this"
    assert [each.url for each in rendered.entities] == [URL]


def test_rules_of_the_chat_change_the_link_in_it() -> None:
    marked = URL + "&erid=1"
    text = f"{URL} and {URL}\nbold"
    content = with_link(post(text, entity("bold", len(text) - 4, 4)), marked)
    assert shown(content) == (f"{marked} and {marked}\nbold", [("bold", len(text) + 10, 4)])


def test_what_is_no_formatting_of_posts_is_left_out() -> None:
    entities: list[dict[str, object]] = [
        entity("text_mention", 0, 4),
        entity("custom_emoji", 0, 4),
        entity("text_link", 0, 4, url="tg://user?id=1"),
        entity("bold", 2, 400),
        entity("bold", -1, 2),
        {"type": "bold", "offset": "0"},
    ]
    assert shown(post(f"Word {URL}", *entities)) == (f"Word {URL}", [])


@pytest.mark.parametrize(("ad", "erid"), [("Ad of ACME", ""), ("Ad of ACME", "abc"), ("", "abc")])
def test_marks_of_advertisements_are_there_in_any_case(ad: str, erid: str) -> None:
    text = shown(post(f"Words {URL}", ad=ad, erid=erid))[0]
    assert text.startswith(f"Words {URL}\n\n")
    assert ad in text
    assert erid in text
    assert shown(post(text, ad=ad, erid=erid))[0] == text, "once is enough"


def test_limits_hold() -> None:
    entities = [entity("bold", 3 * place, 2) for place in range(150)]
    text, kept = shown(post("ab " * 1500, *entities, note="perhaps_repeated"))
    assert len(text) <= 4096
    assert URL in text
    assert "repetition" in text
    assert len(kept) <= 100


def test_plain_and_hidden_characters() -> None:
    content = post("A\u2066b\u2069 bold", entity("bold", 5, 4))
    assert shown(content) == (f"Ab bold\n\n{URL}", [("bold", 3, 4)])
    plain = render_plain(content)
    assert (plain.text, plain.entities) == (f"Ab bold\n\n{URL}", ())

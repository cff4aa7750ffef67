"""Rules that are proposed: each stops the link it came from, and is read back as it was written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.filters.facts import LinkFacts
from core.filters.judging import decide
from core.filters.parsing import parse_rules
from core.filters.proposing import mark_of, propose
from core.filters.writing import write_rule


def test_words_tags_author_and_host() -> None:
    facts = LinkFacts(
        url="https://shop.example/1",
        title="A free webinar about elephants in 2026",
        author="Ann Other",
        tags=["events"],
    )
    assert [write_rule(rule) for rule in propose(facts)] == [
        "block title contains free",
        "block title contains webinar",
        "block title contains about",
        "block title contains elephants",
        "block tag = events",
        'block author = "Ann Other"',
        "block host = shop.example",
    ]


_WORDS = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=40)
@given(title=_WORDS, author=_WORDS, tags=st.lists(_WORDS, max_size=3))
def test_each_rule_stops_the_link_it_came_from(title: str, author: str, tags: list[str]) -> None:
    facts = LinkFacts(url="https://shop.example/1", title=title, author=author, tags=tags)
    found = propose(facts)
    assert found
    assert len({mark_of(rule) for rule in found}) == len(found)
    for rule in found:
        assert parse_rules(write_rule(rule)) == (rule,)
        assert decide([(rule,)], facts).stopped_by is not None, write_rule(rule)

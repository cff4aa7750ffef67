"""Words to search for: whatever is typed, no operator."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.searching import match_of, search_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ('"; DROP TABLE history --', ("drop", "table", "history")),
        ("Ёлки  ёлки\nЖизнь", ("елки", "жизнь")),
        ("a AND b OR NOT c*", ("a", "and", "b", "or", "not", "c")),
        ("snake_case x-y", ("snake", "case", "x", "y")),
        ("\x00a\x00b", ("a", "b")),
        ("x" * 10_000, ("x" * 40,)),
        (" ".join(map(str, range(5000))), tuple("01234567")),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert search_words(text) == words
    assert search_words(" ".join(words)) == words, "what a button finds them in"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_every_text_is_a_query(text: str) -> None:
    words = search_words(text)
    assert search_words(" ".join(words)) == words
    if words:
        db = sqlite3.connect(":memory:")
        db.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        db.execute("SELECT * FROM words WHERE words MATCH ?", (match_of(words),)).fetchall()
        db.close()

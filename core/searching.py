"""What people search for, read into words: whatever they type, nothing of it is an operator."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 8
_LONGEST_WORD = 40
_SHORTEST_BEGINNING = 4
_LONGEST_TEXT = 10_000


def fold(text: str) -> str:
    """Return a text without the differences that nobody types: case, accents, and the dots of ё."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def search_words(text: str) -> tuple[str, ...]:
    """Return the first words of a text, each once; of what this returns, joined by spaces, the same."""
    words = (found[0][:_LONGEST_WORD] for found in _WORD.finditer(fold(text[:_LONGEST_TEXT])))
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]


def match_of(words: tuple[str, ...]) -> str:
    """Return the query of SQLite's FTS5 for links with all of these words.

    Longer ones may go on, for words are inflected. What is quoted is no syntax
    (https://www.sqlite.org/fts5.html#full_text_query_syntax).
    """
    return " ".join(f'"{word}" *' if len(word) >= _SHORTEST_BEGINNING else f'"{word}"' for word in words)

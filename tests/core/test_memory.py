"""What a source showed last time, in eight bytes an entry."""

from hypothesis import given
from hypothesis import strategies as st

from core.candidates import Candidates
from core.entries import Entry, ParsedDocument
from core.memory import HASH_BYTES, MOST_ENTRIES, Memory

SECRET = b"secret"


def document(*names: str) -> ParsedDocument:
    entries = tuple(Entry(url=f"https://e.org/{name}", title=name) for name in names)
    return ParsedDocument(kind="feed", entries=entries)


def read(*names: str, memory: Memory) -> Candidates:
    candidates = Candidates(document(*names), source_id=1, memory=memory)
    for _ in candidates.steps(100):
        pass
    return candidates


@given(st.frozensets(st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES)))
def test_packing_loses_nothing(hashes: frozenset[bytes]) -> None:
    memory = Memory(secret=SECRET).of(hashes)
    again = Memory(secret=SECRET, packed=memory.packed)
    assert again == memory
    assert again.hashes == hashes


def test_an_empty_memory() -> None:
    assert Memory(secret=SECRET).hashes == frozenset()
    assert Memory(secret=SECRET).of([]) == Memory(secret=SECRET)


def test_what_was_shown_last_time_is_counted_only() -> None:
    first = read("a", "b", memory=Memory(secret=SECRET))
    assert ([each.title for each in first], first.known) == (["b", "a"], 0)
    assert len(first.memory.packed) == 2 * HASH_BYTES
    again = read("c", "b", "a", memory=first.memory)
    assert ([each.title for each in again], again.known) == (["c"], 2)
    assert len(again.memory.hashes) == 3
    later = read("c", memory=again.memory)
    assert ([each.title for each in later], later.known) == ([], 1)
    assert len(later.memory.hashes) == 1, "what has left the document is forgotten"


def test_decoration_is_not_news() -> None:
    first = read("a", memory=Memory(secret=SECRET))
    assert read("a?utm_source=feed", memory=first.memory).known == 1


def test_the_same_link_has_another_hash_in_another_database() -> None:
    one, other = Memory(secret=b"one"), Memory(secret=b"other")
    assert one.hash_of("https://e.org/") != other.hash_of("https://e.org/")


def test_a_memory_is_bounded() -> None:
    hashes = [number.to_bytes(HASH_BYTES, "big") for number in range(MOST_ENTRIES + 5)]
    assert len(Memory(secret=SECRET).of(hashes).hashes) == MOST_ENTRIES

"""What is asked of the memory of a source while its document is read."""

from core.candidates import Candidates
from core.entries import Entry, ParsedDocument
from core.known_links import KnownLinks
from core.memory import Memory

PAGE = "https://site.example/page"
CARRIES = "https://www.google.com/url?q=https%3A%2F%2Fsite.example%2Fpage%23part"


def _memory_of(*urls: str) -> Memory:
    return _taken(*urls, known=None).memory


def _taken(*urls: str, known: KnownLinks | None, fragments: bool = False) -> Candidates:
    document = ParsedDocument(kind="feed", entries=tuple(Entry(url=url) for url in urls))
    memory = _memory_of(PAGE) if known is not None else Memory()
    candidates = Candidates(document, source_id=1, memory=memory, fragments=fragments, known=known)
    for _ in candidates.steps(10):
        pass
    return candidates


def test_a_link_is_known_in_any_spelling() -> None:
    known = KnownLinks(_memory_of(PAGE))
    assert known(PAGE + "?utm_source=feed")
    assert known.hash_of(PAGE + "?utm_source=feed") is not None
    assert not known(PAGE + "?id=2")
    assert known.hash_of(PAGE + "?id=2") is None


def test_nothing_is_known_of_what_cannot_be_published() -> None:
    assert not KnownLinks(_memory_of(PAGE))("mailto:a@site.example")


def test_a_link_with_a_fragment_is_read_for_its_title_tells_what_fragments_mean() -> None:
    assert not KnownLinks(_memory_of(PAGE))(PAGE + "#2")


def test_answers_count_only_while_keys_are_made_in_the_same_way() -> None:
    known = KnownLinks(_memory_of(PAGE))
    assert known(CARRIES)
    assert _taken(CARRIES, known=known).known == 1
    assert _taken(CARRIES, known=known, fragments=True).known == 0

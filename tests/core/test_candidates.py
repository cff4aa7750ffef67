"""From the entries of a document to candidates."""

import pytest

from core.candidates import candidates_of
from core.entries import Entry, ParsedDocument
from core.protocol import Candidate

SITE = "https://site.example/"


def candidates(*entries: Entry, site_url: str | None = SITE) -> tuple[tuple[Candidate, ...], int]:
    document = ParsedDocument(kind="feed", site_url=site_url, entries=entries)
    return candidates_of(document, source_id=7)


def test_everything_an_entry_says_is_carried_over() -> None:
    entry = Entry(
        id="guid-1",
        url="https://Site.Example/a?utm_source=feed",
        title="Title",
        summary="<p>Summary</p>",
        published_ms=5,
        author="Ann",
        tags=("a", "b"),
        image="https://site.example/a.png",
    )
    assert candidates(entry) == (
        (
            Candidate(
                key="https://site.example/a",
                url="https://Site.Example/a?utm_source=feed",
                guid="guid-1",
                title="Title",
                summary="<p>Summary</p>",
                image="https://site.example/a.png",
                author="Ann",
                tags=("a", "b"),
                published_ms=5,
            ),
        ),
        0,
    )


def test_the_oldest_comes_first() -> None:
    found, _ = candidates(Entry(url=SITE + "new"), Entry(url=SITE + "old"))
    assert [c.url for c in found] == [SITE + "old", SITE + "new"]


def test_a_link_shown_twice_counts_once_at_its_first_place() -> None:
    found, refused = candidates(
        Entry(url=SITE + "a#2", title="newest"), Entry(url=SITE + "b"), Entry(url=SITE + "a", title="oldest")
    )
    assert [(c.key, c.title) for c in found] == [(SITE + "a", "oldest"), (SITE + "b", "")]
    assert refused == 0


@pytest.mark.parametrize("url", ["mailto:a@site.example", "no address", "https://site.example/" + "a" * 9000])
def test_what_cannot_be_published_is_counted(url: str) -> None:
    found, refused = candidates(Entry(url=url), Entry(url=SITE + "a"))
    assert [c.url for c in found] == [SITE + "a"]
    assert refused == 1


def test_an_entry_without_a_link_leads_to_the_site_under_a_key_of_its_own() -> None:
    found, refused = candidates(Entry(id="x"), Entry(id="y"), Entry(id="x", title="again"))
    assert refused == 0
    assert [c.url for c in found] == [SITE, SITE]
    assert all(c.key.startswith("entry:7:") for c in found)
    assert found[0].key != found[1].key


def test_keys_made_of_guids_last_and_belong_to_one_source() -> None:
    entry = Entry(id="x", title="one title")
    changed = Entry(id="x", title="another title")
    document = ParsedDocument(kind="feed", site_url=SITE, entries=(entry,))
    (mine,), _ = candidates(entry)
    (later,), _ = candidates(changed)
    (theirs,), _ = candidates_of(document, source_id=8)
    assert mine.key == later.key
    assert mine.key != theirs.key


def test_without_a_guid_the_words_make_the_key() -> None:
    found, _ = candidates(
        Entry(title="a", summary="b"), Entry(title="a", summary="c"), Entry(title="a", summary="b")
    )
    assert len(found) == 2


@pytest.mark.parametrize("site_url", [None, "", "no address", "ftp://site.example/"])
def test_without_a_link_and_a_site_there_is_nothing_to_publish(site_url: str | None) -> None:
    assert candidates(Entry(id="x", title="words"), site_url=site_url) == ((), 1)


def test_long_strings_are_shortened_to_a_bound() -> None:
    tags = tuple(map(str, range(99)))
    (long,), _ = candidates(Entry(url=SITE, id="i" * 9000, title="t" * 9000, summary="s" * 9000, tags=tags))
    assert (len(long.guid or ""), len(long.title), len(long.summary)) == (1000, 1000, 4000)
    assert long.tags == tags[:20]


def test_an_empty_document() -> None:
    assert candidates() == ((), 0)


def test_entries_on_a_local_name_count_where_it_is_allowed() -> None:
    document = ParsedDocument(kind="feed", entries=(Entry(url="http://rsshub:1200/a"),))
    assert candidates_of(document, source_id=7) == ((), 1)
    (found,), refused = candidates_of(document, source_id=7, allow_hosts=("rsshub",))
    assert (found.key, refused) == ("http://rsshub:1200/a", 0)


def _changes(*names: str) -> ParsedDocument:
    entries = tuple(Entry(url=f"https://e.org/changes#{name}", title=f"Version {name}") for name in names)
    return ParsedDocument(kind="feed", entries=entries)


def test_parts_of_one_page_are_told_apart() -> None:
    candidates, _ = candidates_of(_changes("v2", "v1"), source_id=1)
    assert [each.key for each in candidates] == ["https://e.org/changes#v1", "https://e.org/changes#v2"]


def test_a_single_fragment_means_nothing() -> None:
    candidates, _ = candidates_of(_changes("comments"), source_id=1)
    assert [each.key for each in candidates] == ["https://e.org/changes"]


def test_the_same_entry_under_two_fragments_is_one() -> None:
    entries = tuple(Entry(url=f"https://e.org/1#{mark}", title="One") for mark in ("a", "b"))
    candidates, _ = candidates_of(ParsedDocument(kind="feed", entries=entries), source_id=1)
    assert [each.key for each in candidates] == ["https://e.org/1"]

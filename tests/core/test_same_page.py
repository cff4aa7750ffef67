"""Which links lead to one page, and which only say so."""

import pytest

from core.same_page import Claim, Titles, Verdict, Witness, agree, judge

KEY = "https://count.example/abc"
STORY = "https://news.example/story"
ONE = Titles(shown="Cats win", page="Cats win | News")
OTHER = Titles(shown="Dogs lose", page="Dogs lose | News")
UNKNOWN = Titles()


def verdict(
    witness: Witness, claim: Claim | None, *, target: str = STORY, titles: Titles = ONE, key: str = KEY
) -> Verdict:
    return judge(witness=witness, key=key, target=target, titles=titles, claim=claim)


@pytest.mark.parametrize("witness", ["wrapper", "redirect", "canonical"])
def test_an_address_that_nobody_has(witness: Witness) -> None:
    assert verdict(witness, None) == "alias"
    assert verdict(witness, None, target=KEY) == "nothing"


@pytest.mark.parametrize("witness", ["wrapper", "redirect", "canonical"])
def test_a_front_page_is_no_story(witness: Witness) -> None:
    assert verdict(witness, None, target="https://news.example/") == "nothing"
    assert verdict(witness, None, target="https://news.example/?p=5") == "alias"
    assert verdict(witness, None, target="https://www.news.example/", key="https://news.example/") == "alias"


@pytest.mark.parametrize(
    ("witness", "titles", "expected"),
    [
        ("wrapper", OTHER, "merge"),
        ("redirect", OTHER, "merge"),
        ("canonical", OTHER, "nothing"),
        ("canonical", ONE, "merge"),
        ("canonical", UNKNOWN, "merge"),
    ],
)
def test_an_address_that_is_a_link_of_its_own(witness: Witness, titles: Titles, expected: Verdict) -> None:
    assert verdict(witness, Claim(is_link=True, titles=titles)) == expected


@pytest.mark.parametrize("witness", ["wrapper", "redirect", "canonical"])
@pytest.mark.parametrize(
    ("titles", "expected"), [(ONE, "merge"), (OTHER, "dispute"), (UNKNOWN, "dispute")], ids=str
)
def test_an_address_that_another_link_leads_to(witness: Witness, titles: Titles, expected: Verdict) -> None:
    assert verdict(witness, Claim(is_link=False, titles=titles)) == expected


def test_stories_behind_one_wall_stay_apart() -> None:
    wall = "Not available in your region"
    one, other = Titles(shown="Cats win", page=wall), Titles(shown="Dogs lose", page=wall)
    assert verdict("redirect", Claim(is_link=False, titles=other), titles=one) == "dispute"


def test_one_story_under_two_headlines_is_one() -> None:
    page = "Cats win the cup again | News"
    one, other = Titles(shown="Cats win the cup again", page=page), Titles(shown="Sport: cats!", page=page)
    assert verdict("canonical", Claim(is_link=False, titles=other), titles=one) == "merge"


def test_titles_are_compared_as_people_read_them() -> None:
    assert agree(Titles(page="“Cats”  win!"), Titles(page="cats win"))
    assert agree(Titles(page="One", shown="Same!"), Titles(page="Two", shown="same"))
    assert agree(Titles(page="Cats win"), Titles(page="Cats win", shown="Something"))
    assert not agree(Titles(page="Cats win", shown="a"), Titles(page="Cats win", shown="b"))
    assert not agree(Titles(shown="Cats"), UNKNOWN)
    assert not agree(UNKNOWN, UNKNOWN)

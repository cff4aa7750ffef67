"""What a chat's rules make of a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.link_rules import LinkRules, changed, marked, marks, parse_rule

URL = "https://www.shop.example/item?id=7#size"


def rules(*texts: str) -> LinkRules:
    made = LinkRules()
    for text in texts:
        made = changed(made, text)
    return made


@pytest.mark.parametrize(
    ("texts", "published"),
    [
        ([], URL),
        (["add shop.example partner=42"], "https://www.shop.example/item?id=7&partner=42#size"),
        (["add shop.example id=8"], "https://www.shop.example/item?id=8#size"),
        (["add * a=1", "add shop.example b=2"], "https://www.shop.example/item?id=7&a=1&b=2#size"),
        (["add other.example a=1"], URL),
        (["add hop.example a=1"], URL),
        (["add shop.example a=1", "add shop.example a=2"], "https://www.shop.example/item?id=7&a=2#size"),
        (
            ["wrap shop.example https://go.example/?to={url}"],
            "https://go.example/?to=https%3A%2F%2Fwww.shop.example%2Fitem%3Fid%3D7%23size",
        ),
        (
            ["wrap * https://go.example/{url}", "add shop.example a=1"],
            "https://go.example/https%3A%2F%2Fwww.shop.example%2Fitem%3Fid%3D7%26a%3D1%23size",
        ),
        (["add shop.example a=1", "off"], URL),
        (["add shop.example a=1", "remove 1"], URL),
    ],
)
def test_links_are_published_with(texts: list[str], published: str) -> None:
    assert marked(URL, rules(*texts)).url == published


@pytest.mark.parametrize(
    ("texts", "url", "erid", "lacks"),
    [
        (["require erid shop.example"], URL, "", True),
        (["require erid shop.example"], f"{URL[:-5]}&erid=2Vf", "2Vf", False),
        (["require erid shop.example", "add shop.example erid=2Vf"], URL, "2Vf", False),
        (["require erid *", "wrap * https://go.example/?erid=9&to={url}"], URL, "9", False),
        (["require erid other.example"], URL, "", False),
        (["require erid *"], "https://a.shop.example/", "", True),
        ([], "https://shop.example/?ERID=a%2Fb", "a/b", False),
    ],
)
def test_an_erid_is_found_or_lacking(texts: list[str], url: str, erid: str, lacks: bool) -> None:
    link = marked(url, rules(*texts))
    assert (link.erid, link.lacks_erid) == (erid, lacks)


@pytest.mark.parametrize(
    "text",
    ["", "add", "add shop.example", "add shop.example =1", "add not_a_host a=1", "wrap x.example https://a.b/",
     "wrap x.example javascript:{url}", "require inn x.example", "remove 1", "remove x", "frob a b"],
)  # fmt: skip
def test_what_is_no_rule_is_explained(text: str) -> None:
    with pytest.raises(UserError, match=r"\w"):
        changed(LinkRules(), text)


def test_a_marking_is_one_line_and_can_be_taken_away() -> None:
    made = rules("ad  Advertisement.\n Shop Ltd ", "add * a=1")
    assert (made.ad, len(made.rules)) == ("Advertisement. Shop Ltd", 1)
    assert changed(made, "ad").ad == ""


def test_a_chat_has_so_many_rules_and_no_more() -> None:
    made = rules(*(f"add host{n}.example a=1" for n in range(50)))
    with pytest.raises(UserError, match="50"):
        changed(made, "add one.example a=1")
    assert len(changed(made, "add host7.example a=2").rules) == 50


@given(
    st.text(max_size=60),
    st.sampled_from(["add * ", "wrap * https://a.b/", "require erid ", "", "add a.b x="]),
)
def test_any_text_is_a_rule_that_reads_back_or_an_error(text: str, start: str) -> None:
    try:
        rule = parse_rule(start + text)
    except UserError:
        return
    assert parse_rule(str(rule)) == rule
    assert marked(URL, LinkRules(rules=(rule,))).url.startswith("https://")


def test_marks_name_rules_whatever_their_number() -> None:
    before = marks(rules("add one.example a=1", "ad Mine"))
    after = marks(rules("add one.example a=1", "ad Mine", "require erid two.example", "remove 1"))
    assert list(before.values()) == ["add one.example a=1", "ad Mine"]
    assert list(after.values()) == ["require erid two.example", "ad Mine"]
    assert [before[mark] for mark in before.keys() & after.keys()] == ["ad Mine"]

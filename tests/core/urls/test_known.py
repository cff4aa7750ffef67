"""Addresses that are known to be one page or different ones, for reasons that anybody can look up."""

from pathlib import Path

import pytest

from core.urls.normalize import normalize

HERE = Path(__file__).parent
SIGNS = {"<TAB>": "\t", "<LF>": "\n", "<SP>": " "}


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("# ")]


def sections() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (HERE / "known_equal.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ") and " | " in line:
            pairs = found.setdefault(line.removeprefix("# "), [])
        elif line and not line.startswith("#"):
            one, other = line.split(" ")
            pairs.append((one, with_signs(other)))
    return found


def with_signs(url: str) -> str:
    for name, sign in SIGNS.items():
        url = url.replace(name, sign)
    return url


EQUAL = sections()


def test_no_two_different_pages_are_one() -> None:
    urls = lines("known_different.txt")
    assert len(set(urls)) == len(urls) >= 500
    seen: dict[str, str] = {}
    folded = [(url, other) for url in urls if (other := seen.setdefault(normalize(url), url)) != url]
    assert folded == []


@pytest.mark.parametrize("section", EQUAL, ids=lambda section: section.partition(" | ")[0])
def test_spellings_of_one_page_are_one(section: str) -> None:
    rule, _, source = section.partition(" | ")
    assert rule
    assert source.startswith("https://")
    assert EQUAL[section]
    differ = [(one, other) for one, other in EQUAL[section] if normalize(one) != normalize(other)]
    assert differ == []


def test_there_are_enough_pairs_and_each_is_a_pair() -> None:
    pairs = [pair for found in EQUAL.values() for pair in found]
    assert len(set(pairs)) == len(pairs) >= 500
    assert all(one != other for one, other in pairs)


def test_keys_of_known_addresses_are_stable() -> None:
    known = [
        *lines("known_different.txt"),
        *(url for found in EQUAL.values() for pair in found for url in pair),
    ]
    keys = {normalize(url) for url in known}
    assert {key for key in keys if normalize(key) != key} == set()

"""What the documentation names exists: pages, commands, modules, targets of make, settings."""

import importlib.util
import re
from pathlib import Path

import pytest

from core.settings import Settings
from tests.contract.names import TERMINAL

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((*ROOT.glob("README*.md"), ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")))
_LINK = re.compile(r"\]\((?!https?://|tg:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"python run\.py ([a-z]+)")
_MODULE = re.compile(r"python -m ((?:bench|simulation|tests)[\w.]*)")
_TARGET = re.compile(r"`make ([a-z]+)`")
_FILE = re.compile(r"`((?:deploy|core|store|actors|cli|simulation|tests|bench)/[a-z_\d./-]*\w)`")
_SETTING = re.compile(
    r"`((?:BOT|HTTP|PROXY|ALLOW|BACKUP|MONITOR|LOG|INTERVAL|KEEP|PROBE|ALERT|OWNER|DATABASE)_[A-Z_]+)`"
)
_OTHERS = {"HTTP_PROXY"}
"""Names of others, that the bot does not use."""


@pytest.fixture(params=PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_links_lead_somewhere(page: Path) -> None:
    for name, anchor in _LINK.findall(_CODE.sub("", page.read_text())):
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), name
        assert not anchor or anchor in _anchors(there), f"{name}#{anchor}"


def test_what_is_named_exists(page: Path) -> None:
    text = page.read_text()
    makefile = (ROOT / "Makefile").read_text()
    assert set(_COMMAND.findall(text)) <= TERMINAL
    assert [one for one in _MODULE.findall(text) if importlib.util.find_spec(one.rstrip(".")) is None] == []
    assert [one for one in _TARGET.findall(text) if not re.search(rf"^{one}:", makefile, re.MULTILINE)] == []
    assert [one for one in _FILE.findall(text) if not (ROOT / one).exists()] == []
    settings = {field.upper() for field in Settings.model_fields}
    named = {one.removesuffix("_FILE") for one in _SETTING.findall(text)}
    assert named - settings - _OTHERS == set()


def test_every_page_of_docs_is_linked_from_another() -> None:
    linked = {
        (page.parent / name).resolve()
        for page in PAGES
        for name, _ in _LINK.findall(_CODE.sub("", page.read_text()))
        if (page.parent / name).resolve() != page
    }
    assert {page for page in PAGES if page.parent.name == "docs"} <= linked


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made where repositories are shown."""
    headings = _HEADING.findall(_CODE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

"""Every text is there in every language, with the same placeholders, and is looked up when it is shown."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message

from core.languages import LANGUAGES, closest, gettext, ngettext, speaking, spoken
from core.languages.collect import compiled, path_of, read, texts

ROOT = Path(__file__).resolve().parents[3]
OTHERS = [code for code in LANGUAGES if code != "en"]
_LOOKUPS = {"_", "gettext", "ngettext"}


@pytest.fixture(scope="module")
def found() -> Catalog:
    return texts()


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(language: str, found: Catalog) -> None:
    wanted = {message.id for message in found if message.id}
    kept = {message.id for message in read(language) if message.id}
    assert len(wanted) > 300
    assert kept == wanted, "python -m core.languages.collect"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    for message in read(language):
        assert not (message.id and message.fuzzy), message.id
        assert all(_forms(message.string)), message.id


@pytest.mark.parametrize("language", OTHERS)
def test_translations_say_the_same_of_the_same_things(language: str) -> None:
    for message in _messages(language):
        wanted = {name for form in _forms(message.id) for name in _placeholders(form)}
        for form in _forms(message.string):
            if wanted or "{" in form:
                assert set(_placeholders(form)) <= wanted, message.id
        said = {name for form in _forms(message.string) for name in _placeholders(form)}
        assert said == wanted, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_plurals_have_every_form_of_the_language(language: str) -> None:
    forms = read(language).num_plurals
    assert all(
        len(_forms(message.string)) == forms for message in _messages(language) if message.pluralizable
    )


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_program_reads_is_what_people_edit(language: str) -> None:
    assert path_of(language, "mo").read_bytes() == compiled(read(language))


def test_texts_are_looked_up_when_they_are_shown() -> None:
    for path in (*(ROOT / "core").rglob("*.py"), *(ROOT / "actors").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        early = [call.lineno for call in _at_import(tree) if _is_lookup(call)]
        assert early == [], path
        for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            assert [call.lineno for call in _literal_lookups(text)] == [], (
                f"{path}: Babel sees none in f-strings"
            )


def test_a_language_holds_for_its_block_only() -> None:
    assert spoken() == "en"
    with speaking("ru"):
        assert spoken() == "ru"
        assert gettext("Back") == "Назад"
        with speaking("xx"):
            assert spoken() == "en"
    assert ngettext("{count} link", "{count} links", 1) == "{count} link"
    assert gettext("") == ""


def test_tags_of_telegram_are_understood() -> None:
    assert [closest(tag) for tag in ("ru", "ru-RU", "RU_ru", "en-GB", "de", "", None)] == [
        "ru", "ru", "ru", "en", None, None, None,
    ]  # fmt: skip


def _messages(language: str) -> Iterator[Message]:
    return (message for message in read(language) if message.id)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _placeholders(text: str) -> list[str]:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:  # it is shown without `format`, braces and all
        return []
    return [name for _text, name, _form, _conversion in parts if name is not None]


def _at_import(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls that happen while a module is imported: outside of functions, and in defaults."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.decorator_list]
        elif isinstance(node, ast.Lambda):
            waiting += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        else:
            if isinstance(node, ast.Call):
                yield node
            waiting += ast.iter_child_nodes(node)


def _literal_lookups(text: ast.JoinedStr) -> Iterator[ast.Call]:
    for node in ast.walk(text):
        if isinstance(node, ast.Call) and _is_lookup(node) and isinstance(node.args[0], ast.Constant):
            yield node


def _is_lookup(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in _LOOKUPS

"""`python -m core.languages.collect`: bring the catalogs up to date with the texts that stand in the code.

What is new is added without a translation, what is gone is dropped, and what is complete is compiled. Nothing
here is needed to run the bot.
"""

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.languages import DOMAIN, FOLDER, LANGUAGES

ROOT = FOLDER.parents[1]
_SPEAKING = ("core", "store", "actors")
_KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None, "UserError": None, "WrongValue": None, "QuotaReached": None}
_WIDTH = 110


def texts() -> Catalog:
    """Return a catalog of all texts of the code, without translations."""
    catalog = Catalog(domain=DOMAIN, project="Vestnik", fuzzy=False)
    for folder in _SPEAKING:
        for _file, _line, text, comments, context in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=_KEYWORDS, comment_tags=("Translators:",)
        ):
            catalog.add(text, auto_comments=comments, context=context)
    return catalog


def _empty(language: str) -> Catalog:
    title = f"# What Vestnik says, in {LANGUAGES[language]}."
    return Catalog(locale=language, domain=DOMAIN, header_comment=title, project="Vestnik", fuzzy=False)


def path_of(language: str, ending: str = "po") -> Path:
    """Return where the catalog of a language is: the text for people, or with `mo` what the program reads."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def read(language: str) -> Catalog:
    """Return the catalog of a language as it is kept."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def compiled(catalog: Catalog) -> bytes:
    """Return what gettext reads at run time."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def written(catalog: Catalog) -> bytes:
    """Return the text of a catalog; places in the code are left out, they would change with every line."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=_WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue()


def _bring_up_to_date(language: str) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = read(language) if path.exists() else _empty(language)
    catalog.update(texts(), no_fuzzy_matching=True, update_creation_date=False)
    path.write_bytes(written(catalog))
    path_of(language, "mo").write_bytes(compiled(read(language)))
    missing = [message for message in catalog if message.id and not message.string]
    print(f"{language}: {len(catalog)} texts, {len(missing)} of them not translated")  # noqa: T201


if __name__ == "__main__":
    for code in LANGUAGES:
        if code != "en":
            _bring_up_to_date(code)

"""A language as people name it, read into its code."""

from core.errors import UserError
from core.languages import LANGUAGES


def parse_language(word: str) -> str:
    """Return the code of a language, from its code or its own name: `ru`, `Русский`.

    Raises:
        UserError: it is none that the bot speaks.
    """
    said = word.strip().lower()
    for code, name in LANGUAGES.items():
        if said in {code, name.lower()}:
            return code
    raise UserError("I do not speak “{word}”: say {codes}.", word=word[:20], codes=", ".join(LANGUAGES))

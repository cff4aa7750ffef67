"""Numbers as the language that holds now writes them (CLDR, by Babel)."""

from core.languages import spoken


def number_text(number: int) -> str:
    """Return a whole number with the marks between thousands that its language uses."""
    from babel.numbers import format_decimal  # a start needs none of it

    return str(format_decimal(number, locale=spoken()))

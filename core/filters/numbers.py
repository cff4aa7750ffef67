"""Numbers as people type them into rules: `1299.50`, `1 299,50`, `1,299.50`, `20%`."""

import re
from decimal import Decimal

_SPACES = re.compile(r"[\s'\u2019_]")
_PLAIN = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?P<sign>[.,])[0-9]{3}(?:(?P=sign)[0-9]{3}){0,4}")
_BOTH = re.compile(r"[0-9]{1,3}(?P<sign>[.,])[0-9]{3}(?:(?P=sign)[0-9]{3}){0,3}(?!(?P=sign))[.,][0-9]{1,6}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def read_number(text: str) -> Decimal | None:
    """Return a number of zero or more, or None. Three digits behind a lone separator are thousands."""
    digits = _SPACES.sub("", text.removesuffix("%"))
    if not digits.isascii():
        return None
    if _THOUSANDS.fullmatch(digits):
        return Decimal(re.sub("[.,]", "", digits))
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    if _BOTH.fullmatch(digits):
        whole, fraction = digits[: -len(_last_part(digits)) - 1], _last_part(digits)
        return Decimal(f"{re.sub('[.,]', '', whole)}.{fraction}")
    return None


def write_number(number: Decimal) -> str:
    """Return a number so that it is read as the same one."""
    text = f"{number:f}"
    return f"{text}0" if _AMBIGUOUS.fullmatch(text) else text


def _last_part(digits: str) -> str:
    return re.split("[.,]", digits)[-1]

"""Amounts of money as pages write them: one decimal notation, or nothing."""

import re
import unicodedata
from decimal import Decimal

_CODE_NAMES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
    CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB
    PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR
    ZMW ZWG
"""
_CODES = frozenset(_CODE_NAMES.split())
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
# Signs and words that mean one currency. "$", "kr" and "¥" do not.
_NAMES = {
    "€": "EUR", "euro": "EUR", "евро": "EUR", "₽": "RUB", "руб": "RUB", "р": "RUB", "рублей": "RUB",  # noqa: RUF001 - Russian
    "рубля": "RUB", "рубль": "RUB", "rur": "RUB", "£": "GBP", "₴": "UAH", "грн": "UAH", "₸": "KZT",
    "тг": "KZT", "тенге": "KZT", "₹": "INR", "₩": "KRW", "₺": "TRY", "tl": "TRY", "₪": "ILS", "₫": "VND",
    "₦": "NGN", "₱": "PHP", "฿": "THB", "₾": "GEL", "֏": "AMD", "₼": "AZN", "zł": "PLN", "kč": "CZK",
    "ft": "HUF", "lei": "RON", "лв": "BGN", "r$": "BRL", "us$": "USD", "c$": "CAD", "ca$": "CAD",
    "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "nt$": "TWD", "mx$": "MXN",
}  # fmt: skip
_SHARED = frozenset({"$", "kr", "¥", "円", "元"})
_ELSEWHERE = {"\u066b": ".", "\u066c": ","}  # the separators that go with Arabic digits
_AT_LEAST = frozenset({"от", "from", "ab", "desde", "da", "od"})

_LONGEST = 64
_GROUPING = " '\u2019_"
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})?")
_NUMERAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NUMBER = re.compile(rf"[0-9](?:[0-9.,{_GROUPING}]*[0-9])?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[^0-9][0-9]{2,3})*[^0-9][0-9]{3}")
_EMPTY_FRACTION = re.compile(r"[.,][-\u2013\u2014]+")
_WORD = re.compile(r"[^\W\d_]*\$|[^\W\d_]+|\S")


def currency_of(text: str | None) -> str | None:
    """Give the code (ISO 4217) of a currency by its code, sign or name; None where that is not certain."""
    word = (text or "").strip().rstrip(".")
    if len(word) > _LONGEST:
        return None
    return word.upper() if word.upper() in _CODES else _NAMES.get(word.lower())


def read_amount(text: str, currency: str | None = None) -> tuple[str, str | None] | None:
    """Read an amount with or without its currency: "1 299,00 ₽", "1,299.00", "€5".

    Three digits behind a lone separator are thousands, unless the currency has thousandths: then only
    a point is believed. Ranges, percentages and numbers among other words are no amounts.

    Args:
        text: as the page has it.
        currency: its code, if the page says it elsewhere.

    Returns:
        The amount as a decimal and the code of its currency, or None.
    """
    if _PLAIN.fullmatch(text):
        return text, currency
    text = " ".join(unicodedata.normalize("NFKC", text[: _LONGEST + 1]).split())
    if not text or len(text) > _LONGEST:
        return None
    text = "".join(_ELSEWHERE.get(sign) or str(unicodedata.decimal(sign, sign)) for sign in text)
    text = _EMPTY_FRACTION.sub("", text)
    found = _NUMBER.search(text)
    if found is None:
        return None
    said = _currency_around(text[: found.start()], text[found.end() :])
    if said is None:
        return None
    code = currency or said or None
    amount = _decimal(found[0], thousandths=code in _THREE_DECIMALS)
    return None if amount is None else (amount, code)


def plain_amount(number: str) -> str | None:
    """Read a number that is one already, as JSON has it; None for what is negative, or absurdly long."""
    if _PLAIN.fullmatch(number):
        return number
    if _NUMERAL.fullmatch(number) is None:
        return None
    whole, point, fraction = number.partition(".")
    return f"{whole.lstrip('0') or '0'}{point}{fraction}"


def discount(price: str, old_price: str) -> int | None:
    """Give what an old price was reduced by, in whole per cent; None where it was not."""
    new, old = Decimal(price), Decimal(old_price)
    return None if new >= old else int((old - new) * 100 / old + Decimal("0.5"))


def _currency_around(before: str, after: str) -> str | None:
    """Give the currency named around a number, "" for none; None where other words or numbers stand there."""
    code = ""
    for word in _WORD.findall(before.rstrip("(:") + " " + after.strip(" .,;:*")):
        known = currency_of(word)
        if known is None and word.lower() not in _SHARED | _AT_LEAST and word not in {".", "/", "*"}:
            return None
        code = code or known or ""
    return code


def _decimal(number: str, *, thousandths: bool) -> str | None:
    for sign in _GROUPING[1:]:
        number = number.replace(sign, " ")
    separators = [sign for sign in number if not sign.isdigit()]
    if not separators:
        return plain_amount(number)
    last = separators[-1]
    whole, _, fraction = number.rpartition(last)
    if last == " " or (last in separators[:-1]):
        return (
            plain_amount(_digits(number))
            if _GROUPED.fullmatch(number) and len(set(separators)) == 1
            else None
        )
    alone = len(separators) == 1
    if alone and len(fraction) == 3 and not whole.startswith("0") and len(whole) <= 3:  # noqa: PLR2004
        if not thousandths:
            return plain_amount(_digits(number))
        if last == ",":
            return None
    if not alone and not (_GROUPED.fullmatch(whole) and len(set(separators[:-1])) == 1):
        return None
    return plain_amount(f"{_digits(whole)}.{fraction}")


def _digits(number: str) -> str:
    return re.sub("[^0-9]", "", number)

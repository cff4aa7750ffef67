"""Amounts of money as people write them."""

from decimal import Decimal, InvalidOperation

_BEFORE = {
    "USD": "$", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "CAD": "CA$",
    "AUD": "A$", "NZD": "NZ$", "BRL": "R$", "MXN": "MX$", "HKD": "HK$", "TWD": "NT$", "PHP": "₱", "NGN": "₦",
}  # fmt: skip
_BEHIND = {
    "EUR": "€", "RUB": "₽", "UAH": "₴", "KZT": "₸", "PLN": "zł", "CZK": "Kč", "TRY": "₺", "VND": "₫",
    "GEL": "₾", "AMD": "֏", "AZN": "₼", "BYN": "Br", "SEK": "kr", "NOK": "kr", "DKK": "kr", "HUF": "Ft",
}  # fmt: skip
_GROUP_WITHOUT_BREAK = "\u00a0"
_LARGEST = Decimal(10) ** 15


def money(amount: object, currency: str | None = None) -> str:
    """Return an amount with its currency: `$1,299.00`, `1 299 ₽`, `75 CHF`; whole amounts without cents.

    Args:
        amount: a decimal, as `1299.00`; anything else is given back as it is.
        currency: its code (ISO 4217), or None where it is not known.
    """
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return str(amount)
    if not value.is_finite() or abs(value) >= _LARGEST:
        return str(amount)
    sign = "−" if value < 0 else ""  # noqa: RUF001 - the minus sign
    digits = f"{abs(value):,.0f}" if value == value.to_integral_value() else f"{abs(value):,.2f}"
    code = (currency or "").upper()
    if code in _BEFORE:
        return f"{sign}{_BEFORE[code]}{digits}"
    digits = digits.replace(",", _GROUP_WITHOUT_BREAK)
    if code in _BEHIND:
        return f"{sign}{digits.replace('.', ',')}{_GROUP_WITHOUT_BREAK}{_BEHIND[code]}"
    return f"{sign}{digits}{_GROUP_WITHOUT_BREAK}{code}".rstrip(_GROUP_WITHOUT_BREAK)

"""Amounts of money in the notations of the world."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pages.money import currency_of, discount, plain_amount, read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 299,00 ₽", ("1299.00", "RUB")),
        ("1\u202f299,00\u00a0€", ("1299.00", "EUR")),
        ("1,299.00", ("1299.00", None)),
        ("1.299,00 EUR", ("1299.00", "EUR")),
        ("€5", ("5", "EUR")),
        ("1.299", ("1299", None)),
        ("1,299", ("1299", None)),
        ("1.299.000", ("1299000", None)),
        ("12,5", ("12.5", None)),
        ("0,999", ("0.999", None)),
        ("1.299,- €", ("1299", "EUR")),
        ("1'299.50 CHF", ("1299.50", "CHF")),
        ("₹1,29,900.00", ("129900.00", "INR")),
        ("от 1 299 руб.", ("1299", "RUB")),  # noqa: RUF001 - as people write it
        ("US$ 19.99", ("19.99", "USD")),
        ("$19.99", ("19.99", None)),
        ("R$ 1.299,90", ("1299.90", "BRL")),
        ("１２９９円", ("1299", None)),
        ("٣٤٫٥٠", ("34.50", None)),  # noqa: RUF001 - as people write it
        ("0", ("0", None)),
        ("100-200", None),
        ("50%", None),
        ("call 555-1234", None),
        ("-5", None),
        ("19.9.9", None),
        ("1,2,3", None),
        ("price on request", None),
        ("", None),
        ("9" * 50, None),
        ("9" * 5_000, None),
    ],
)
def test_amounts(text: str, amount: tuple[str, str | None] | None) -> None:
    assert read_amount(text) == amount


def test_thousandths_are_told_by_the_currency() -> None:
    assert read_amount("1.299", "KWD") == ("1.299", "KWD")
    assert read_amount("1,299", "KWD") is None, "it may be either"
    assert read_amount("1.299", "EUR") == ("1299", "EUR")


@pytest.mark.parametrize(
    ("text", "code"),
    [("eur", "EUR"), ("RUR", "RUB"), ("руб.", "RUB"), ("zł", "PLN"), ("$", None), ("XYZ", None), ("", None)],  # noqa: RUF001 - as people write it
)
def test_currencies(text: str, code: str | None) -> None:
    assert currency_of(text) == code


def test_discounts() -> None:
    assert (discount("80", "100"), discount("5", "5"), discount("9", "5")) == (20, None, None)
    assert discount("0", "10") == 100


@given(st.text())
def test_amounts_are_plain_numbers_or_nothing(text: str) -> None:
    found = read_amount(text)
    assert found is None or plain_amount(found[0]) == found[0]

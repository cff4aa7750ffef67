"""The facts that rules may ask for, and what may be asked of each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Kind = Literal["text", "word", "number", "age"]

FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "title": "text",
        "text": "text",
        "url": "text",
        "host": "text",
        "author": "text",
        "tag": "text",
        "language": "word",
        "availability": "word",
        "age": "age",
        "price": "number",
        "old_price": "number",
        "discount": "number",
        "rating": "number",
        "reviews": "number",
    }
)
"""Each fact and its kind. A text that nobody gives is empty; anything else that nobody gives is unknown."""

OPERATORS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("=", "!=", "~", "!~", "contains", "in", "is"),
        "word": ("=", "!=", "~", "!~", "contains", "in", "is"),
        "number": ("=", "!=", "<", "<=", ">", ">=", "in", "is"),
        "age": ("<", "<=", ">", ">=", "is"),
    }
)
KNOWN = ("known", "unknown")
"""What a fact can be said to be: `price is unknown`."""

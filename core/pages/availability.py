"""Whether a product can be had, in five words."""

import re

_WORDS = {
    "in_stock": "instock instoreonly onlineonly limitedavailability available availablefororder",
    "out_of_stock": "outofstock soldout oos reserved unavailable notavailable pending",
    "preorder": "preorder presale",
    "backorder": "backorder madetoorder",
    "discontinued": "discontinued",
}
_AVAILABILITY = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
_LONGEST = 200
_OTHER = re.compile("[^a-z]+")


def availability_of(text: str) -> str | None:
    """Read schema.org's ItemAvailability and the words of Open Graph's products; None for anything else."""
    if not text:
        return None
    word = text[:_LONGEST].rpartition("/")[2].rpartition(":")[2].lower()
    return _AVAILABILITY.get(word) or _AVAILABILITY.get(_OTHER.sub("", word))

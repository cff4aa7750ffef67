"""Whether what has arrived of a page suffices, so that the rest need not be fetched."""

from core.entries import Document
from core.pages.excerpt import MOST_BYTES, end_of_head, excerpt
from core.pages.head import Head, read_head
from core.pages.json_ld import read_json_ld
from core.pages.schema import from_things
from core.pages.tags import from_tags

_MOST_SCRIPTS = 8
_OVERLAP = 16  # bytes of a sign that may have arrived in two pieces
_PRODUCT_SIGNS = ("schema.org/Product", "schema.org/Offer", '"Product"')


class Enough:
    """Looks at a page while it arrives; each byte is looked at once, whatever the pieces."""

    def __init__(self) -> None:
        self._looked_bytes = 0
        self._head_ended = False
        self._waits_for_end = False
        self._scripts = 0

    def __call__(self, received: bytes) -> bool:
        """Tell whether to stop.

        So it is once the head has ended and there are a title, a picture and a canonical address, and,
        if this is a product, a price; further on, whenever a script of JSON-LD may have brought what
        was missing. At the latest at 2 MiB.

        Args:
            received: all that has arrived, from the first byte on.
        """
        if len(received) >= MOST_BYTES:
            return True
        start = max(0, self._looked_bytes - _OVERLAP)
        self._looked_bytes = len(received)
        if self._head_ended:
            return self._script_came(received, start) and _suffices(received)
        self._head_ended = end_of_head(received, start) >= 0
        self._waits_for_end = self._head_ended and received.rfind(b"ld+json") > received.rfind(b"</script")
        return self._head_ended and _suffices(received)

    def _script_came(self, received: bytes, start: int) -> bool:
        """Tell whether the end of a further script of JSON-LD has arrived; 8 times at most."""
        if received.find(b"ld+json", start) >= 0:
            self._waits_for_end = True
        if not self._waits_for_end or received.find(b"</script", start) < 0:
            return False
        self._waits_for_end = False
        self._scripts += 1
        return self._scripts <= _MOST_SCRIPTS


def enough(head: bytes) -> bool:
    """Tell whether the beginning of a page suffices, without having looked at less of it before."""
    return Enough()(head)


def _suffices(received: bytes) -> bool:
    cut = excerpt(Document(body=received, url=""))
    head = read_head(cut.head, "")
    facts = [*from_tags(head), from_things(read_json_ld((*head.blocks, *cut.blocks)), (), is_article=False)]
    has_canonical = bool(head.canonical) or any(each.urls for each in facts)
    titles_and_pictures = any(any(each.title) for each in facts) and any(any(each.images) for each in facts)
    if not has_canonical or not titles_and_pictures:
        return False
    return any(each.price for each in facts) or not _is_product(head, cut.head)


def _is_product(head: Head, markup: str) -> bool:
    """Tell whether the head says that this is something to be bought."""
    said = head.first("og:type").lower()
    if "product" in said or any(name.startswith("product:") for name in head.metas):
        return True
    return any(sign in markup for sign in _PRODUCT_SIGNS)

"""What a page says, and what each of its sources says before they are merged."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it describes itself: clean strings of bounded length, absolute URLs, nothing invented."""

    title: str = ""
    description: str = ""
    image: str | None = None
    canonical: str | None = None
    """The address it wants to be known by; never a site's front page unless it is that."""
    aliases: tuple[str, ...] = ()
    """All addresses by which it calls itself (`og:url`, `rel=canonical`), `canonical` among them."""
    site: str = ""
    author: str = ""
    published_ms: int | None = None
    language: str = ""
    """BCP 47, as `en` or `pt-BR`."""
    tags: tuple[str, ...] = ()
    price: str | None = None
    """A decimal, as `1299.00`; the lowest where there are several."""
    currency: str | None = None
    """ISO 4217; None where the page only has a sign that several currencies share."""
    old_price: str | None = None
    """What it cost before: larger than the price, in the same currency."""
    discount: int | None = None
    """From the old price to the price, in per cent."""
    availability: str | None = None
    """`in_stock`, `out_of_stock`, `preorder`, `backorder` or `discontinued`."""
    rating: float | None = None
    """On the page's own scale, which mostly ends at 5."""
    reviews: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price, with what belongs to it."""

    amount: str
    currency: str | None = None
    old: str | None = None


@dataclass(slots=True)
class Facts:
    """What one of a page's sources says, as it says it; candidates in the order of trust."""

    title: Sequence[str] = ()
    description: Sequence[str] = ()
    images: Sequence[str] = ()
    urls: Sequence[str] = ()
    site: Sequence[str] = ()
    authors: Sequence[str] = ()
    """All of them count, as all tags do."""
    published: Sequence[str] = ()
    language: Sequence[str] = ()
    tags: Sequence[str] = ()
    price: Price | None = None
    availability: str | None = None
    rating: float | None = None
    reviews: int | None = None

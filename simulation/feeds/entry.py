"""What a site publishes."""

import random
from dataclasses import dataclass

NOUNS = (
    "harbour", "lantern", "orchard", "signal", "meadow", "compass", "engine", "letter",
    "glacier", "market", "violin", "bridge", "comet", "garden", "archive", "ferry",
)  # fmt: skip
VERBS = ("opens", "returns", "wins", "closes", "moves", "sings", "grows", "waits", "surprises", "arrives")
PLACES = ("in Oslo", "at dawn", "near Tver", "on Monday", "after rain", "by the sea", "в Туле", "à Nîmes")
TWISTS = ("", "", "", " & more", ' — "at last"', " <live>", " 🎉", ": 5 < 6", " (№ 7)", " ¿why?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed.

    Attributes:
        number: Counted from 1 in its feed.
        link: Where it leads.
        guid: What names it for ever.
        title: Plain text, with every sign that needs escaping now and then.
        summary: HTML.
        author: Plain text.
        image: URL of a picture, or empty.
        published: Epoch seconds.
    """

    number: int
    link: str
    guid: str
    title: str
    summary: str
    author: str
    image: str
    published: float


def invented(rng: random.Random, *, number: int, base: str, published: float) -> Entry:
    """An entry out of a small word list; its link is `<base>/<slug>-<number>`."""
    noun, verb = rng.choice(NOUNS), rng.choice(VERBS)
    title = f"The {noun} {verb} {rng.choice(PLACES)}{rng.choice(TWISTS)}"
    link = f"{base}/{noun}-{verb}-{number}"
    other = rng.choice(NOUNS)
    return Entry(
        number=number,
        link=link,
        guid=f"tag:{base.partition('://')[2]},2026:{number}",
        title=title,
        summary=f'<p>A <b>{noun}</b> &amp; a <a href="{link}#more">{other}</a>: 3 &lt; 4.</p>',
        author=f"{rng.choice(('Ann', 'Bo', 'Чук'))} {other.capitalize()}",
        image=f"{base}/images/{noun}-{number}.jpg" if rng.random() < 1 / 3 else "",
        published=published,
    )

"""`python -m bench.urls`: what the key of a link costs, against the parser alone (P8)."""

import random
import time
from collections.abc import Callable

import can_ada
import click

from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.urls.normalize import normalize

_TRACKED = "utm_source=rss&utm_medium=feed&utm_campaign=daily"
_SHAPES: tuple[tuple[int, str], ...] = (
    (22, "https://www.news{site}.example/{year}/11/{number}/{words}"),
    (10, "https://news{site}.example/world/{words}-{number}.html?" + _TRACKED),
    (8, "https://blog{site}.example/?p={number}"),
    (8, "https://shop{site}.example/catalog/{words}?page={year}&sort=price&sku={number}"),
    (6, "http://forum{site}.example/viewtopic.php?f={site}&t={number}#p{number}"),
    (6, "https://paper{site}.example/{words}/?fbclid=IwAR{number}&id={number}"),
    (5, "https://сайт{site}.example/новости/{number}/что-случилось-сегодня"),
    (4, "https://wiki{site}.example/wiki/%D0%9A%D0%BE%D1%80%D0%B0%D0%B1%D0%BB%D1%8C_{number}"),
    (3, "https://cdn{site}.example/a%2Db/%7euser/{words}?q=%d1%8f&n={number}"),
    (4, "https://www.youtube.com/watch?v=dQw{number:08d}&feature=share"),
    (3, "https://youtu.be/dQw{number:08d}?si=abcDEF"),
    (4, "https://www.amazon.de/{words}/dp/B0{number:08d}/ref=sr_1_{site}?th=1"),
    (4, "https://x.com/user{site}/status/{number}{number}?s=20"),
    (4, "https://www.reddit.com/r/sub{site}/comments/{number}/{words}/"),
    (3, "https://habr.com/ru/articles/{number}/"),
    (2, "https://en.m.wikipedia.org/wiki/{words}"),
    (2, "https://www.google.com/url?sa=t&url=https%3A%2F%2Fnews{site}.example%2F{number}&usg=x"),
    (2, "https://user:pass@app{site}.example:8443/#!/item/{number}"),
)
_WORDS = ("harbour", "ferry", "council", "budget", "storm", "museum", "bridge", "school", "market", "river")


def varied(count: int) -> list[str]:
    """Make addresses of the shapes that feeds show, in their usual proportions; always the same ones."""
    choose = random.Random(8)
    shapes = choose.choices([shape for _, shape in _SHAPES], [share for share, _ in _SHAPES], k=count)
    return [
        shape.format(
            site=choose.randrange(300),
            number=choose.randrange(10_000_000),
            year=choose.randrange(2005, 2027),
            words="-".join(choose.sample(_WORDS, 5)),
        )
        for shape in shapes
    ]


def measure(urls: list[str], rounds: int) -> Found:
    """Take the CPU seconds of a thousand addresses, for each way of reading them."""
    plain = [url for url in urls if ".example/" in url and normalize(url) == url]
    variants: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "can_ada.parse": (can_ada.parse, urls),
        "normalize": (normalize, urls),
        "can_ada.parse, nothing to do": (can_ada.parse, plain),
        "normalize, nothing to do": (normalize, plain),
    }
    found: Found = {}
    for counts, name in in_turn(list(variants), rounds):
        read, sample = variants[name]
        started_s = time.process_time()
        for url in sample:
            read(url)
        if counts:
            found.setdefault(name, []).append((time.process_time() - started_s) / len(sample) * 1_000)
    return found


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P8."""
    found = measure(varied(500 if quick else 10_000), rounds)
    thousandth = {name: [value / 1_000 for value in values] for name, values in found.items()}
    return [Result(name="P8", ours=thousandth["normalize"], reference=thousandth["can_ada.parse"])]


@click.command()
@click.option("--rounds", default=15, show_default=True)
@click.option("--count", default=10_000, show_default=True, help="Addresses in a round.")
def main(rounds: int, count: int) -> None:
    """Measure, and print medians with their spread."""
    found = measure(varied(count), rounds)
    print(f"{count} varied addresses, {rounds} rounds; CPU of a thousand")
    show_seconds(found, unit="ms")
    show_ratio("P8  normalize / can_ada.parse", found["normalize"], found["can_ada.parse"])
    nothing = ", nothing to do"
    show_ratio("    where nothing is to do", found[f"normalize{nothing}"], found[f"can_ada.parse{nothing}"])


if __name__ == "__main__":
    main()

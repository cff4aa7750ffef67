"""`python -m bench.rendering`: what rendering costs, and 100,000 generated entries before the strict checker.

The same builder reads three streams of tokens: our own tokenizer's, and walks of the trees of selectolax
(lexbor) and of lxml.html.
"""

import collections
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import click
from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.protocol import PostContent
from core.rendering.entities import entities_of
from core.rendering.post import render
from core.rendering.reading import read_tokens
from core.rendering.tokens import Token, tokens
from simulation.entries import entries
from tests.core.rendering.strictly import complaints_about, post_of

_PARAGRAPH = (
    '<p>The committee met on <a href="https://news.example/{n}">Tuesday</a> to consider <b>the report</b>, '
    "and adopted it <em>without</em> changes &amp; after a short debate; members asked for figures.</p>\n"
    "<ul><li>first of all</li><li>then <code>x = {n}</code></li></ul>"
)
SUMMARY = "".join(_PARAGRAPH.format(n=number) for number in range(12))
DEEP = "<div><b>" * 1_000 + "x"
LEFT_OPEN = "<p>" + "".join(f"<b id={number}>" for number in range(150)) + "<p>x" * 150
_BASE = "https://news.example/"
_REPEATS = 10


def selectolax_tokens(markup: str) -> Iterator[Token]:
    """Walk the tree of lexbor."""
    body = LexborHTMLParser(markup).body
    node: LexborNode | None = body
    depth = 0
    while node is not None and (depth or node is body):
        name = node.tag or ""
        if name == "-text":
            yield "", node.text_content or "", {}
        elif not name.startswith("-"):
            yield name, "", _attributes(node.attributes)
        if node.child is not None:
            node, depth = node.child, depth + 1
            continue
        while node is not None and depth and node.next is None:
            node, depth = node.parent, depth - 1
            yield f"/{node.tag if node is not None else ''}", "", {}
        node = node.next if node is not None and depth else None


def _attributes(found: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value or "" for name, value in found.items()}


def lxml_tokens(markup: str) -> Iterator[Token]:
    """Walk the tree of libxml2's HTML parser."""
    root = lxml_html.fragment_fromstring(markup, create_parent="div")
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = str(element.tag)
        if event == "start":
            yield name, "", dict(element.attrib)
            if element.text:
                yield "", element.text, {}
        else:
            yield f"/{name}", "", {}
            if element.tail:
                yield "", element.tail, {}


_STREAMS: Mapping[str, Callable[[str], Iterator[Token]]] = {
    "our own tokenizer": tokens,
    "selectolax (lexbor)": selectolax_tokens,
    "lxml.html": lxml_tokens,
}


@click.command()
@click.option("--rounds", default=15, show_default=True)
@click.option("--count", default=100_000, show_default=True, help="Generated entries.")
@click.option("--seed", default=1, show_default=True)
def main(rounds: int, count: int, seed: int) -> None:
    """Compare the readers, measure whole posts, and check generated entries."""
    for label, markup in (
        (f"a summary of {len(SUMMARY):,} characters", SUMMARY),
        ("2,000 nested elements", DEEP),
        ("150 elements left open, 150 paragraphs", LEFT_OPEN),
    ):
        print(f"HTML to text and entities, {label}")
        found = _measured(markup, rounds)
        show_seconds(found)
        own, *others = found
        for other in others:
            show_ratio(f"{other} / {own}", found[other], found[own])
    _show_posts(rounds)
    _check(count, seed)


def _measured(markup: str, rounds: int) -> Found:
    found: Found = {name: [] for name in _STREAMS}
    for counts, name in in_turn(list(_STREAMS), rounds):
        stream = _STREAMS[name]
        seconds = _timed(lambda stream=stream: entities_of(read_tokens(stream(markup), base=_BASE)))  # type: ignore[misc]
        if counts:
            found[name].append(seconds)
    return found


def _show_posts(rounds: int) -> None:
    content = PostContent(url=f"{_BASE}1", title="Committee adopts report", source_title="The Daily Measure")
    posts = {
        "a post with a title only": content,
        "a post with that summary": PostContent(url=content.url, title=content.title, summary=SUMMARY),
    }
    print("Whole posts, by the default look")
    found: Found = {name: [] for name in posts}
    for counts, name in in_turn(list(posts), rounds):
        seconds = _timed(lambda post=posts[name]: render(post))  # type: ignore[misc]
        if counts:
            found[name].append(seconds)
    show_seconds(found)


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    for _ in range(_REPEATS):
        work()
    return (time.process_time() - begun) / _REPEATS


def _check(count: int, seed: int) -> None:
    complaints: collections.Counter[str] = collections.Counter()
    seconds, slowest = 0.0, 0.0
    for number, content in enumerate(islice(entries(seed), count)):
        begun = time.process_time()
        post = post_of(content, number)
        spent = time.process_time() - begun
        seconds, slowest = seconds + spent, max(slowest, spent)
        complaints.update(complaints_about(content, post))
    print(f"{count:,} generated entries (seed {seed}), every one before the strict checker")
    print(f"  complaints: {sum(complaints.values())} {dict(complaints) if complaints else ''}".rstrip())
    print(f"  {seconds / count * 1e6:.0f} us of CPU a post; the slowest took {slowest * 1e3:.1f} ms")


if __name__ == "__main__":
    main()

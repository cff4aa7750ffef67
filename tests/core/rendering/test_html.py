"""What becomes of HTML: text, and the entities in it as marks."""

import time

import pytest

from core.protocol import Entity
from core.rendering.cutting import cut_rich
from core.rendering.entities import entities_of
from core.rendering.reading import read_html, read_summary
from core.rendering.rich import Rich

BASE = "https://site.example/d/page"


def shown(html: str, limit: int = 4096) -> tuple[str, tuple[Entity, ...]]:
    return entities_of(cut_rich(read_html(html, base=BASE), limit))


def marked(html: str) -> str:
    """The text, each entity within brackets behind its type."""
    text, entities = shown(html)
    raw = text.encode("utf-16-le")
    marks: list[tuple[int, int, str]] = []
    for number, one in enumerate(entities):
        more = f"={one.url or one.language}" if one.url or one.language else ""
        marks.append((one.offset, number + 1, f"[{one.type}{more}:"))
        marks.append((one.offset + one.length, -number - 1, "]"))
    pieces, place = [], 0
    for offset, _, mark in sorted(marks):
        pieces += [raw[2 * place : 2 * offset].decode("utf-16-le"), mark]
        place = offset
    return "".join([*pieces, raw[2 * place :].decode("utf-16-le")])


@pytest.mark.parametrize(
    ("html", "result"),
    [
        ("a <b>b</b> <i>c</i> <u>d</u> <s>e</s>", "a [bold:b] [italic:c] [underline:d] [strikethrough:e]"),
        (
            "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>",
            "[bold:a][italic:b][underline:c][strikethrough:d]",
        ),
        ("<b>a <b>b</b> c</b>", "[bold:a b c]"),
        ("<b> a </b>b", "[bold:a] b"),
        ("<b></b><i> </i>a<u>\u200b</u>b", "a\u200bb"),
        ("<b>a<i>b</b>c</i>d", "[bold:a[italic:b]][italic:c]d"),
        ("<b>never closed", "[bold:never closed]"),
        ("</b></p>a</i>", "a"),
        ("<p>a</p><p>b<br>c</p>d", "a\n\nb\nc\n\nd"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("<div>a</div>\n<div>b</div>", "a\nb"),
        ("<h2>Head</h2>text", "[bold:Head]\n\ntext"),
        ("  a \n\t b  ", "a b"),
        ("<ul><li>a</li><li><p>b</p></li><li></li></ul>c", "• a\n• b\n\nc"),
        ("<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>", "• a\n\xa0\xa0◦ b\n\xa0\xa0\xa0\xa01. c\n• d"),
        ("<ol start=9><li>a<li value=3>b<li>c</ol>", "9. a\n3. b\n4. c"),
        ("<ol start=x><li value=99999999999><b>a</b></ol>", "1. [bold:a]"),
        ("<blockquote>a<p>b</blockquote>c", "[blockquote:a\n\nb]\n\nc"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "[blockquote:a\n\nb]"),
        (f"<blockquote>{'a' * 301}</blockquote>", f"[expandable_blockquote:{'a' * 301}]"),
        (
            "<blockquote>" + "a<br>" * 7 + "</blockquote>",
            "[expandable_blockquote:" + "\n".join("a" * 7) + "]",
        ),
        ("<b>a<blockquote>b</blockquote>c</b>", "[bold:a]\n\n[blockquote:[bold:b]]\n\n[bold:c]"),
        ("x <code>a &lt; b</code>", "x [code:a < b]"),
        (
            "<pre><code class='hljs language-python'>if x:\n    y\n</code></pre>z",
            "[pre=python:if x:\n    y]\n\nz",
        ),
        ('<div class="highlight highlight-source-shell"><pre>ls</pre></div>', "[pre=shell:ls]"),
        ("<pre>\n\na <b>b</b>\tc\n\n</pre>", "[pre:a b    c]"),
        ("<b>a <code>c</code> b</b>", "[bold:a] [code:c] [bold:b]"),
        ('<a href="/x"><code>c</code></a>', "[text_link=https://site.example/x:c]"),
        (
            "<span class='tg-spoiler x'>a</span> <span>b</span> <tg-spoiler>c</tg-spoiler>",
            "[spoiler:a] b [spoiler:c]",
        ),
        ("5 < 6 > 4 x <3 a<>b", "5 < 6 > 4 x <3 a<>b"),
        ("&amp;lt; &nbsp;&hellip; &apos; &#39; &#x1F600; &copy", "&lt; \xa0… ' ' 😀 ©"),
        ("&#xD800;&#0;&#99999999999;", "\ufffd\ufffd\ufffd"),
        ("<!-- a --><script>b</script><style>c</style><title>d</title>e<!x><?y?>", "e"),
        ("a<iframe src=x>b", "ab"),
        ("a<!-- never closed <b>b</b>", "a"),
        ("a<b title='x>y'>b</b>", "a[bold:b]"),
        ("a<b", "a"),
        ("<q>a</q> 10<sup>2</sup> H<sub>2</sub>O<sup>th</sup>", "“a” 10² H₂Oth"),
        ("a<img src=x alt='A cat'>b<img alt='IMG_1.jpg'><img alt=image><img alt='…'>", "a A cat b"),
        ("a <img class=emoji alt=😀> b", "a 😀 b"),
        ("a<hr>b", "a\n\n———\n\nb"),
        ("<dl><dt>a<dd>b</dl>", "[bold:a]\nb"),
        ("<ruby>a<rt>b</rt></ruby>", "a(b)"),
        ("<table><tr><th>a<th>b<tr><td>ccc<td>d</table>e", "[pre:a    b\nccc  d]\n\ne"),
        ("<table><tr><td><td>b<tr><td>ccc<td>d</table>", "[pre:·    b\nccc  d]"),
        (
            "<table><tr><td>a<td><a href=/x>b</a><tr><td>c</table>",
            "a | [text_link=https://site.example/x:b]\nc",
        ),
        ("<table><tr><td>a</td></tr></table>", "a"),
        ("<table><tr><td>你好<td>b<tr><td>c<td>d</table>", "[pre:你好  b\nc     d]"),
        ("\u202ea\u2066b\u2069\ufeff\x00c\u2028d", "abc d"),
        ("A\u030a u\u030a x\u0333", "Å ů x"),
        ("e" + "\u0301" * 40 + "<b>\u0301\u0301x</b>", "e\u0301\u0301\u0301\u0301[bold:x]"),
    ],
)
def test_html(html: str, result: str) -> None:
    assert marked(html) == result


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.example/?b&amp;c", "https://a.example/?b&c"),
        ("x?y#z", "https://site.example/d/x?y#z"),
        ("//other.example/", "https://other.example/"),
        (" /x ", "https://site.example/x"),
        ("https://сайт.рф/", "https://сайт.рф/"),
        ("tg://user?id=1", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@b.example", None),
        ("http://localhost/", None),
        ("http://a.example:99999/", None),
        ("https://a.example/" + "x" * 3000, None),
    ],
)
def test_links_lead_where_telegram_lets_them(href: str, url: str | None) -> None:
    text, entities = shown(f'<a href="{href}">here</a>')
    assert text == "here"
    assert [one.url for one in entities] == ([] if url is None else [url])


def test_without_tags_that_make_lines_lines_stay() -> None:
    assert read_summary("a\nb <b>c</b>\n\n\nd").text == "a\nb c\n\nd"
    assert read_summary("a\nb<br>c").text == "a b\nc"


@pytest.mark.parametrize(
    ("html", "limit", "result"),
    [
        ("one two three", 9, ("one two…", ())),
        ("one <b>two three</b>", 9, ("one two…", (Entity(type="bold", offset=4, length=3),))),
        ("one more <a href='/x'>two three</a>", 14, ("one more…", ())),
        ("👩\u200d👩\u200d👧 👩\u200d👩\u200d👧", 15, ("👩\u200d👩\u200d👧…", ())),
        ("🇩🇪🇫🇷", 7, ("🇩🇪…", ())),
        ("xe\u0301\u0301e\u0301", 5, ("xe\u0301\u0301…", ())),
        ("👍🏽👍🏽", 7, ("👍🏽…", ())),
        ("<ul><li>one<li>two</ul>", 8, ("• one…", ())),
    ],
)
def test_cuts(html: str, limit: int, result: tuple[str, tuple[Entity, ...]]) -> None:
    assert shown(html, limit) == result


def test_of_many_entities_links_are_kept() -> None:
    _, entities = shown("<b>x</b> " * 200 + '<a href="/x">y</a> ' * 90)
    kinds = [one.type for one in entities]
    assert (len(kinds), kinds.count("text_link")) == (100, 90)


def test_offsets_are_utf16() -> None:
    text, entities = shown("😀😀 <b>a😀</b> <i>b</i>")
    assert text == "😀😀 a😀 b"
    assert [(one.offset, one.length) for one in entities] == [(5, 3), (9, 1)]


def test_nothing_makes_nothing() -> None:
    assert entities_of(Rich()) == ("", ())


_HOSTILE = [
    "<b>", "<div>", "<blockquote>", "<ul><li>", "<a ", '<a href="', "<a b='>", "<", "<!--", "&", "&#9",
    "\u0301",
    "<i>x<b>y</i>z</b>", "<table><tr><td>", "<a href=/x>y", "<script>", "<svg>", "<pre>\n", "\ud800", "\x00",
]  # fmt: skip


def seconds(size: int) -> float:
    begun = time.process_time()
    for unit in _HOSTILE:
        shown(unit * (size // len(unit)))
    shown("<a " + " ".join(f"a{number}='1'" for number in range(size // 8)) + " href=/x>x</a>")
    return time.process_time() - begun


def test_hostile_markup_takes_linear_time() -> None:
    seconds(1_000)
    assert seconds(128_000) < 30 * seconds(16_000), "what grows with the square takes 64 times as long"


def test_of_a_megabyte_a_part_is_read() -> None:
    assert shown("<b>" * 340_000 + "end") == ("", ())
    assert shown("<i>start</i>" + "<!-- -->" * 120_000)[0] == "start"


def test_depth_does_not_matter() -> None:
    text, entities = shown("<b><i><div>" * 2_000 + "x" + "</div></i></b>" * 2_000 + "y")
    assert text.replace("\n", "") == "xy"
    assert {one.type for one in entities} == {"bold", "italic"}

"""Entries as feeds hold them, and far worse: every script, broken HTML, attacks. Seeded."""

import random
from collections.abc import Iterator, Sequence

from core.protocol import PostContent

_WORDS = (
    "the committee met on Tuesday", "привет мир это новость", "שלום עולם", "مرحبا بالعالم",
    "नमस्ते दुनिया", "สวัสดีชาวโลก", "你好世界", "こんにちは世界", "안녕하세요", "Ελλάδα",
    "Türkçe İstanbul", "naïve café", "cafe\u0301 A\u030angstro\u0308m", "မင်္ဂလာပါ", "ជំរាបសួរ",
    "བཀྲ་ཤིས", "ሰላም", "\U0001d509\U0001d52f 𐍈 𠜎",
)  # fmt: skip
_SIGNS = (
    "😀", "👩\u200d👩\u200d👧\u200d👦",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "👍🏽", "🇩🇪🇫🇷", "❤️", "1️⃣",
    "\u200b", "\u200d", "\ufeff", "\u202e", "\u2066", "\u2069", "\u2028", "\u00ad", "\u00a0", "\u3000",
    "\u2800", "\ufffc", "\x00", "\x07", "\x1b[31m", "\r\n", "\n", "\t", "  ", "\ud800", "\udc00",
    "\uffff", "\ue0000\ue001", "\ue000", "z\u0333a\u033fl\u030a", "e" + "\u0301" * 40,
    "ก" + "\u0e49" * 30, "&", "<", ">", '"', "'", "{{ url }}", "{% raw %}", "{#", "%s %n",
    "'; DROP TABLE queue; --", "../../etc/passwd", "$(reboot)", "@everyone", "/start", "#tag",
    "https://auto.example/link", "<3", "5 < 6 > 4", "a&b", "]]>", "-->",
)  # fmt: skip
_REFERENCES = (
            "&amp;", "&lt;b&gt;", "&nbsp;", "&hellip;", "&apos;", "&#39;", "&#x1F600;", "&#xD800;",
            "&#0;", "&#128;", "&#99999999999;", "&#" + "9" * 5000 + ";", "&notanentity;", "&copy",
            "&amp;lt;", "&#8238;", "&zwnj;", "&",
        )  # fmt: skip
_TAGS = (
    "b", "strong", "i", "em", "u", "s", "del", "ins", "code", "pre", "a", "a", "a", "p", "p", "br",
    "div", "span", "blockquote", "ul", "ol", "li", "li", "h1", "h2", "h3", "table", "tr", "td", "th",
    "img", "script", "style", "tg-spoiler", "sup", "sub", "q", "hr", "dl", "dt", "dd", "iframe",
    "video", "figure", "figcaption", "svg", "details", "summary", "ruby", "rt", "kbd", "font",
    "center", "o:p", "textarea", "title", "nosuchtag",
)  # fmt: skip
_BROKEN = ("<!--", "<!-- x -->", "<![CDATA[x]]>", "<?php x ?>", "<", "</", "<a href='", "<!DOCTYPE html>")
_ADDRESSES = (
            "https://site.example/a?b=c&amp;d=e", "/relative", "../up", "#part", "?q=1",
            "//other.example/x", "a b c", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
            "data:text/html,x", "tg://user?id=42", "tg:user?id=42", "tg:resolve?domain=x",
            "ton://transfer/x", "mailto:a@b.example", "tel:+1", "http://localhost/x", "http://[::1]/",
            "http://site.example:0/", "http://site.example:99999/", "https:site.example", "http:///x",
            "ftp://site.example/", "https://сайт.рф/путь", "https://u:p@site.example/",
            "http://0x7f.1/", "https://site.example/\u202e\ud800", "  https://site.example/s  ",
            "https://site.example/" + "x" * 3000, "", "\n", "&#106;avascript:x", "https://a..b/",
            "https://site.example/\x00", "https://-.example/", "https://site.example\\@evil.example/",
            "vbscript:x",
        )  # fmt: skip
_LINKS = (
    "https://news.example/story/{n}", "https://github.com/o/r/releases/tag/v{n}", "https://youtu.be/{n}",
    "http://localhost:8080/{n}", "https://shop.example/p?id={n}&x=1", "https://сайт.рф/{n}", "http://[::1]/{n}",
    "https://long.example/{n}/" + "x" * 2500, "https://longer.example/{n}/" + "y" * 5000,
)  # fmt: skip


def entries(seed: int) -> Iterator[PostContent]:
    """Yield entries without end."""
    rng = random.Random(seed)
    number = 0
    while True:
        number += 1
        yield PostContent(
            url=rng.choice(rng.choice((_LINKS, _LINKS[:3], _LINKS[:3]))).format(n=number),
            title=_pick(rng, (_words, _soup, _nothing), 12),
            summary=_pick(rng, (_article, _soup, _soup, _hostile, _nothing), 60),
            source_title=_pick(rng, (_words, _words, _soup, _nothing), 6),
            author=_pick(rng, (_words, _soup, _nothing), 4) or None,
            tags=tuple(_pick(rng, (_words, _words, _soup), 3) for _ in range(rng.randrange(6))),
            published_ms=rng.choice((None, 0, 1_800_000_000_000, -5, 10**17)),
            site=_pick(rng, (_words, _nothing), 3),
            price=rng.choice((None, None, None, "12.50", "1299", "NaN", "1e999999", "x")),
            old_price=rng.choice((None, "20.00")),
            currency=rng.choice((None, "EUR", "USD", "RUB", "XXX")),
            discount=rng.choice((None, 37)),
            availability=rng.choice((None, "in_stock", "out_of_stock")),
            rating=rng.choice((None, 4.4, float("inf"), float("nan"))),
            reviews=rng.choice((None, 89)),
            ad=rng.choice(("", "", "Ad. Acme")),
            erid=rng.choice(("", "", "2VtzqxYzAbC")),
            note=rng.choice((None, None, None, "perhaps_repeated")),
        )


def _pick(rng: random.Random, makers: Sequence[object], size: int) -> str:
    maker = rng.choice(makers)
    return str(maker(rng, size)) if callable(maker) else ""


def _nothing(_: random.Random, __: int) -> str:
    return ""


def _words(rng: random.Random, size: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(1, max(1, size // 2))))


def _article(rng: random.Random, size: int) -> str:
    """Well-formed HTML as blogs write it."""
    pieces = []
    for _ in range(rng.randint(1, max(2, size // 12))):
        words = _words(rng, 6)
        link = f'<a href="https://site.example/{rng.randrange(99)}">{_words(rng, 2)}</a>'
        pieces.append(
            rng.choice(
                (
                    f"<p>{words} {link}, <b>{words}</b> <i>{words}</i>.</p>",
                    f"<ul><li>{words}</li><li>{link}<ol><li>{words}</li></ol></li></ul>",
                    f"<blockquote><p>{words}</p><p>{words * rng.randint(1, 12)}</p></blockquote>",
                    f'<pre><code class="language-python">{words}\n    {words}\n</code></pre>',
                    f"<table><tr><th>a</th><th>b</th></tr><tr><td>{words[:9]}</td><td>2</td></tr></table>",
                    f'<h2>{words}</h2><img src="x.jpg" alt="{words}"><br>{words}',
                )
            )
        )
    return "\n".join(pieces)


def _soup(rng: random.Random, size: int) -> str:
    """Pieces of everything in any order."""
    return "".join(_piece(rng) for _ in range(rng.randint(1, size)))


def _piece(rng: random.Random) -> str:
    match rng.choices(("word", "sign", "reference", "broken", "end", "start"), (30, 15, 10, 5, 15, 25))[0]:
        case "word":
            return rng.choice(_WORDS) + " "
        case "sign":
            return rng.choice(_SIGNS)
        case "reference":
            return rng.choice(_REFERENCES)
        case "broken":
            return rng.choice(_BROKEN)
        case "end":
            return f"</{rng.choice(_TAGS)}>"
        case _:
            return _start_tag(rng)


def _start_tag(rng: random.Random) -> str:
    quote = rng.choice(('"', '"', "'", ""))
    more = rng.choice(("", "", " class=spoiler", ' alt="A cat"', " start=5", " value=-3", " x" * 5, "/"))
    end = rng.choice((">", ">", ">", ""))
    return f"<{rng.choice(_TAGS)} href={quote}{rng.choice(_ADDRESSES)}{quote}{more}{end}"


def _hostile(rng: random.Random, size: int) -> str:
    """One thing, far too often."""
    count = rng.choice((30, 150, 400)) * max(1, size // 60)
    unit = rng.choice(
        (
    "<b>", "<div>", "<blockquote>", "<ul><li>", "<ol><li>x", "<b>x</b> ",
    "<a href=https://a.example/>x</a> ", "<i>x<b>y</i>z</b>", "<table><tr><td>x", "<td>1</td>", "x",
    "😀", "\u0301", " ", "\n", "<br>", "&amp;", "<pre>x", "<code>x</code>", "<a href=", "<!--", "<",
    "&#", "word ", "<p>x", "<p><b><i><a href=https://a.example>", "🇩", "\u200d",
    "<blockquote>x</blockquote>", "<span class=spoiler>x ", "<q>", "<sup>1</sup>", "\ud83d", "</b>",
)
    )  # fmt: skip
    return rng.choice(("", "start ")) + unit * count + rng.choice(("", " end", "</b>" * 50))

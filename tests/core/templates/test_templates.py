"""Templates: what they make of a link, what they may not hold, and what they cannot do."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.protocol import Button, PostContent
from core.rendering.post import render
from core.templates.defaults import DEFAULTS, look_of
from core.templates.engine import compiled
from core.templates.errors import TemplateFailed, WrongTemplate
from core.templates.fields import FIELDS
from core.templates.filters import FILTERS

URL = "https://shop.example/lamp"
LAMP = PostContent(
    url=URL,
    title="A <b>Lamp</b> {{ url }} & more",
    summary="<p>Gives <i>light</i>.</p>",
    source_title="The Shop",
    author="Ann",
    tags=("desk lamp", "E-27", "18", "desk lamp"),
    published_ms=1_800_000_000_000,
    price="1299.00",
    old_price="1500",
    currency="EUR",
    discount=13,
    rating=4.44,
    reviews=9,
    zone="Asia/Tokyo",
    ad="Ad. ACME",
    erid="abc",
)
DOC = Path(__file__).resolve().parents[3] / "docs" / "posts.md"


def text_of(template: str, content: PostContent = LAMP) -> str:
    return render(content, template=f"{template}\n{{{{ url }}}}").text.removesuffix(f"\n{URL}")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ title }}", "A <b>Lamp</b> {{ url }} & more"),
        ("{{ title|upper }}", "A <B>LAMP</B> {{ URL }} & MORE"),
        ("{{ title|cut(8) }}", "A <b>La…"),
        ("{{ summary }}", "Gives light."),
        ("{{ summary|cut(7) }}", "Gives…"),
        ("{{ price|money }} {{ old_price|money }} {{ 5|money('USD') }}", "1\xa0299\xa0€ 1\xa0500\xa0€ $5"),
        ("{{ site|money }}|{{ 1|money('') }}|{{ 'x'|money }}", "|1|x"),
        ("{{ published|date }} {{ published|date('%Y-%m-%d %H:%M %%') }}", "15.01.2027 2027-01-15 17:00 %"),
        ("{{ published|date('%1000000d') }}", "%1000000d"),
        ("{{ tags|hashtags }} {{ tags|hashtags(1) }}", "#desk_lamp #E_27 #desk_lamp"),
        ("{{ tags }}", "desk lamp, E-27, 18, desk lamp"),
        ("{{ tags|join('; ') }}", "desk lamp; E-27; 18; desk lamp"),
        ("{{ tags|first }} {{ tags|last }}", "desk lamp desk lamp"),
        ("{{ url|host }}", "shop.example"),
        ("{{ rating|round(1) }} {{ rating|round }} {{ reviews }} {{ discount }}", "4.4 4 9 13"),
        ("{{ site|default('none') }} {{ availability }}.", "none ."),
        ("{{ author|replace('n', 'm') }} {{ author|length }}", "Amm 3"),
        ("{% if price < 1500 and rating %}cheap{% else %}dear{% endif %}\nx", "cheap\nx"),
        ("a\n{% if site %}\nb\n{% endif %}\nc", "a\nc"),
        ("a\n\n\n{{ site }}\n\n\nb", "a\n\nb"),
        (
            "{% for tag in tags %}{{ loop.index }}{{ tag }}{% if not loop.last %};{% endif %}{% endfor %}",
            "1desk lamp;2E-27;318;4desk lamp",
        ),
        ("{{ ad }} {{ erid }} {# nothing #}", "Ad. ACME abc"),
        ("5 &lt; 6 &amp; {{ 'x' ~ author }}", "5 < 6 & xAnn"),
    ],
)  # fmt: skip
def test_what_is_printed(template: str, text: str) -> None:
    assert text_of(template) == text


def test_formatting_of_template_and_summary_go_together() -> None:
    post = render(LAMP, template='<b>{{ author }} {{ summary }}</b> <a href="{{ url }}">Go</a>')
    assert post.text == "Ann Gives light. Go"
    assert [(one.type, one.offset, one.length) for one in post.entities] == [
        ("bold", 0, 16),
        ("italic", 10, 5),
        ("text_link", 17, 2),
    ]


def test_buttons() -> None:
    rows = "[Buy for {{ price|money }}]({{ url }}) [More](https://b.example/x)\n[{{ site }}]({{ url }})"
    template = f"{{{{ title }}}}\n\n{rows}"
    post = render(LAMP, template=template)
    assert post.buttons == (
        (Button(text="Buy for 1 299 €", url=URL), Button(text="More", url="https://b.example/x")),
    )
    assert URL not in post.text, "a button leads there"
    wrong = render(replace(LAMP, image="http://localhost/x.png"), template="{{ url }}\n[Look]({{ image }})")
    assert wrong.buttons == ()


def test_a_link_that_the_template_forgot_is_added() -> None:
    assert render(LAMP, template="{{ author }}").text == f"Ann\n\n{URL}"
    longer = render(replace(LAMP, author=f"{URL}-of-another"), template="{{ author }}").text
    assert longer == f"{URL}-of-another\n\n{URL}"


def test_too_much_costs_the_summary_not_the_link() -> None:
    content = replace(LAMP, summary="word " * 2000)
    post = render(content, template='{{ summary }}\n\n<a href="{{ url }}">Go</a>', limit=1024)
    assert len(post.text) <= 1024
    assert post.text.endswith("…\n\nGo")
    assert [one.url for one in post.entities] == [URL]


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("a\n{{ nope }}", "Line 2: there is no field “nope”"),
        ("{{ title", "Line 1: unexpected end"),
        ("a\n\n{% if title %}b", "Line 3: Unexpected end of template"),
        ("{{ title|nope }}", "Line 1: No filter named 'nope'"),
        ("{{ title|safe }}", "No filter named"),
        ("{{ title() }}", "nothing can be called"),
        ("{{ title.__class__ }}", "“.__class__” is not allowed"),
        ("{{ title['x'] }}", "parts of a value"),
        ("{{ 'a' * 999999999 }}", "multiplication"),
        ("{{ 9 ** 9 ** 9 }}", "powers"),
        ("{{ '%999999999d' % 1 }}", "% is not allowed"),
        ("{% set a = 1 %}", "set is not allowed"),
        ("{% include 'x' %}", "include is not allowed"),
        ("{% macro a() %}{% endmacro %}", "macro is not allowed"),
        ("{% for a in title %}{% endfor %}", "loops go over tags only"),
        ("{% for a in tags %}{% for b in tags %}{% endfor %}{% endfor %}", "a loop within a loop"),
        ("{% for title in tags %}{% endfor %}", "one new name"),
        ("x\n<font>a</font>", "Line 2: <font> cannot be shown"),
        ("<script>a</script>", "<script> cannot be shown"),
        ("a\n<b>b", "Line 2: <b> is never closed"),
        ("<b><i>a</b></i>", "</b> closes nothing here; <i> of line 1 is open"),
        ("</b>", "</b> closes nothing here"),
        ("<a>b</a>", "<a> leads nowhere"),
        ("<b", "<b has no >"),
        ("a\n[b](nowhere)", "Line 2: nowhere is no address"),
        ("a\n[{{ nope }}]({{ url }})", "Line 2: there is no field"),
        ("a\n" + "[b](https://c.example)\n" * 4, "at most 3 buttons"),
        ("[b](https://c.example)", "needs some text"),
        (" \n ", "needs some text"),
        ("x" * 4097, "at most 4096 characters"),
        ("{{" + "(" * 1500 + "1" + ")" * 1500 + "}}", "nested too deeply"),
        ("{{ 1" + "<1" * 1900 + "}}", "too complicated"),
        ("a\n[" + "{{ a }}" * 500, "no field"),
        ("a\n[b](" + "{{" * 1900, "nested too deeply"),
    ],
)
def test_what_a_template_may_not_hold(template: str, problem: str) -> None:
    with pytest.raises(WrongTemplate) as caught:
        compiled(template)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ title - 1 }}",
        "{% if site < 5 %}a{% endif %}",
        "{{ title|join }}",
        "{{ title|cut('x') }}",
        "{% for tag in tags %}" + "{{ title ~ title ~ title ~ title }}" * 100 + "{% endfor %}",
    ],
)
def test_what_fails_for_a_link(template: str) -> None:
    with pytest.raises(TemplateFailed):
        render(replace(LAMP, title="x" * 400), template=template)


@pytest.mark.parametrize(
    "piece",
    [
        "{{ summary|cut(4000) }}",
        "{{ summary|upper|lower|title|trim }}",
        "{{ title|replace('x', 'xxxxxxxxxx')|replace('x', 'xxxxxxxxxx') }}",
        "{{ tags|join(title)|replace('t', title) }}",
        "{{ summary ~ summary }}",
    ],
)
def test_no_template_makes_much(piece: str) -> None:
    """The longest that may be written, for the longest of links: without bounds each would make gigabytes."""
    tags = tuple(f"tag{number}" for number in range(30))
    content = replace(LAMP, title="x" * 999, summary="<b>word</b> " * 400, tags=tags)
    template = "{% for t in tags %}" + piece * (3_900 // len(piece)) + "{% endfor %}{{ url }}"
    with pytest.raises(TemplateFailed, match="too long"):
        render(content, template=template)


@pytest.mark.parametrize(
    ("url", "look"),
    [
        ("https://github.com/o/r/releases/tag/v1", "release"),
        ("https://gitlab.example/g/p/-/releases/v1", "release"),
        ("https://codeberg.org/o/r/releases/tag/v1", "release"),
        ("https://github.com/o/r/issues/1", "news"),
        ("https://www.youtube.com/watch?v=x", "video"),
        ("https://youtu.be/x", "video"),
        ("https://vimeo.com/123", "video"),
        ("https://peer.example/w/4x7PdJzDGqEzpTWJwT4v8M", "video"),
        ("https://peer.example/videos/watch/x", "video"),
        ("https://www.youtube.com/about", "news"),
        ("https://news.example/story", "news"),
    ],
)
def test_looks(url: str, look: str) -> None:
    assert look_of(PostContent(url=url)) == look
    assert look_of(PostContent(url=url, price="5")) == "product"


def test_a_product() -> None:
    assert render(replace(LAMP, availability="out_of_stock")).text == (
        "A <b>Lamp</b> {{ url }} & more\n\n💰 1\xa0299\xa0€ 1\xa0500\xa0€\n"
        "📉 13 %\n⭐ 4.4 (9)\n🚫 out of stock\n\n"
        "Gives light.\n\nThe Shop\n\nAd. ACME · erid: abc"
    )


def test_docs_show_the_looks_the_fields_and_the_filters() -> None:
    text = DOC.read_text(encoding="utf-8")
    for name, template in DEFAULTS.items():
        assert f"```html {name}\n{template.strip()}\n```" in text, name
    for field, does in FIELDS.items():
        assert f"| `{field}` | {does} |" in text
    for name in FILTERS:
        assert f"| `{name}" in text, name

"""Markup made well-formed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.documents.repair import repair

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (b"<a>x &nbsp; y</a>", b"<a>x &#160; y</a>"),
        (b"<a>&hellip;&amp;&lt;</a>", b"<a>&#8230;&#38;&#60;</a>"),
        (b"<a>&bogus; AT&T & co</a>", b"<a>&#38;bogus; AT&#38;T &#38; co</a>"),
        (b"<a href='/?a=1&b=2'/>", b"<a href='/?a=1&#38;b=2'/>"),
        (b"<a>&#xD800;&#0;&#11;&#65;&#X42;&#55296;&#1114112;</a>", b"<a>\x7f&#65;&#66;\x7f</a>"),
        (b"<a>1 < 2</a>", b"<a>1 &#60; 2</a>"),
        (b"<a>x\x00y\x0bz</a>", b"<a>xyz</a>"),
        (b"<d>one<br>two<img src='x'></d>", b"<d>one<br/>two<img src='x'/></d>"),
        (b"<d><p>one<p>two</d><e/>", b"<d><p>one<p>two</p></p></d><e/>"),
        (b"<d>one</p></d>", b"<d>one</d>"),
        (b"<item>1<item>2</item>", b"<item>1</item><item>2</item>"),
        (b'<a href=x title="y&z" checked>t</a>', b'<a href="x" title="y&#38;z">t</a>'),
        (b'<a x="1>2" y=">" z>t</a>', b'<a x="1>2" y=">">t</a>'),
        (b'<a x="1>t</a>', b"<a>t</a>"),
        (b"<a x='1\"2' y=3/>", b'<a x="1&#34;2" y="3"/>'),
        (b"<a><![CDATA[&nbsp;<br>]]>&nbsp;</a>", b"<a><![CDATA[&nbsp;<br>]]>&#160;</a>"),
        (b"<a><!-- &nbsp;<br> -->&nbsp;</a>", b"<a><!-- &nbsp;<br> -->&#160;</a>"),
        (b"<a><![CDATA[ never & ends", b"<a><![CDATA[ never & ends"),
        (b"<a>&lt;&apos;&gt;<br></a>", b"<a>&#60;&#39;&#62;<br/></a>"),
        (b"<a><?php x ?></a>", b"<a><?php x ?></a>"),
    ],
)
def test_examples(broken: bytes, whole: bytes) -> None:
    assert repair(broken) == whole


def test_elements_too_deep_lose_their_tags() -> None:
    mended = repair(b"<r>" + b"<a>" * 1000 + b"x<b/>" + b"</a>" * 1000 + b"<c>y</c></r>")
    assert mended == b"<r>" + b"<a>" * 199 + b"x" + b"</a>" * 199 + b"<c>y</c></r>"


def test_behind_an_absurd_number_of_tags_nothing_is_repaired() -> None:
    assert repair(b"& " * 500_000).endswith(b"& & ")


@given(st.text(_CHARACTERS), st.text(_CHARACTERS))
def test_well_formed_markup_keeps_its_meaning(text: str, more: str) -> None:
    root = etree.Element("rss")
    entry = etree.SubElement(root, "item", {"title": more})
    entry.text = text
    entry.tail = more
    whole = etree.tostring(root, method="c14n")
    assert etree.tostring(etree.fromstring(repair(whole)), method="c14n") == whole


@given(
    st.lists(st.sampled_from([b"<a>", b"</a>", b"<b", b">", b"<item>", b"&", b"x", b"<br>", b"</b>", b"]]>"]))
)
def test_entries_are_balanced(tokens: list[bytes]) -> None:
    mended = repair(b"<rss>" + b"".join(tokens))
    tree = etree.fromstring(mended, etree.XMLParser(recover=True))
    assert not tree.findall(".//item//item")

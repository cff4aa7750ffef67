"""What is cut of absurd pages, and that the quick look at pages agrees with the close one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.documents.bounds import bounded, cut_down, is_ordinary

PIECES = st.sampled_from(
    [
        *(b"<div>", b"<DIV class=a>", b"</div>", b"</Div >", b"<div/>", b"</div/>", b"<p>", b"</p>", b"<br>"),
        *(b"<b>", b"</b>", b"<b/>", b"<i a='>'>", b'<a title="</div>">', b"<div title='", b'"', b"'", b">"),
        *(b"<!--", b"-->", b"<script>", b"</script>", b"<script", b"<TITLE>", b"</title>", b"<", b"/", b"x "),
        *(b"<div>" * 150, b"</div>" * 150, b"<b>" * 9, b"</b>" * 9, b"<section>" * 150, b"</section>" * 100),
        *(b"<a " + b"x " * 300 + b">", b"<a href='" + b"y" * 5_000 + b"'>", b"<script>" + b"<div>" * 500),
    ]
)


@given(st.lists(PIECES, max_size=30).map(b"".join))
@example(b"<script>" + b"</div>" * 500 + b"</script>" + b"<div>" * 401)
@example(b"<div title='</div>'>" * 401)
@example(b"<div>" * 250 + b"</p></x>" * 250 + b"<div>" * 200)
@example(b"<b/>" * 17)
@example(b"<title>" + b"<div>" * 500 + b"</title>")
def test_what_is_ordinary_is_not_cut(markup: bytes) -> None:
    if is_ordinary(markup):
        assert cut_down(markup) == (markup, True)
    assert bounded(markup) == cut_down(markup)


@pytest.mark.parametrize(
    ("markup", "ordinary"),
    [
        (b"<div>" * 400 + b"</div>" * 400 + b"<b>x</b>" * 100, True),
        (b"<script>" + b"<div>" * 1_000 + b"</script><!-- " + b"<div>" * 1_000 + b"--><p>", True),
        (b"<p>" * 10_000 + b"<img src=x>" * 10_000, True),
        (b"<div>" * 401, False),
        (b"<b>" * 17, False),
        (b"<p " + b"x " * 3_000 + b">", False),
        (b"<" * 60_000, False),
    ],
    ids=["deep", "no markup", "wide", "too deep", "too many formats", "long tag", "many"],
)
def test_the_quick_look(markup: bytes, ordinary: bool) -> None:
    assert is_ordinary(markup) is ordinary


def test_what_is_too_deep_is_cut_there() -> None:
    assert bounded(b"<div>" * 500) == (b"<div>" * 400, False)

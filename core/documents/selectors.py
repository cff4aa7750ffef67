"""CSS selectors that people write."""

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from core.errors import UserError

_LONGEST = 300
# Each of these looks at whole subtrees or rows again for each element: together they cost powers.
_DEAR = ((":has", 1), ("~", 2), (":nth-", 2))
_NOTHING = LexborHTMLParser("<p>")


def check_selector(name: str, selector: str) -> None:
    """Refuse what is no CSS selector, or one that could take very long.

    Raises:
        UserError: it says which, and how one looks.
    """
    if not selector:
        return
    shown = selector[:100]
    if len(selector) > _LONGEST:
        raise UserError(
            "{name}: {shown!r}… is longer than {most} characters; a class is enough, like .card",
            name=name,
            shown=shown,
            most=_LONGEST,
        )
    for part, most in _DEAR:
        if selector.count(part) > most:
            raise UserError(
                "{name}: {shown!r} has {part} more than {most} times; a class is enough, like .card",
                name=name,
                shown=shown,
                part=part,
                most=most,
            )
    try:
        _NOTHING.css(selector)
    except (SelectolaxError, UnicodeEncodeError):
        raise UserError(
            "{name}: {shown!r} is no CSS selector; write one like .card, li.post or article > h2 a",
            name=name,
            shown=shown,
        ) from None

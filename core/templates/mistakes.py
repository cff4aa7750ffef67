"""What Jinja says of a template that it cannot read, in the language that holds now.

Jinja speaks English alone. Its sentences are recognised by their words; one that is not known here stays.
"""

import re
from functools import cache

from core.languages import gettext as _
from core.languages import marked

_SENTENCES = (
    marked(
        "Encountered unknown tag {tag}. You probably made a nesting mistake. Jinja is expecting this tag, "
        "but currently looking for {tags}. The innermost block that needs to be closed is {block}."
    ),
    marked(
        "Encountered unknown tag {tag}. Jinja was looking for the following tags: {tags}. The innermost "
        "block that needs to be closed is {block}."
    ),
    marked("Encountered unknown tag {tag}."),
    marked(
        "Unexpected end of template. Jinja was looking for the following tags: {tags}. The innermost block "
        "that needs to be closed is {block}."
    ),
    marked("Expected an expression, got {what}"),
    marked("No filter named {name}."),
    marked("No test named {name}."),
    marked("expected token {wanted}, got {what}"),
    marked("tag name expected"),
    marked("unexpected char {what} at {place}"),
    marked("unexpected {what}, expected {wanted}"),
    marked("unexpected {what}"),
)
_ENDS = frozenset(
    (
        marked("'end of template'"),
        marked("'end of print statement'"),
        marked("'end of statement block'"),
        marked("'begin of statement block'"),
    )
)


def say_mistake(message: str) -> str:
    """Return a message of Jinja's parser (its version is locked) in the language that holds now."""
    for sentence in _SENTENCES:
        found = _pattern(sentence).fullmatch(message)
        if found is not None:
            return _(sentence).format(**{name: _said(name, part) for name, part in found.groupdict().items()})
    return message


@cache  # a start needs none of them
def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence)), re.DOTALL)


def _said(name: str, part: str) -> str:
    if name == "tags":
        return part.replace("' or '", _("' or '"))
    return _(part) if part in _ENDS else part

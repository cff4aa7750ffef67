"""A post as Telegram takes it: text and entities, never a parse mode, so nothing needs escaping."""

from dataclasses import dataclass, replace

from core.protocol import Button, Entity, PostContent
from core.rendering.characters import as_shown, clean
from core.rendering.cutting import cut_rich
from core.rendering.entities import entities_of
from core.rendering.fingerprint import fingerprint
from core.rendering.links import is_linkable
from core.rendering.rich import Rich, Span
from core.templates.defaults import DEFAULTS, look_of
from core.templates.engine import Filled, compiled
from core.text import cut, is_blank, one_line, utf16_length
from core.urls.normalize import host_of
from core.words import say

TEXT_LIMIT = 4096
_TITLE_LIMIT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPost:
    """What is sent, and a fingerprint to recognise it by."""

    text: str
    entities: tuple[Entity, ...]
    fingerprint: str
    buttons: tuple[tuple[Button, ...], ...] = ()


def render(content: PostContent, *, template: str | None = None, limit: int = TEXT_LIMIT) -> RenderedPost:
    """Render a link by a template, or as links of its kind look by default; a text of its own comes first.

    The link always shows: where the template lost it, or Telegram would drop it from an entity without
    a word (a host without a dot), its address becomes part of the text. Only an address too long to
    be shown hides behind its host, or is cut where it cannot be hidden. A post that is too long loses
    of its summary first.

    Args:
        content: what there is to say.
        template: as somebody wrote it; None for the default.
        limit: UTF-16 units of the text.

    Raises:
        WrongTemplate: the template cannot be used at all.
        TemplateFailed: it cannot be used for this link.
    """
    tail = _note(content)
    if content.own is not None:
        tail = _joined(_marks(content, content.own), tail)
        return _finished(content, Filled(rich=content.own, buttons=()), tail, limit)
    made = compiled(DEFAULTS[look_of(content)] if template is None else template)
    filled = made.fill(content)
    excess = utf16_length(filled.rich.text) + utf16_length(tail.text) - limit
    if excess > 0:
        filled = made.fill(content, summary_limit=max(1, limit - excess - utf16_length(tail.text)))
    return _finished(content, filled, tail, limit)


def render_plain(content: PostContent) -> RenderedPost:
    """Render a link without any formatting, for a post that Telegram has refused once.

    Only an address too long to be shown is formatted, as a link behind its host.
    """
    if content.own is not None:
        return render(replace(content, own=Rich(text=content.own.text)))
    title = cut(one_line(clean(content.title)), _TITLE_LIMIT)
    title_line = Rich(text="" if is_blank(title) else title)
    text, entities = entities_of(_joined(title_line, _link(content.url, TEXT_LIMIT), "\n"))
    links = [entity.url for entity in entities if entity.url is not None]
    return RenderedPost(text=text, entities=entities, fingerprint=fingerprint(text, links))


def _finished(content: PostContent, filled: Filled, tail: Rich, limit: int) -> RenderedPost:
    body = cut_rich(filled.rich, limit - utf16_length(tail.text))
    text, entities = entities_of(_joined(body, tail), link=content.url)
    in_buttons = any(button.url == content.url for row in filled.buttons for button in row)
    if is_blank(text) or not (in_buttons or _carries(text, entities, content.url)):
        link = _link(content.url, limit)
        body = cut_rich(filled.rich, limit - utf16_length(tail.text) - utf16_length(link.text) - 2)
        text, entities = entities_of(_joined(_joined(body, link, "\n\n"), tail), link=content.url)
    links = [entity.url for entity in entities if entity.url is not None]
    return RenderedPost(
        text=text, entities=entities, fingerprint=fingerprint(text, links), buttons=filled.buttons
    )


def _carries(text: str, entities: tuple[Entity, ...], url: str) -> bool:
    if any(entity.url == url for entity in entities):
        return True
    behind = text.partition(as_shown(url))
    return bool(behind[1]) and not behind[2][:1].strip()


def _marks(content: PostContent, own: Rich) -> Rich:
    """Return what marks an advertisement, on lines of its own, as far as a text of its own lacks it."""
    marks = (content.ad, f"erid: {content.erid}" if content.erid else "")
    lacking = [mark for mark in map(one_line, marks) if mark and mark not in own.text]
    return Rich(text="\n\n" + " · ".join(lacking)) if lacking else Rich()


def _note(content: PostContent) -> Rich:
    """Return the remark that goes with a post, on lines of its own."""
    if content.note is None:
        return Rich()
    words = say(content.note)
    return Rich(text="\n\n" + words, spans=(Span(kind="italic", start=2, end=2 + len(words)),))


def _link(url: str, limit: int) -> Rich:
    """Return an address that shows; one that is too long hides behind its host, or is cut."""
    longest = limit * 3 // 4
    shown = as_shown(url)
    if utf16_length(shown) <= longest:
        return Rich(text=shown)
    if not is_linkable(url):
        return Rich(text=cut(shown, longest))
    name = cut(host_of(url), _TITLE_LIMIT)
    return Rich(text=name, spans=(Span(kind="text_link", start=0, end=len(name), url=url),))


def _joined(first: Rich, second: Rich, between: str = "") -> Rich:
    if not first.text.strip():
        return second
    lead = first.text + between
    moved = tuple(replace(one, start=one.start + len(lead), end=one.end + len(lead)) for one in second.spans)
    return Rich(text=lead + second.text, spans=first.spans + moved)

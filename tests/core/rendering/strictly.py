"""A post beside the strict checker: what of it would not arrive as it was rendered."""

from dataclasses import asdict
from typing import Any

from core.protocol import PostContent
from core.rendering.post import RenderedPost, render
from core.templates.errors import TemplateFailed
from simulation.botapi.strict import complaints

_TAGS = "{% for tag in tags %}<i>{{ tag }}</i>, {% endfor %}{{ tags|hashtags }}{{ published|date }}"
_PRICE = "{% if price %}{{ price|money }}{% endif %}"
TEMPLATES = (
    None,
    None,
    "{{ title }} {{ summary }}",
    '<b>{{ summary }}</b>\n<a href="{{ url }}">{{ summary|cut(100) }}</a>',
    "<blockquote>{{ title }}\n{{ summary }}</blockquote>\n<code>{{ summary }}</code>\n[Go]({{ url }})",
    f"<pre>{{{{ summary }}}}</pre>{_TAGS}",
    f"<tg-spoiler>{{{{ source|upper }}}}</tg-spoiler>{_PRICE}\n[{{{{ author }}}}]({{{{ image }}}})",
)
"""How posts are rendered in turn; None: by default."""


def post_of(content: PostContent, number: int, *, limit: int = 4096) -> RenderedPost:
    """Render the entry of this number, by the next template in turn, as the publisher does."""
    try:
        return render(content, template=TEMPLATES[number % len(TEMPLATES)], limit=limit)
    except TemplateFailed:
        return render(content, limit=limit)


def complaints_about(content: PostContent, post: RenderedPost, *, limit: int = 4096) -> list[str]:
    """Return what would be refused, dropped or changed on its way, or is missing."""
    entities: list[dict[str, Any]] = [
        {name: value for name, value in asdict(one).items() if value is not None} for one in post.entities
    ]
    rows = [[{"text": button.text, "url": button.url} for button in row] for row in post.buttons]
    keyboard = {"inline_keyboard": rows} if rows else None
    found = complaints(post.text, entities, caption=limit == 1024, keyboard=keyboard)
    if not _carries(content.url, post):
        found.append("the link is lost")
    if "\ue000" in post.text or "\ue001" in post.text:
        found.append("a mark is left")
    return found


def _carries(url: str, post: RenderedPost) -> bool:
    targets = {one.url for one in post.entities} | {one.url for row in post.buttons for one in row}
    return url in targets or any(word == url for word in post.text.split())

"""How posts look where nobody wrote a template: four looks, chosen by what is known of a link."""

import re
from collections.abc import Mapping

from core.protocol import PostContent

_END = """
{% if labels %}

{{ labels|hashtags }}
{% endif %}
{% if ad or erid %}

{{ ad }}{{ " · " if ad and erid }}{{ "erid: " ~ erid if erid }}
{% endif %}
"""

NEWS = (
    """<b><a href="{{ url }}">{{ title }}</a></b>

{{ summary|cut(500) }}

<i>{{ source }}</i>"""
    + _END
)

RELEASE = (
    """📦 <b><a href="{{ url }}">{{ title }}</a></b>
<i>{{ source }}</i>

{{ summary|cut(1500) }}"""
    + _END
)

VIDEO = (
    """▶️ <b><a href="{{ url }}">{{ title }}</a></b>
<i>{{ author|default(source) }}</i>

{{ summary|cut(300) }}"""
    + _END
)

PRODUCT = (
    """<b><a href="{{ url }}">{{ title }}</a></b>

💰 <b>{{ price|money }}</b>{% if old_price %} <s>{{ old_price|money }}</s>{% endif %}
{% if discount %}
📉 {{ discount }} %
{% endif %}
{% if rating %}
⭐ {{ rating|round(1) }}{% if reviews %} ({{ reviews }}){% endif %}
{% endif %}
{% if availability in ("out_of_stock", "discontinued") %}
🚫 {{ availability|replace("_", " ") }}
{% endif %}

{{ summary|cut(300) }}

<i>{{ site|default(source) }}</i>"""
    + _END
)

DEFAULTS: Mapping[str, str] = {"news": NEWS, "release": RELEASE, "video": VIDEO, "product": PRODUCT}

_RELEASE = re.compile(
    r"https?://(?:github\.com/[^/]+/[^/]+/releases/(?:tag/)?"
    r"|[^/]+/[^?#]+/-/(?:releases|tags)/|[^/]+/[^/]+/[^/]+/releases/tag/)[^/?#]",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?|shorts/|live/)|youtu\.be/[\w-]"
    r"|(?:www\.|player\.)?vimeo\.com/(?:[^?#]*/)?\d|[^/]+/videos/watch/[\w-]|[^/]+/w/[1-9A-HJ-NP-Za-km-z]{22}(?:[?#/]|$))",
    re.IGNORECASE,
)


def look_of(content: PostContent) -> str:
    """Return which of the four looks suits a link: with a price it is a product."""
    if content.price:
        return "product"
    if _RELEASE.match(content.url):
        return "release"
    return "video" if _VIDEO.match(content.url) else "news"

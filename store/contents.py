"""What there is to say about a link, put together from what its source and its page said."""

import json
import sqlite3
from typing import Any

from core.protocol import PostContent

COLUMNS = """history.url, history.title, history.summary, history.author, history.tags, history.image,
    history.published_ms, history.page, history.normalized_url"""
"""Columns of `history` that `content_of` reads; beside them `hidden`, `source_title`, `zone`, `note`."""


def content_of(row: sqlite3.Row) -> PostContent:
    """Return what there is to say: what the source said, and where it was silent what the page says."""
    zone = row["zone"] or "UTC"
    if row["hidden"]:  # seen by another chat only, with access of its own
        return PostContent(
            url=row["normalized_url"], source_title=row["source_title"], note=row["note"], zone=zone
        )
    page: dict[str, Any] = json.loads(row["page"] or "{}")
    return PostContent(
        url=row["url"],
        title=row["title"] or page.get("title", ""),
        summary=row["summary"] or page.get("description", ""),
        source_title=row["source_title"],
        author=row["author"] or page.get("author"),
        tags=tuple(json.loads(row["tags"])) or tuple(page.get("tags", ())),
        image=row["image"] or page.get("image"),
        published_ms=row["published_ms"] or page.get("published_ms"),
        site=page.get("site", ""),
        price=page.get("price"),
        old_price=page.get("old_price"),
        currency=page.get("currency"),
        discount=page.get("discount"),
        availability=page.get("availability"),
        rating=page.get("rating"),
        reviews=page.get("reviews"),
        language=page.get("language", ""),
        zone=zone,
        note=row["note"],
    )

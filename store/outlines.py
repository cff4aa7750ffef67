"""Subscriptions as an OPML document, in folders by chat and topic."""

from collections.abc import Iterable, Iterator

from core.opml import CLOSING, FOLDER_END, Folder, Outline, folder_start, opening, outline
from store.exchange import Exported, values_of


def opml(rows: Iterable[Exported], *, one_chat: bool) -> Iterator[str]:
    """Yield a document in pieces: with a folder for each topic, and for each chat where there are several."""
    yield opening("Vestnik subscriptions")
    inside: list[tuple[str, int]] = []
    for row in rows:
        wanted = [] if one_chat else [("chat", row.chat_id)]
        wanted += [("topic", row.topic_id)] if row.topic_id else []
        common = _common(inside, wanted)
        yield FOLDER_END * (len(inside) - common)
        for kind, number in wanted[common:]:
            name = row.chat_title if kind == "chat" else row.topic_name
            yield folder_start(Folder(name=name or f"{kind} {number}", values={kind: str(number)}))
        inside = wanted
        yield outline(
            Outline(
                line=0,
                url=row.url,
                title=row.own_title or row.source_title,
                site_url=row.site_url,
                values=values_of(row),
            )
        )
    yield FOLDER_END * len(inside)
    yield CLOSING


def _common(one: list[tuple[str, int]], other: list[tuple[str, int]]) -> int:
    """Return how many folders two places share, from the outside."""
    same = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        same += 1
    return same

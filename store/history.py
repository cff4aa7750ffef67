"""History: one row per link ever accepted, and which source showed it when."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from core.page_policy import PagePolicy
from core.protocol import Candidate, HistoryId, SourceId
from core.urls.normalize import RULES_VERSION
from core.urls.wrappers import needs_resolving
from store import aliases


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a document added to history."""

    ids: dict[str, HistoryId] = field(default_factory=dict)
    """The row of every candidate's key."""
    new_ids: frozenset[HistoryId] = frozenset()
    """Rows that did not exist before."""
    new_sightings: frozenset[HistoryId] = frozenset()
    """Rows that this source shows for the first time."""


def accept(
    db: Database,
    source_id: SourceId,
    candidates: Sequence[Candidate],
    *,
    now_ms: int,
    private_to: int | None = None,
) -> Accepted:
    """Make a row for each link that history does not know, and a sighting for each new to this source.

    What is said of a link in a source of one subscription's own stays with that subscription
    (`private_to`) until some public source shows the link too: then it is what that one says.
    """
    if not candidates:
        return Accepted()
    aliases.doubt(db, candidates)
    ids = ids_of(db, [candidate.key for candidate in candidates])
    if private_to is None:
        _make_public(db, candidates, ids)
    made = _insert(db, [each for each in candidates if each.key not in ids], private_to, now_ms)
    new_ids = frozenset(made.values())
    ids |= made
    new_sightings = _sight(db, source_id, [(ids[c.key], c.guid) for c in candidates], new_ids, now_ms)
    if private_to is None and new_sightings - new_ids:
        _complete(db, [each for each in candidates if ids[each.key] in new_sightings - new_ids], ids)
    return Accepted(ids=ids, new_ids=new_ids, new_sightings=new_sightings)


def know(db: Database, candidate: Candidate, *, now_ms: int) -> HistoryId:
    """Return the row of a link that somebody gave by hand, made if history does not know it."""
    ids = ids_of(db, [candidate.key])
    return (ids or _insert(db, [candidate], None, now_ms))[candidate.key]


def await_pages(
    db: Database, history_ids: Sequence[HistoryId], *, policy: PagePolicy, now_ms: int
) -> dict[HistoryId, int]:
    """Somebody wants these links: have their pages read; those without one may go out as they are.

    Returns:
        Until when which of them wait for their pages, in epoch milliseconds.
    """
    if not policy.fetch:
        make_ready(db, history_ids, now_ms=now_ms)
        return {}
    ids = json.dumps(list(history_ids))
    fresh = db.execute(
        """SELECT id, url, normalized_url FROM history
        WHERE state = 'known' AND id IN (SELECT value FROM json_each(?))""",
        (ids,),
    ).fetchall()
    make_ready(
        db, [HistoryId(row["id"]) for row in fresh if _has_no_page(row["normalized_url"])], now_ms=now_ms
    )
    by_wait_s: dict[float, list[int]] = {}
    for row in fresh:
        wait_s = policy.resolve_s if needs_resolving(row["url"]) else policy.wait_s
        by_wait_s.setdefault(wait_s, []).append(row["id"])
    for wait_s, alike in by_wait_s.items():
        db.execute(
            """UPDATE history SET state = 'accepted', ready_by_ms = ?
            WHERE state = 'known' AND id IN (SELECT value FROM json_each(?))""",
            (now_ms + round(wait_s * 1000), json.dumps(alike)),
        )
    waiting = db.execute(
        """SELECT id, ready_by_ms FROM history WHERE state IN ('accepted', 'fetching') AND ready_by_ms > ?
        AND id IN (SELECT value FROM json_each(?))""",
        (now_ms, ids),
    ).fetchall()
    return {HistoryId(row["id"]): int(row["ready_by_ms"]) for row in waiting}


def _has_no_page(key: str) -> bool:
    """Tell the keys of entries without a link, which lead to the site itself."""
    return key.startswith("entry:")


def make_ready(db: Database, history_ids: Sequence[HistoryId], *, now_ms: int) -> None:
    """Somebody wants these links: they may go out with what is known of them."""
    if not history_ids:
        return
    db.execute(
        """UPDATE history SET state = 'ready', ready_by_ms = ?
        WHERE state = 'known' AND id IN (SELECT value FROM json_each(?))""",
        (now_ms, json.dumps(list(history_ids))),
    )


_COLUMNS = ("url", "title", "summary", "image", "author", "tags", "published_ms")
"""What is said of a link."""


def _said(candidate: Candidate) -> tuple[object, ...]:
    """Return what is said of a link, in the order of `_COLUMNS`."""
    tags = json.dumps(candidate.tags) if candidate.tags else "[]"  # most have none
    return (
        candidate.url,
        candidate.title,
        candidate.summary,
        candidate.image,
        candidate.author,
        tags,
        candidate.published_ms,
    )


def _as_row(candidate: Candidate) -> dict[str, object]:
    return dict(zip(_COLUMNS, _said(candidate), strict=True))


def _insert(
    db: Database, candidates: Sequence[Candidate], private_to: int | None, now_ms: int
) -> dict[str, HistoryId]:
    """Make rows of links whose keys nobody knows; return them by their keys.

    Their numbers are chosen here, where nobody else makes rows meanwhile: to bind values costs half as much
    as to have SQLite take them out of JSON and give the numbers back.
    """
    if not candidates:
        return {}
    last = db.execute("SELECT MAX(id) FROM history").fetchone()[0] or 0
    fresh: dict[str, Candidate] = {}
    for each in candidates:
        fresh.setdefault(each.key, each)
    ids = {key: HistoryId(number) for number, key in enumerate(fresh, last + 1)}
    db.conn.executemany(
        f"""INSERT INTO history ({", ".join(_COLUMNS)},
            normalized_url, id, first_seen_ms, rules_version, private_to)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(*_said(each), key, ids[key], now_ms, RULES_VERSION, private_to) for key, each in fresh.items()],
    )
    return ids


def _sight(
    db: Database,
    source_id: SourceId,
    shown: Sequence[tuple[HistoryId, str | None]],
    new_ids: frozenset[HistoryId],
    now_ms: int,
) -> frozenset[HistoryId]:
    """Note that a source shows links, given with their guids in document order; return those new to it.

    Links in `new_ids` have no sightings yet.
    """
    known = [history_id for history_id, _ in shown if history_id not in new_ids]
    unseen = new_ids | _unseen(db, source_id, known)
    sightings: dict[HistoryId, tuple[int, str | None]] = {}
    for position, (history_id, guid) in enumerate(shown):
        if history_id in unseen:
            sightings.setdefault(history_id, (position, guid))
    db.conn.executemany(
        "INSERT INTO sightings (source_id, history_id, seen_ms, position, guid) VALUES (?, ?, ?, ?, ?)",
        [(source_id, history_id, now_ms, *said) for history_id, said in sorted(sightings.items())],
    )
    return unseen


def _unseen(db: Database, source_id: SourceId, history_ids: Sequence[HistoryId]) -> frozenset[HistoryId]:
    """Return the links that a source has not shown yet; most documents were seen before, and show none."""
    if not history_ids:
        return frozenset()
    rows = db.execute(
        """SELECT value FROM json_each(?) WHERE NOT EXISTS (
            SELECT 1 FROM sightings WHERE source_id = ? AND history_id = value)""",
        (json.dumps(history_ids), source_id),
    ).fetchall()
    return frozenset(HistoryId(row[0]) for row in rows)


def _make_public(db: Database, candidates: Sequence[Candidate], ids: Mapping[str, HistoryId]) -> None:
    """Links that were somebody's own are everybody's now, with what a public source says of them."""
    if db.execute("SELECT 1 FROM history WHERE private_to IS NOT NULL LIMIT 1").fetchone() is None:
        return
    rows = db.execute(
        """SELECT id FROM history INDEXED BY history_own
        WHERE private_to IS NOT NULL AND id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(ids.values())),),
    ).fetchall()
    own = {HistoryId(row[0]) for row in rows}
    for candidate in candidates:
        if ids.get(candidate.key) in own:
            own.remove(ids[candidate.key])
            db.execute(
                """UPDATE history SET url = :url, title = :title, summary = :summary, image = :image,
                    author = :author, tags = :tags, published_ms = :published_ms, private_to = NULL
                WHERE id = :id""",
                {**_as_row(candidate), "id": ids[candidate.key]},
            )


def _complete(db: Database, candidates: Sequence[Candidate], ids: Mapping[str, HistoryId]) -> None:
    """Links of which only the address is known, as of those found in a chat, are now what a source says."""
    db.execute(
        """UPDATE history SET title = json_extract(value, '$.title'),
            summary = json_extract(value, '$.summary'), image = json_extract(value, '$.image'),
            author = json_extract(value, '$.author'), tags = json_extract(value, '$.tags'),
            published_ms = json_extract(value, '$.published_ms')
        FROM json_each(?)
        WHERE history.id = json_extract(value, '$.id') AND history.title = '' AND history.summary = ''
        AND history.image IS NULL AND history.author IS NULL AND history.private_to IS NULL""",
        (json.dumps([_as_row(each) | {"id": ids[each.key]} for each in candidates]),),
    )


def ids_of(db: Database, keys: Sequence[str]) -> dict[str, HistoryId]:
    """Return the rows of those keys that are known.

    Rows of links are wide, and lie where their time put them. Indexes say all that is asked here, so that
    a long history costs a document no look into the table.
    """
    rows = db.execute(
        """SELECT key.value, COALESCE(
            (SELECT COALESCE(
                (SELECT merged_into FROM history AS gone INDEXED BY history_gone
                WHERE gone.id = history.id AND gone.merged_into IS NOT NULL), id)
            FROM history WHERE normalized_url = key.value),
            (SELECT history_id FROM aliases WHERE normalized_url = key.value AND kind <> 'disputed')) AS id
        FROM json_each(?) AS key""",
        (json.dumps(list(keys)),),
    ).fetchall()
    return {key: HistoryId(row_id) for key, row_id in rows if row_id is not None}

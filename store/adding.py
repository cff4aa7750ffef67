"""Adding sources to a place, as the chat and the command line ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from core.access import Access, split_userinfo
from core.protocol import Place
from store import accesses, chats, defaults, filters, notices, pausing, quotas, sources, subscriptions
from store.subscriptions import Subscribed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A source that somebody wants in a place."""

    place: Place
    url: str
    """May hold user and password; they are kept apart from it."""
    backlog: str
    kind: str = "auto"
    rules: str = "{}"
    """How its kind reads it, as canonical JSON."""
    access: Access = field(default_factory=Access)
    interval_s: float | None = None
    filter: str = ""
    """Its filter as it is kept; empty leaves what was set before."""
    chat_type: str = ""
    chat_title: str = ""
    due_now: bool = False
    answer_in: tuple[int, int] | None = None
    """Chat and topic that hear how the first look at it went."""
    owner: int | None = None
    """The owner of the bot who hears in private what others are not told."""
    card: str | None = None
    """Key of the notice that goes on as that answer, instead of a new one."""
    added_by: int | None = None
    """Whose quota it counts for: a user, or the group that they write as; None: the terminal's, nobody's."""


def add(db: Database, wish: Wish, *, owners: Sequence[int] = (), now_ms: int) -> Subscribed:
    """Subscribe a place to a source, both made if they are new. Safe to repeat.

    `owners` are those of the settings, who have no quota.

    Raises:
        QuotaReached: it would be new, and who wants it has as many as they may.
    """
    by = adder(db, wish)
    if by is not None and not is_watched(db, wish):
        quotas.check(db, by, owners=owners)
    return put(db, wish, now_ms=now_ms)


def is_watched(db: Database, wish: Wish) -> bool:
    """Return whether the place of a wish watches this already."""
    url, place = split_userinfo(wish.url)[0], _place(db, wish)
    return subscriptions.source_in_place(db, place, kind=wish.kind, url=url, rules=wish.rules) is not None


def adder(db: Database, wish: Wish) -> int | None:
    """Return whose quota a wish counts for, under the id that a group has now."""
    return None if wish.added_by is None else chats.current_id(db, wish.added_by)


def put(db: Database, wish: Wish, *, now_ms: int) -> Subscribed:
    """Do what `add` does for who is known to have room for it. Safe to repeat."""
    place = _place(db, wish)
    chat_id = place.chat_id
    chats.ensure(db, chat_id, chat_type=wish.chat_type, title=wish.chat_title)
    url, from_url = split_userinfo(wish.url)
    source_id = subscriptions.source_in_place(db, place, kind=wish.kind, url=url, rules=wish.rules)
    if source_id is None:
        source_id = sources.upsert(db, kind=wish.kind, url=url, rules=wish.rules, now_ms=now_ms)
    else:
        pausing.resume_at(db, place, source_id, catch_up=wish.backlog, now_ms=now_ms)
        sources.wake(db, source_id, now_ms=now_ms)
    subscribed = subscriptions.subscribe(
        db,
        source_id=source_id,
        place=place,
        backlog=wish.backlog,
        interval_s=wish.interval_s,
        added_by=adder(db, wish),
        now_ms=now_ms,
    )
    if subscribed.created:
        defaults.begin_with(
            db,
            chat_id=chat_id,
            subscription_id=subscribed.subscription_id,
            exact_interval=wish.interval_s is not None,
        )
    if wish.filter:
        filters.put(db, subscribed.subscription_id, wish.filter)
    if wish.access or from_url:
        source_id = accesses.give(db, subscribed.subscription_id, wish.access or from_url, now_ms=now_ms)
    if subscribed.created or wish.due_now:
        sources.make_due(db, source_id, now_ms=now_ms)
    _answer(db, wish, subscribed, url, now_ms)
    return subscribed


def _place(db: Database, wish: Wish) -> Place:
    """Return where a wish goes: the chat under its present id, in the topic that it has for what is new."""
    chat_id = chats.current_id(db, wish.place.chat_id)
    return Place(chat_id=chat_id, topic_id=wish.place.topic_id or defaults.topic_of(db, chat_id))


def say_looking(db: Database, wish: Wish, *, key: str, url: str, now_ms: int) -> None:
    """Post the card that will tell how it goes."""
    if wish.answer_in is not None:
        args = {"url": url, "owner": wish.owner, "asked_ms": now_ms}
        notices.post_anew(db, place=wish.answer_in, key=key, code="add.looking", args=args, now_ms=now_ms)


def watched_as(db: Database, place: Place, url: str, *, interval_s: float | None, now_ms: int) -> int | None:
    """Return the number under which a place watches an address already, or None; it takes the interval.

    A source that was gone is tried again.
    """
    row = db.execute(
        """UPDATE subscriptions SET interval_s = COALESCE(?, interval_s) WHERE id = (
            SELECT subscriptions.id FROM subscriptions JOIN sources ON sources.id = source_id
            WHERE chat_id = ? AND topic_id = ? AND url = ? AND subscriptions.state = 'active'
            ORDER BY number LIMIT 1)
        RETURNING number, source_id""",
        (interval_s, place.chat_id, place.topic_id, url),
    ).fetchone()
    if row is None:
        return None
    sources.wake(db, row["source_id"], now_ms=now_ms)
    return int(row["number"])


def _answer(db: Database, wish: Wish, subscribed: Subscribed, url: str, now_ms: int) -> None:
    key = f"add:{subscribed.subscription_id}"
    if wish.card is None:
        if subscribed.created:
            say_looking(db, wish, key=key, url=url, now_ms=now_ms)
    elif subscribed.created:
        notices.rename(db, old=wish.card, new=key)
        notices.change(
            db, key=key, only_from="add.question", code="add.looking", args={"url": url}, now_ms=now_ms
        )
    else:
        args = {"url": url, "number": subscribed.number}
        notices.change(db, key=wish.card, only_from="add.", code="add.known", args=args, now_ms=now_ms)

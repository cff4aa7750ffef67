"""Whose quota a subscription counts for, and what is refused when it is full."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.discovery import Found, Suggestion
from core.errors import QuotaReached
from core.protocol import Place
from core.quotas import DEFAULT
from store import adding, chats, defaults, exchange, pausing, probes, quotas, removing, roles
from store.adding import Wish

if TYPE_CHECKING:
    from tests.store.conftest import Bench

ANN, BOB, OWNER = 5, 6, 7
OWNERS = (OWNER,)
ONE = Suggestion(kind="feed", url="https://found.example/1.xml")
TWO = Suggestion(kind="feed", url="https://found.example/2.xml")


def _wish(number: int, by: int | None = ANN, chat_id: int = -10, kind: str = "feed") -> Wish:
    place = Place(chat_id=chat_id, topic_id=0)
    return Wish(place=place, url=f"https://{number}.example/", kind=kind, backlog="none", added_by=by)


def _add(bench: "Bench", number: int, by: int | None = ANN, chat_id: int = -10) -> bool:
    wish = _wish(number, by, chat_id)
    return adding.add(bench.db, wish, owners=OWNERS, now_ms=bench.now_ms).created


def _begin(bench: "Bench", number: int, by: int = ANN) -> int:
    begun = probes.begin(bench.db, _wish(number, by, kind="auto"), owners=OWNERS, now_ms=bench.now_ms)
    assert begun.probe_id is not None
    return begun.probe_id


def _used(bench: "Bench", user_id: int = ANN) -> int:
    return quotas.room_of(bench.db, user_id, owners=OWNERS).used


def test_a_full_quota_refuses_what_is_new_and_nothing_else(bench: "Bench") -> None:
    quotas.put(bench.db, ANN, 2)
    assert _add(bench, 1)
    assert _add(bench, 2, chat_id=-20), "in all chats together"
    with pytest.raises(QuotaReached) as refused:
        _add(bench, 3)
    assert refused.value.values == {"limit": 2, "used": 2, "user": ANN}
    assert bench.one("SELECT COUNT(*) FROM sources") == 2
    assert not _add(bench, 1), "it is watched already"
    assert _add(bench, 3, BOB)
    assert _add(bench, 4, None), "the terminal has no quota"
    assert bench.rows("SELECT added_by FROM subscriptions ORDER BY id") == [(ANN,), (ANN,), (BOB,), (None,)]


def test_what_is_usual_and_what_owners_may(bench: "Bench") -> None:
    for number in range(DEFAULT):
        _add(bench, number)
        _add(bench, number + 1000, OWNER)
    with pytest.raises(QuotaReached):
        _add(bench, DEFAULT)
    assert _add(bench, 5000, OWNER)
    bench.db.execute("INSERT INTO users (id) VALUES (?)", (ANN,))
    bench.db.execute("INSERT INTO members VALUES (0, ?, 'owner')", (ANN,))
    assert _add(bench, DEFAULT), "who claimed the bot owns it, too"


def test_removing_makes_room_and_pausing_does_not(bench: "Bench") -> None:
    quotas.put(bench.db, ANN, 1)
    _add(bench, 1)
    pausing.pause(bench.db, chat_id=-10, which="1", until_ms=None, now_ms=bench.now_ms)
    with pytest.raises(QuotaReached):
        _add(bench, 2)
    removing.remove(bench.db, chat_id=-10, which="1", now_ms=bench.now_ms)
    assert _add(bench, 2)
    with pytest.raises(QuotaReached):
        _add(bench, 1)
    assert _add(bench, 1, BOB), "what comes back is another's now"
    assert (_used(bench), _used(bench, BOB)) == (1, 1)


def test_a_quota_is_changed_and_put_back(bench: "Bench") -> None:
    for quota, limit in ((3, 3), (0, 0), (None, DEFAULT)):
        quotas.put(bench.db, ANN, quota)
        assert quotas.room_of(bench.db, ANN, owners=()).limit == limit
    quotas.put(bench.db, ANN, 0)
    with pytest.raises(QuotaReached):
        _add(bench, 1)
    assert quotas.room_of(bench.db, ANN, owners=(ANN,)).limit is None


def test_a_probe_takes_its_room_when_it_begins_and_is_not_refused_later(bench: "Bench") -> None:
    quotas.put(bench.db, ANN, 2)
    probe_id = _begin(bench, 1)
    assert _add(bench, 2)
    with pytest.raises(QuotaReached):
        _add(bench, 3)
    with pytest.raises(QuotaReached):
        _begin(bench, 3)
    again = _begin(bench, 1)
    assert again != probe_id, "asking anew needs no more room"
    quotas.put(bench.db, ANN, 0)
    probes.record(bench.db, again, Found(chosen=ONE), now_ms=bench.now_ms)
    assert bench.rows("SELECT added_by FROM subscriptions ORDER BY id") == [(ANN,), (ANN,)]
    assert _used(bench) == 2


def test_anothers_probe_is_no_room_of_ones_own(bench: "Bench") -> None:
    quotas.put(bench.db, ANN, 0)
    probe_id = _begin(bench, 1, BOB)
    with pytest.raises(QuotaReached):
        _begin(bench, 1)
    probes.record(bench.db, probe_id, Found(chosen=ONE), now_ms=bench.now_ms)
    assert bench.one("SELECT added_by FROM subscriptions") == BOB


def test_a_question_takes_no_room_and_counts_for_who_presses(bench: "Bench") -> None:
    quotas.put(bench.db, ANN, 1)
    chats.ensure(bench.db, -10)
    probe_id = _begin(bench, 1)
    probes.record(bench.db, probe_id, Found(suggestions=(ONE, TWO)), now_ms=bench.now_ms)
    assert _used(bench) == 0
    assert _add(bench, 2)
    for user in (ANN, BOB):
        bench.db.execute("INSERT OR IGNORE INTO users (id) VALUES (?)", (user,))
        bench.db.execute("INSERT INTO members VALUES (-10, ?, 'editor')", (user,))

    def answer(user_id: int) -> str:
        return probes.answer(bench.db, probe_id, "0", user_id=user_id, owners=OWNERS, now_ms=bench.now_ms)

    with pytest.raises(QuotaReached):
        answer(ANN)
    assert answer(BOB) == "add_watching", "the question has stayed"
    assert (_used(bench), _used(bench, BOB)) == (1, 1)


def test_a_group_under_a_new_id_keeps_what_it_added_and_may_add(bench: "Bench") -> None:
    quotas.put(bench.db, -10, 2)
    _add(bench, 1, -10)
    _begin(bench, 2, -10)
    for _ in range(2):  # Telegram says it twice
        chats.migrate(bench.db, old_id=-10, new_id=-20, now_ms=bench.now_ms)
        assert (_used(bench, -10), _used(bench, -20)) == (0, 2)
    with pytest.raises(QuotaReached) as refused:
        _add(bench, 3, -10)
    assert refused.value.values["user"] == -20, "its old id means the new one"
    quotas.put(bench.db, -20, None)
    chats.migrate(bench.db, old_id=-10, new_id=-20, now_ms=bench.now_ms)
    assert quotas.room_of(bench.db, -20, owners=()).limit == DEFAULT
    bench.db.execute("UPDATE probes SET state = 'settled'")
    assert bench.rows("SELECT json_extract(wish, '$.added_by') FROM probes") == [(-20,)]


def test_what_goes_on_in_a_supergroup_counts_for_who_added_it_to_the_group(bench: "Bench") -> None:
    _add(bench, 1, BOB, chat_id=-20)
    removing.remove(bench.db, chat_id=-20, which="all", now_ms=bench.now_ms)
    _add(bench, 1)
    chats.migrate(bench.db, old_id=-10, new_id=-20, now_ms=bench.now_ms)
    assert (_used(bench), _used(bench, BOB)) == (1, 0)


def test_a_list_is_taken_as_far_as_there_is_room(bench: "Bench") -> None:
    quotas.put(bench.db, ANN, 5)
    _add(bench, 1)
    _begin(bench, 99)
    entries = [exchange.Incoming(wish=_wish(number)) for number in (2, 1, 3, 4, 5, 1, 4, 6)]
    done = exchange.take(bench.db, entries, owners=OWNERS, now_ms=bench.now_ms)
    assert (done.new, done.refused) == (3, (4, 7)), "what is there already needs no room"
    assert done.reached is not None
    assert (done.reached.used, done.reached.limit) == (5, 5)
    assert exchange.take(bench.db, entries, owners=OWNERS, now_ms=bench.now_ms).new == 0
    as_owner = [replace(each, wish=replace(each.wish, added_by=OWNER)) for each in entries]
    assert exchange.take(bench.db, as_owner, owners=OWNERS, now_ms=bench.now_ms).new == 2


def test_a_list_read_again_knows_what_is_in_the_topic_of_what_is_new(bench: "Bench") -> None:
    defaults.change(bench.db, chat_id=-10, changes=(("topic", "7"),))
    quotas.put(bench.db, ANN, 1)
    entries = [exchange.Incoming(wish=_wish(number)) for number in (1, 2)]
    for new in (1, 0):
        done = exchange.take(bench.db, entries, owners=OWNERS, now_ms=bench.now_ms)
        assert (done.new, done.refused) == (new, (1,))


def test_who_is_shown(bench: "Bench") -> None:
    chats.ensure(bench.db, -10, title="Group")
    bench.db.execute("INSERT INTO users (id, name) VALUES (?, 'Ann'), (?, 'Olga'), (8, 'Carl')", (ANN, OWNER))
    bench.db.execute("INSERT INTO members VALUES (-10, ?, 'editor'), (-10, ?, 'editor')", (ANN, OWNER))
    for number, by in enumerate((ANN, ANN, OWNER, BOB, -10, -10)):
        _add(bench, number, by)
    _add(bench, 10, 9)
    removing.remove(bench.db, chat_id=-10, which="https://10.example/", now_ms=bench.now_ms)
    quotas.put(bench.db, ANN, 50)
    quotas.put(bench.db, 8, 0)
    quotas.put(bench.db, OWNER, 1)
    assert [(each.name, each.added, each.limit) for each in roles.of_all(bench.db, owners=OWNERS)] == [
        ("Ann", 2, 50),
        ("Olga", 1, None),
    ]
    shown = quotas.without_role(bench.db, owners=OWNERS)
    assert [(each.user_id, each.name, each.added, each.limit) for each in shown] == [
        (-10, "Group", 2, DEFAULT),
        (BOB, "", 1, DEFAULT),
        (8, "Carl", 0, 0),
    ]

"""Owners, the claim code, and where alerts go."""

from typing import TYPE_CHECKING

from store import chats, facts, people

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def test_a_claim_works_once(bench: "Bench") -> None:
    assert people.claim_code(bench.db, fresh="secret") == "secret"
    assert people.claim_code(bench.db, fresh="other") == "secret"
    assert not people.claim(bench.db, user_id=5, name="Ann", code="wrong")
    assert not people.claim(bench.db, user_id=5, name="Ann", code="")
    assert people.owners(bench.db, ()) == []
    assert people.claim(bench.db, user_id=5, name="Ann", code="secret")
    assert not people.claim(bench.db, user_id=6, name="Bob", code="secret")
    assert people.owners(bench.db, ()) == [5]


def test_no_code_is_no_key(bench: "Bench") -> None:
    assert not people.claim(bench.db, user_id=5, name="Ann", code="")
    assert not people.claim(bench.db, user_id=5, name="Ann", code="None")


def test_somebody_known_can_claim(bench: "Bench") -> None:
    bench.db.execute("INSERT INTO users (id, name) VALUES (5, 'Anna')")
    bench.db.execute("INSERT INTO members VALUES (0, 5, 'viewer')")
    people.claim_code(bench.db, fresh="secret")
    assert people.claim(bench.db, user_id=5, name="Ann", code="secret")
    assert people.owners(bench.db, ()) == [5]


def test_owners_of_the_settings_come_first(bench: "Bench") -> None:
    people.claim_code(bench.db, fresh="secret")
    people.claim(bench.db, user_id=5, name="Ann", code="secret")
    bench.db.execute("INSERT INTO users (id) VALUES (3)")
    bench.db.execute("INSERT INTO members VALUES (-10, 3, 'owner')")
    assert people.owners(bench.db, (9, 5)) == [9, 5]


def test_where_alerts_go(bench: "Bench") -> None:
    assert people.alert_place(bench.db, None, ()) is None
    assert people.alert_place(bench.db, None, (9, 8)) == (9, 0)
    assert people.alert_place(bench.db, (-10, 5), (9,)) == (-10, 5)


def test_facts(bench: "Bench") -> None:
    assert facts.get(bench.db, "colour") is None
    facts.put(bench.db, "colour", "blue")
    facts.put(bench.db, "colour", "red")
    assert facts.get(bench.db, "colour") == "red"
    facts.forget(bench.db, "colour")
    facts.forget(bench.db, "colour")
    assert facts.get(bench.db, "colour") is None


def test_which_chats_somebody_may_look_at(bench: "Bench") -> None:
    bench.db.execute("INSERT INTO users (id) VALUES (3), (4)")
    bench.db.execute("INSERT INTO members VALUES (-10, 3, 'viewer'), (-11, 3, 'editor'), (0, 4, 'viewer')")
    assert people.chats_of(bench.db, (9,), user_id=3) == (-11, -10)
    assert people.chats_of(bench.db, (9,), user_id=4) is None
    assert people.chats_of(bench.db, (9,), user_id=9) is None
    assert people.chats_of(bench.db, (9,), user_id=5) == ()


def test_who_may_post_where(bench: "Bench") -> None:
    for chat_id in (-1, -2, 3):
        chats.ensure(bench.db, chat_id, title=f"Chat {chat_id}")
    bench.db.execute("UPDATE chats SET last_send_ms = 5 WHERE chat_id = -2")
    bench.db.execute("INSERT INTO users (id) VALUES (7)")
    bench.db.execute("INSERT INTO members VALUES (-1, 7, 'editor')")
    bench.db.execute("INSERT INTO members VALUES (-2, 7, 'viewer')")
    assert people.managed(bench.db, (9,), user_id=9, limit=5) == [(-2, "Chat -2"), (-1, "Chat -1")]
    assert people.managed(bench.db, (9,), user_id=9, limit=1) == [(-2, "Chat -2")]
    assert people.managed(bench.db, (9,), user_id=7, limit=5) == [(-1, "Chat -1")]
    assert people.managed(bench.db, (9,), user_id=8, limit=5) == []

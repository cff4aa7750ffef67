"""Invitations to a role, and what becomes of them."""

from typing import TYPE_CHECKING

from store import chats, roles

if TYPE_CHECKING:
    from tests.store.conftest import Bench

WEEK_MS = 7 * 86_400_000


def _invite(bench: "Bench", role: str, code: str) -> None:
    chats.ensure(bench.db, 10, title="Ten")
    roles.invite(bench.db, chat_id=10, role=role, code=code, by=1, now_ms=bench.now_ms)


def _accept(bench: "Bench", code: str, user_id: int = 5) -> bool:
    return roles.accept(bench.db, code=code, user_id=user_id, name="Ann", now_ms=bench.now_ms)


def test_an_invitation_works_once_within_a_week(bench: "Bench") -> None:
    _invite(bench, "viewer", "one")
    _invite(bench, "viewer", "late")
    assert not _accept(bench, "")
    assert not _accept(bench, "two")
    assert _accept(bench, "one")
    assert not _accept(bench, "one", 6)
    bench.now_ms += WEEK_MS
    assert not _accept(bench, "late", 6)
    assert [(each.chat, each.user_id, each.name, each.role) for each in roles.of_all(bench.db)] == [
        ("Ten", 5, "Ann", "viewer")
    ]


def test_roles_grow_and_do_not_shrink(bench: "Bench") -> None:
    for role, code, becomes in (
        ("viewer", "a", "viewer"),
        ("editor", "b", "editor"),
        ("viewer", "c", "editor"),
    ):
        _invite(bench, role, code)
        assert _accept(bench, code)
        assert [each.role for each in roles.of_all(bench.db, user_id=5)] == [becomes]
    assert roles.of_all(bench.db, user_id=6) == []
    assert roles.remove(bench.db, user_id=5, by=1, now_ms=bench.now_ms) == 1
    assert roles.remove(bench.db, user_id=5, by=1, now_ms=bench.now_ms) == 0


def test_an_invitation_follows_its_chat(bench: "Bench") -> None:
    _invite(bench, "editor", "a")
    chats.migrate(bench.db, old_id=10, new_id=-1001, now_ms=bench.now_ms)
    assert _accept(bench, "a")
    assert [each.chat_id for each in roles.of_all(bench.db)] == [-1001]


def test_owners_stay(bench: "Bench") -> None:
    bench.db.execute("INSERT INTO users (id) VALUES (5)")
    bench.db.execute("INSERT INTO members VALUES (0, 5, 'owner')")
    assert roles.remove(bench.db, user_id=5, by=1, now_ms=bench.now_ms) == 0
    assert roles.of_all(bench.db) == []

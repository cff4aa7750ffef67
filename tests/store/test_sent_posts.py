"""Which post a message is of: by its id, by its links, or by its words; and only among chats one may see."""

from typing import TYPE_CHECKING

import pytest

from store import sent_posts
from store.finding import Scope
from store.sent_posts import Shown
from tests.store.conftest import LINKS

if TYPE_CHECKING:
    from tests.store.conftest import Bench


@pytest.fixture
def posted(bench: "Bench") -> "Bench":
    """Post one link to two chats, in one of them ten seconds later."""
    source = bench.watch("one", chat_id=10)
    bench.subscribe(source, chat_id=11)
    bench.poll(source)
    bench.poll(source, "a")
    for chat_id in (10, 11):
        bench.db.execute(
            """INSERT INTO posts (id, kind, chat_id, fingerprint, owner, started_ms)
            VALUES (:id, 'link', :id, 'print' || :id, 'boot/1', 0)""",
            {"id": chat_id},
        )
        bench.db.execute(
            """UPDATE queue SET state = 'sent', post_id = :id, message_id = 7, state_ms = :id * 10000
            WHERE chat_id = :id""",
            {"id": chat_id},
        )
    return bench


@pytest.mark.parametrize(
    ("shown", "scope", "chat_id"),
    [
        (Shown(text="", origin=(11, 7)), None, 11),
        (Shown(text="", origin=(11, 7)), (10,), None),
        (Shown(text="", origin=(11, 8)), None, None),
        (Shown(text="", keys=(f"{LINKS}a",), at_ms=101_000), None, 10),
        (Shown(text="", keys=(f"{LINKS}a",), at_ms=109_000), None, 11),
        (Shown(text="", keys=(f"{LINKS}a",), at_ms=109_000), (10,), 10),
        (Shown(text="", keys=(f"{LINKS}b",), fingerprint="print11"), None, 11),
        (Shown(text="", keys=(f"{LINKS}b",), fingerprint="print11"), (10,), None),
        (Shown(text="", keys=(f"{LINKS}b",), fingerprint="other"), None, None),
    ],
)
def test_the_post_is_found(posted: "Bench", shown: Shown, scope: Scope, chat_id: int | None) -> None:
    found = sent_posts.find(posted.db, shown, scope)
    post = None if found is None else sent_posts.get(posted.db, found)
    assert (None if post is None else post.chat_id) == chat_id

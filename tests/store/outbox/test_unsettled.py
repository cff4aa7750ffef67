"""Whether time alone may change anything in the outbox."""

from typing import TYPE_CHECKING

import pytest

from store.outbox.unsettled import is_unsettled

if TYPE_CHECKING:
    from tests.store.conftest import Bench


@pytest.mark.parametrize(
    ("state", "reason", "expires_ms", "unsettled"),
    [
        ("pending", None, None, True),
        ("uncertain", None, None, True),
        ("held", "uncertain", None, True),
        ("held", "approval", None, False),
        ("held", "approval", 1, True),
        ("sent", None, 1, False),
        ("dropped", "expired", 1, False),
    ],
)
def test_states(
    state: str, reason: str | None, expires_ms: int | None, unsettled: bool, bench: "Bench"
) -> None:
    source_id = bench.watch()
    assert not is_unsettled(bench.db)
    bench.poll(source_id, "a")
    bench.db.execute("UPDATE queue SET state = ?, reason = ?, expires_ms = ?", (state, reason, expires_ms))
    assert is_unsettled(bench.db) == unsettled

"""Templates of chats and subscriptions: kept, proposed, and found wanting."""

from typing import TYPE_CHECKING

import pytest

from core.errors import UserError
from store import chats, notices, templates
from tests.store.conftest import START_MS

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def kept(bench: "Bench", number: int | None = None) -> str | None:
    return templates.template_of(bench.db, chat_id=10, number=number)


def test_the_nearest_template_is_delivered(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    assert bench.claim_one().template is None
    for number, template, delivered in (
        (None, "of the chat", "of the chat"),
        (1, "of its own", "of its own"),
        (None, None, "of its own"),
        (1, None, None),
    ):
        templates.set_template(bench.db, chat_id=10, number=number, template=template)
        assert kept(bench, number) == template
        bench.db.execute("UPDATE queue SET lease_owner = NULL")
        assert bench.claim_one().template == delivered


def test_other_options_of_a_chat_stay(bench: "Bench") -> None:
    chats.ensure(bench.db, 10)
    bench.db.execute("UPDATE chats SET options = '{\"x\": 1}'")
    templates.set_template(bench.db, chat_id=10, number=None, template='a "quoted" one')
    assert kept(bench) == 'a "quoted" one'
    templates.set_template(bench.db, chat_id=10, number=None, template=None)
    assert kept(bench) is None
    assert bench.db.execute("SELECT options FROM chats").fetchone()[0] == '{"x":1}'


def test_there_must_be_something_under_the_number(bench: "Bench") -> None:
    with pytest.raises(UserError, match="number 7"):
        kept(bench, 7)
    with pytest.raises(UserError, match="number 7"):
        templates.set_template(bench.db, chat_id=10, number=7, template="x")
    assert kept(bench) is None


def test_samples(bench: "Bench") -> None:
    assert templates.sample(bench.db, chat_id=10, number=None) is None
    source_id = bench.watch()
    assert templates.sample(bench.db, chat_id=10, number=1) is None
    bench.poll(source_id, "a", "b")
    for number in (None, 1):
        content = templates.sample(bench.db, chat_id=10, number=number)
        assert content is not None
        assert (content.title, content.source_title) == ("B", "Feed")
    assert templates.sample(bench.db, chat_id=11, number=None) is None


def test_what_a_page_says_is_delivered(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    page = (
        '{"site": "Shop", "price": "5.00", "currency": "EUR", "discount": 10, "rating": 4.5, "tags": ["t"]}'
    )
    bench.db.execute("UPDATE history SET page = ?", (page,))
    bench.db.execute("UPDATE chats SET zone = 'Asia/Tokyo'")
    content = bench.claim_one().content
    assert (content.site, content.price, content.currency, content.discount) == ("Shop", "5.00", "EUR", 10)
    assert (content.rating, content.tags, content.zone, content.ad) == (4.5, ("t",), "Asia/Tokyo", "")


@pytest.mark.parametrize(("verdict", "template"), [("save", "new"), ("cancel", None)])
def test_a_proposal_is_settled_once(bench: "Bench", verdict: str, template: str | None) -> None:
    bench.watch()
    templates.propose(
        bench.db, here=(1, 0), message_id=5, chat_id=10, number=1, template="new", now_ms=START_MS
    )
    assert templates.proposed_for(bench.db, here=1, message_id=5) == 10
    assert templates.proposed_for(bench.db, here=2, message_id=5) is None
    assert kept(bench, 1) is None
    assert not templates.settle(bench.db, here=2, message_id=5, verdict=verdict, now_ms=START_MS)
    assert templates.settle(bench.db, here=1, message_id=5, verdict=verdict, now_ms=START_MS)
    assert not templates.settle(bench.db, here=1, message_id=5, verdict="save", now_ms=START_MS)
    assert kept(bench, 1) == template
    [notice] = notices.waiting(bench.db, limit=5, now_ms=START_MS)
    assert notice.code == f"template.{verdict}"


def test_a_failure_is_told_once_for_each_template(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    for template in ("one", "one", "two"):
        templates.set_template(bench.db, chat_id=10, number=None, template=template)
        bench.db.execute("UPDATE queue SET lease_owner = NULL")
        delivery = bench.claim_one()
        for alert in ((1, 0), None):
            told = templates.report_failure(
                bench.db, delivery, problem="it is odd", alert=alert, now_ms=START_MS
            )
            assert told == (alert is not None)
    found = notices.waiting(bench.db, limit=5, now_ms=START_MS)
    assert [notice.code for notice in found] == ["template.failed"] * 2

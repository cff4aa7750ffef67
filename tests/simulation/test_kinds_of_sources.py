"""Sources that are no feeds: each new link once, in order, through a restart."""

import pytest
import trio
from trio.testing import MockClock

from simulation.feeds import Trouble
from simulation.feeds.documents import Format
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Start

_API_RULES = (
    '{"items": "$.data.things[*]", "link": "$.where", "title": "$.what", "id": "$.key", "date": "$.when"}'
)
_SITES: list[tuple[Format, str]] = [
    ("sitemap", "as=sitemap"),
    ("index", "as=sitemap"),
    ("list", "as=list select=.item"),
    ("list", "as=list"),
    ("api", f"as=json rules='{_API_RULES}'"),
]


@pytest.mark.parametrize(("form", "options"), _SITES, ids=["sitemap", "index", "selected", "found", "api"])
async def test_each_new_link_is_posted_once_in_order_through_restarts(
    autojump_clock: MockClock, world: World, start: Start, check: Check, form: Format, options: str
) -> None:
    site = world.feed("site", form=form, first=4)
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {site.url} every=20s {options}")
        await life.until(lambda: any("No. 1" in m.text for m in world.api.messages(OWNER_ID)))
        assert life.rows("SELECT errors, error FROM sources") == [(0, None)]
        site.gap_s, site._next_at = 45.0, world.now_s()
        await trio.sleep(100)
    await trio.sleep(100)
    async with start(world) as life:
        await trio.sleep(100)
        site.gap_s, site._next_at = None, float("inf")
        await life.posted([entry.link for entry in site.entries[4:]])
    assert len(site.entries) > 8
    check(world)


async def test_one_sitemap_that_fails_loses_nothing(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    site = world.feed("site", form="index", first=7)
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {site.url} every=20s as=sitemap")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        await trio.sleep(5)
        new = world.web.publish("site", 5)
        # The index answers, and then one of its sitemaps does not.
        world.web.trouble("site", Trouble(kind="slow", delay_s=0.0), Trouble(kind="status", status=410))
        await life.until(lambda: life.rows("SELECT error, state FROM sources") == [("http_status", "active")])
        assert world.links(CHANNEL_ID) == []
        await life.posted(new)
    check(world)


async def test_page_with_two_lists_asks_which(autojump_clock: MockClock, world: World, start: Start) -> None:
    site = world.feed("site", form="list", first=2)
    async with start(world) as life:
        answer = await life.says(f"/add {CHANNEL_ID} {site.url} as=list")
        await world.api.until(lambda: answer.edited)
        assert "no list was found" in answer.text
        wrong = await life.says(f"/add {CHANNEL_ID} {site.url} as=list select=a[")
        assert "no CSS selector" in wrong.text
        wrong = await life.says(f"/add {CHANNEL_ID} {site.url} as=json")
        assert "where its items are" in wrong.text

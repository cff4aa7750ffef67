"""Reading the page of a link: whatever goes wrong with it is in the report."""

import pytest
import trio
from trio.testing import MockClock

from actors.fetcher import look_at_page
from actors.reader.reading import InlineReader
from actors.web import Web
from core.protocol import HistoryId, PageJob, PageReport
from simulation.http import InMemoryTransport, Reply, Request

HTML = (("content-type", "text/html; charset=utf-8"),)
PAGE = (
    b'<html><head><title>Story</title><meta property="og:image" content="/i.png"></head><body>x</body></html>'
)
JOB = PageJob(history_id=HistoryId(7), url="https://e.org/story", host="e.org")


async def look(*replies: Reply) -> PageReport:
    script = iter(replies)

    async def answer(_request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        return next(script)

    web = Web(InMemoryTransport(answer), user_agent="t", timeout_s=5, max_body_bytes=1000)
    return await look_at_page(web, InlineReader(), JOB, now_ms=0)


async def test_what_a_page_says() -> None:
    report = await look(Reply(headers=HTML, body=PAGE))
    assert report.page is not None
    assert (report.page.title, report.page.image) == ("Story", "https://e.org/i.png")
    assert (report.error, report.led_to) == (None, None)


async def test_where_it_leads() -> None:
    moved = Reply(status=302, headers=(("location", "https://other.org/real"),))
    assert (await look(moved, Reply(headers=HTML, body=PAGE))).led_to == "https://other.org/real"


async def test_a_page_that_was_refused_leads_nowhere() -> None:
    moved = Reply(status=302, headers=(("location", "https://other.org/challenge"),))
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    report = await look(moved, Reply(headers=HTML, body=wall))
    assert (report.page, report.led_to) == (None, None)
    assert report.error is not None


async def test_a_page_that_is_far_too_long_is_cut() -> None:
    report = await look(Reply(headers=HTML, body=PAGE.replace(b"x</body>", b"x" * 10_000_000)))
    assert report.page is not None
    assert report.page.title == "Story"


@pytest.mark.parametrize(
    ("reply", "error", "passing"),
    [
        (Reply(status=404), "http_status", False),
        (Reply(status=503), "http_status", True),
        (Reply(cut="hang"), "timeout", True),
        (Reply(cut="reset"), "unreachable", True),
        (Reply(status=302, headers=(("location", "file:///etc/passwd"),)), "bad_redirect", False),
        (Reply(headers=(("content-encoding", "br"),), body=b"x"), "bad_encoding", False),
    ],
    ids=["not found", "busy", "hangs", "resets", "leads to a file", "unknown coding"],
)
async def test_what_goes_wrong(autojump_clock: MockClock, reply: Reply, error: str, passing: bool) -> None:
    report = await look(reply)
    assert (report.page, report.error, report.passing) == (None, error, passing)

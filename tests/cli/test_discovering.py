"""`add` without a kind: what is behind an address, or a question."""

import pytest
import trio
from trio.testing import MockClock

from actors.reader.reading import InlineReader
from actors.web import Web
from cli.discovering import _find
from core.discovery import Suggestion
from core.errors import UserError
from simulation.http import InMemoryTransport, Reply, Request

_RSS = "<rss><channel><item><link>/1</link></item></channel></rss>"
_ITEMS = "".join(f"<li><a href=/{n}>Title {n}</a>" for n in range(5))
_SITE = {
    "/feed.xml": _RSS,
    "/sitemap-a.xml": "<urlset><url><loc>/1</loc></url></urlset>",
    "/names": '<html><link rel=alternate type=application/rss+xml href="/feed.xml">',
    "/two": '<html><link rel=alternate type=application/rss+xml title=One href="/feed.xml">'
    '<link rel=alternate type=application/atom+xml href="/atom">',
    "/list": f"<html><title>T</title><ul>{_ITEMS}</ul>",
    "/page": "<html><p>Nothing",
    "/list.opml": "<opml/>",
    "/s/channel": "<html><div class=tgme_widget_message_wrap>"
    '<a class=tgme_widget_message_date href="/channel/1">1</a></div>',
}


async def _search(url: str, *, without: tuple[str, ...] = ()) -> Suggestion:
    async def answer(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        body = None if request.path in without else _SITE.get(request.path)
        return Reply(status=404) if body is None else Reply(body=body.encode())

    web = Web(InMemoryTransport(answer), user_agent="t", timeout_s=5, max_body_bytes=100_000)
    return await _find(web, InlineReader(), url, 0)


@pytest.mark.parametrize(
    ("url", "kind", "found"),
    [
        ("https://e.org/feed.xml", "feed", "https://e.org/feed.xml"),
        ("https://e.org/sitemap-a.xml", "sitemap", "https://e.org/sitemap-a.xml"),
        ("https://e.org/names", "feed", "https://e.org/feed.xml"),
        ("https://e.org/list", "list", "https://e.org/list"),
        ("https://e.org/page", "feed", "https://e.org/feed.xml"),
        ("https://t.me/channel", "list", "https://t.me/s/channel"),
    ],
)
async def test_found(autojump_clock: MockClock, url: str, kind: str, found: str) -> None:
    chosen = await _search(url)
    assert (chosen.kind, chosen.url) == (kind, found)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "https://e.org/two",
            r"which of these[\s\S]*feed.xml --as feed   \(One, the page names it\)[\s\S]*/atom",
        ),
        ("https://github.com/o/r", r"which of these[\s\S]*releases.atom --as feed"),
        ("https://e.org/nothing", "404"),
        ("https://e.org/page", "not a feed"),
        ("https://e.org/list.opml", "<opml>"),
        ("https://t.me/other_channel", "404"),
    ],
)
async def test_refused(autojump_clock: MockClock, url: str, told: str) -> None:
    without = () if "two" in url else ("/feed.xml",)
    with pytest.raises(UserError, match=told):
        await _search(url, without=without)

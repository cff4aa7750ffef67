"""What documents name is not fetched, and what is fetched of them goes by the guard (S7, B4)."""

from pathlib import Path

import pytest
import trio

from actors.web import Guard, Transport
from core.addresses import parse_networks
from simulation.botapi import Limits
from simulation.world import CHANNEL_ID, World
from tests.canaries.conftest import OPEN, Canary, Names, Site, StartPolls
from tests.simulation.running import Start, start_program

# In each, every address is the canary's: {c}.
_RSS = """<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{c}/style.xsl"?>
<!DOCTYPE rss SYSTEM "{c}/rss.dtd" [
<!ENTITY remote SYSTEM "{c}/entity"><!ENTITY % more SYSTEM "{c}/more"> %more;]>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:xi="http://www.w3.org/2001/XInclude"
  xsi:schemaLocation="{c}/a {c}/b" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<channel><title>T</title><link>{c}/home</link><atom:link rel="hub" href="{c}/hub"/>
<atom:link rel="self" href="{c}/self"/><atom:link rel="next" href="{c}/next"/>
<image><url>{c}/logo.png</url><link>{c}/logo</link></image><itunes:image href="{c}/cover.jpg"/>
<itunes:new-feed-url>{c}/moved</itunes:new-feed-url>
<cloud domain="127.0.0.1" port="80" path="/" protocol="soap"/>
<xi:include href="{c}/included" parse="text"/>
<item><title>One &remote;</title><link>{c}/1</link><comments>{c}/comments</comments>
<source url="{c}/source">S</source><enclosure url="{c}/1.mp3" type="audio/mpeg" length="1"/>
<media:thumbnail url="{c}/1.jpg"/><media:content url="{c}/1.mp4" medium="video"/>
<description>&lt;img src="{c}/in.png"&gt;&lt;iframe src="{c}/frame"&gt;</description>
</item></channel></rss>"""
_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{c}/"><title>T</title><icon>{c}/icon</icon>
<logo>{c}/logo</logo><link rel="hub" href="{c}/hub"/><link rel="next" href="{c}/next"/>
<entry><id>1</id><title>One</title><link href="{c}/1"/>
<link rel="enclosure" href="{c}/1.jpg" type="image/jpeg"/>
<content src="{c}/content" type="text/html"/></entry></feed>"""
_JSON_FEED = """{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": "{c}/",
"feed_url": "{c}/f", "next_url": "{c}/next", "icon": "{c}/icon", "favicon": "{c}/favicon",
"hubs": [{{"type": "WebSub", "url": "{c}/hub"}}],
"items": [{{"id": "1", "url": "{c}/1", "external_url": "{c}/e", "image": "{c}/1.jpg",
"banner_image": "{c}/b.jpg", "content_html": "<img src={c}/in.png>",
"attachments": [{{"url": "{c}/1.mp3", "mime_type": "audio/mpeg"}}]}}]}}"""
_SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>{c}/1</loc>
<image:image><image:loc>{c}/1.jpg</image:loc></image:image></url></urlset>"""
_PAGE = """<!doctype html SYSTEM "{c}/dtd"><base href="{c}/">
<meta http-equiv=refresh content="0;url={c}/refresh"><link rel=stylesheet href="{c}/s.css">
<link rel=icon href="{c}/favicon"><link rel=canonical href="{c}/canonical">
<meta property=og:image content="{c}/og.jpg"><script src="{c}/s.js"></script><iframe src="{c}/frame"></iframe>
<ul><li class=x><a href="{c}/1"><img src="{c}/1.jpg">One</a><li class=x><a href="{c}/2">Two</a></ul>"""
_THINGS = '{{"things": [{{"url": "{c}/1", "title": "One", "image": "{c}/1.jpg"}}], "next": "{c}/next"}}'

DOCUMENTS = {
    "rss": ("feed", _RSS, "{}"),
    "atom": ("feed", _ATOM, "{}"),
    "json-feed": ("feed", _JSON_FEED, "{}"),
    "sitemap": ("sitemap", _SITEMAP, "{}"),
    "list": ("list", _PAGE, '{"item":".x"}'),
    "json": ("json", _THINGS, '{"items":"$.things[*]"}'),
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_nothing_that_a_document_names_is_fetched(
    name: str, canary: Canary, dialled: list[str], site: Site, polls: StartPolls
) -> None:
    kind, text, rules = DOCUMENTS[name]
    async with polls() as polling:
        url = site.shows("/document", text.format(c=f"http://127.0.0.1:{canary.port}"))
        await polling.add(url, kind=kind, rules=rules)
        (report,) = await polling.look()
    assert (report.status, report.error) == ("ok", None)
    assert report.candidates, "it was read"
    assert site.asked == ["/document"]
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}


async def test_of_an_index_what_is_open_is_asked_and_what_is_not_is_not(
    canary: Canary, dialled: list[str], site: Site, polls: StartPolls
) -> None:
    site.shows("/a.xml", "<urlset><url><loc>/1</loc></url></urlset>")
    inside = f"http://inside.example:{canary.port}/b.xml"
    named = "".join(f"<sitemap><loc>{loc}</loc></sitemap>" for loc in (inside, "/a.xml"))
    index = f"<sitemapindex>{named}</sitemapindex>"
    async with polls() as polling:
        await polling.add(site.shows("/index.xml", index), kind="sitemap")
        (report,) = await polling.look()
    assert (report.status, report.error) == ("failed", "address_blocked")
    assert site.asked == ["/index.xml", "/a.xml"]
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}


async def test_the_whole_program_posts_links_to_where_it_must_not_go(
    canary: Canary, dialled: list[str], site: Site, names: Names, tmp_path: Path, nursery: trio.Nursery
) -> None:
    """From the command in the chat to the post in the channel, on a real network and in real time."""
    start: Start = start_program
    world = World(1, tmp_path, nursery=nursery, limits=Limits.off())
    world.web_transport = Transport(Guard(names, networks=parse_networks(OPEN)))
    inside = f"http://127.0.0.1:{canary.port}"
    site.shows("/feed", _RSS.format(c=inside))
    world.api.photos.unreachable[f"{inside}/1.jpg"] = "failed to get HTTP URL content"
    async with start(world, chat_gap=0.0) as life:
        for url in (f"{inside}/feed", site.moves("/moved", 301, inside)):
            answer = await life.says(f"/add {CHANNEL_ID} {url}")
            await world.api.until(lambda: answer.edited, 10)  # noqa: B023 - awaited here
            assert "ALLOW_" in answer.text, answer.text
        await life.says(f"/add {CHANNEL_ID} {site.url('/feed')} backlog=all")
        await life.until(lambda: world.links(CHANNEL_ID) == [f"{inside}/1"], timeout_s=10)
        assert life.rows("SELECT picture FROM posts WHERE kind = 'link' ORDER BY id") == [
            ("url",),
            ("preview",),
        ]
    assert life.error is None
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}

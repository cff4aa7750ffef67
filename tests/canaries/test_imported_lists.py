"""Importing a list fetches nothing that it names, and what is polled of it goes by the guard."""

from pathlib import Path

from cli.import_command import take
from core.incoming import Ways
from core.protocol import Place, SourceId
from core.set_keys import KEYS
from store.adding import Wish
from tests.canaries.conftest import OPEN, Canary, Polls, Site, StartPolls

_LIST = """<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{c}/style.xsl"?>
<!DOCTYPE opml SYSTEM "{c}/opml.dtd">
<opml version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><head><ownerId>{c}/owner</ownerId></head><body>
<xi:include href="{c}/included"/><outline type="include" url="{c}/more.opml"/>
<outline text="Entity &remote;" xmlUrl="{c}/?x=&remote;" htmlUrl="{c}/home" vestnik:proxy="http://{n}"/>
<outline text="Inside" xmlUrl="http://inside.example:{p}/f"/><outline text="Name" xmlUrl="http://localhost:{p}/f"/>
<outline text="Number" xmlUrl="http://2130706433:{p}/f"/><outline text="Six" xmlUrl="http://[::1]:{p}/f"/>
<outline text="Login" xmlUrl="http://u:p@127.0.0.1:{p}/f"/><outline text="File" xmlUrl="file:///etc/passwd"/>
<outline text="Honest" xmlUrl="{open}" htmlUrl="{c}/home"/></body></opml>"""
_ENTITIES = '<!DOCTYPE opml [<!ENTITY r SYSTEM "{c}/e"><!ENTITY % m SYSTEM "{c}/m"> %m;]><opml>&r;</opml>'


async def _import(polls: Polls, path: Path, text: str) -> list[str]:
    path.write_text(text)  # noqa: ASYNC240 - a test may wait for its own file
    wish = Wish(place=Place(chat_id=-1001), url="", backlog="none")
    ways = Ways(interval_min_s=60.0, topics={})
    taking = await take(polls.env, polls.ctx.store, path, len(text), wish, ways)
    rows = await polls.ctx.store.read(
        lambda db: db.execute("SELECT id FROM sources WHERE state <> 'paused' ORDER BY id").fetchall()
    )
    polls.ids[:] = [SourceId(row["id"]) for row in rows]
    return taking.troubles


async def test_what_a_list_names_is_guarded(
    canary: Canary, dialled: list[str], site: Site, polls: StartPolls, tmp_path: Path
) -> None:
    inside = f"127.0.0.1:{canary.port}"
    feed = site.shows("/feed", "<rss><channel><title>T</title><item><link>/1</link></item></channel></rss>")
    async with polls() as polling:
        text = _LIST.format(c=f"http://{inside}", n=inside, p=canary.port, open=feed)
        [trouble] = await _import(polling, tmp_path / "list.opml", text)
        assert "file:///etc/passwd" in trouble
        assert dialled == [], "importing asks nobody"
        reports = await polling.look()
        assert [report.error for report in reports] == [*["address_blocked"] * 6, None]
    assert site.asked == ["/feed"]
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}
    assert "proxy" in KEYS, "a list sets none"


async def test_a_list_that_declares_entities_is_not_read(
    canary: Canary, dialled: list[str], polls: StartPolls, tmp_path: Path
) -> None:
    async with polls() as polling:
        text = _ENTITIES.format(c=f"http://127.0.0.1:{canary.port}")
        [trouble] = await _import(polling, tmp_path / "list.opml", text)
        assert "declares entities" in trouble
        assert polling.ids == []
    assert canary.knocks() == 0
    assert dialled == []

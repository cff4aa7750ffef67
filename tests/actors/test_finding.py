"""Looking behind an address: what the chat and the terminal are told of it."""

import trio

from actors.finding import Looked, find
from actors.reader.reading import InlineReader
from actors.web import Web
from core.access import Access
from simulation.http import InMemoryTransport, Reply, Request

_RSS = "<rss><channel><title>T</title><item><link>/1</link></item></channel></rss>"
_TWO = (
    "<html><link rel=alternate type=application/rss+xml title=One href=/feed.xml>"
    "<link rel=alternate type=application/atom+xml href=/atom>"
)
_SITE = {"/feed.xml": _RSS, "/names": _TWO.partition(">")[0] + ">" + _TWO.split(">")[1] + ">", "/two": _TWO}


async def _look(url: str, asked: list[Request], pages: dict[str, str] = _SITE) -> Looked:
    async def answer(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        asked.append(request)
        body = pages.get(request.path)
        return Reply(status=404) if body is None else Reply(body=body.encode())

    web = Web(InMemoryTransport(answer), user_agent="t", timeout_s=5, max_body_bytes=100_000)
    own = Access(origin="https://e.org:443", headers=(("X-Key", "abc"),))
    return await find(web, InlineReader(), url, now_ms=0, access=own)


async def test_source_itself_is_asked_once_and_its_answer_kept() -> None:
    asked: list[Request] = []
    looked = await _look("https://e.org/feed.xml", asked)
    assert looked.found.chosen is not None
    assert (looked.found.chosen.kind, looked.found.sure) == ("feed", True)
    assert looked.fetched is not None
    assert looked.fetched.body == _RSS.encode()
    assert [(request.path, request.header("x-key")) for request in asked] == [("/feed.xml", "abc")]


async def test_page_is_not_taken_for_the_answer_of_its_feed() -> None:
    looked = await _look("https://e.org/names", [])
    assert looked.found.chosen is not None
    assert looked.found.chosen.url == "https://e.org/feed.xml"
    assert looked.fetched is None


async def test_usual_address_is_a_suggestion_and_no_sure_choice() -> None:
    asked: list[Request] = []
    looked = await _look("https://e.org/page", asked, {"/page": "<html><p>Words", "/rss": _RSS})
    assert [each.url for each in looked.found.suggestions] == ["https://e.org/rss"]
    assert (looked.found.sure, looked.fetched) == (False, None)
    assert [request.path for request in asked] == ["/page", "/feed", "/rss"]


async def test_several_are_suggested_with_their_titles() -> None:
    found = (await _look("https://e.org/two", [])).found
    assert (found.chosen, [each.title for each in found.suggestions]) == (None, ["One", ""])


async def test_address_out_of_reach_is_told_with_its_answer() -> None:
    looked = await _look("https://e.org/nothing", [])
    assert (looked.found.reached, looked.found.error, looked.found.error_args) == (
        False,
        "http_status",
        ("404",),
    )
    assert looked.fetched is not None
    looked = await _look("https://t.me/some_channel", [])
    assert looked.found.chosen is not None, "what the address alone says holds, be the site down"


async def test_well_known_address_with_several_meanings_asks_nobody() -> None:
    asked: list[Request] = []
    assert len((await _look("https://github.com/o/r", asked)).found.suggestions) == 3
    assert asked == []


async def test_what_is_no_page_gets_no_guesses() -> None:
    asked: list[Request] = []
    found = (await _look("https://e.org/x.opml", asked, {"/x.opml": "<opml/>", "/feed.xml": _RSS})).found
    assert (found.chosen, found.suggestions, found.error) == (None, (), "not_a_feed")
    assert len(asked) == 1

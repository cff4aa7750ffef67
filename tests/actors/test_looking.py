"""What is read where a source is more than one document."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
import trio
from trio.testing import MockClock

from actors.looking import look_at
from actors.reader.reading import InlineReader
from actors.web import Hosts, Web
from core.protocol import DueSource, PollReport, SourceId, Validators
from simulation.http import InMemoryTransport, Reply, Request

Site = dict[str, tuple[int, str]]


def _source(kind: str, url: str = "https://e.org/sitemap.xml", rules: str = "{}") -> DueSource:
    return DueSource(
        source_id=SourceId(1),
        kind=kind,
        url=url,
        rules=rules,
        validators=Validators(),
        errors=0,
    )


async def _look(
    site: Site, source: DueSource, asked: list[str] | None = None, *, now_ms: int = 0
) -> PollReport:
    async def answer(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        if asked is not None:
            asked.append(request.path)
        status, body = site.get(request.path, (404, ""))
        return Reply(status=status, headers=(("etag", '"1"'), ("retry-after", "90")), body=body.encode())

    return await look_at(_web(answer), InlineReader(), source, now_ms=now_ms)


def _web(answer: Callable[[Request], Awaitable[Reply]], hosts: Hosts | None = None) -> Web:
    transport = InMemoryTransport(answer)
    return Web(transport, user_agent="t", timeout_s=5, max_body_bytes=100_000, hosts=hosts)


_INDEX = "<sitemapindex><sitemap><loc>/a</loc></sitemap><sitemap><loc>/b</loc></sitemap></sitemapindex>"


def _urlset(*names: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>/{name}</loc></url>" for name in names) + "</urlset>"


async def test_sitemaps_of_an_index_are_read_one_after_the_other() -> None:
    asked: list[str] = []
    site = {"/sitemap.xml": (200, _INDEX), "/a": (200, _urlset("2", "1")), "/b": (200, _urlset("4", "3"))}
    report = await _look(site, _source("sitemap"), asked)
    assert asked == ["/sitemap.xml", "/b", "/a"]
    assert [each.url for each in report.candidates] == [f"https://e.org/{n}" for n in (1, 2, 3, 4)]
    assert report.validators is not None
    assert set(report.children) == {"https://e.org/a", "https://e.org/b"}


async def test_an_index_that_breaks_off_is_not_taken_for_the_whole_one() -> None:
    half = _INDEX.partition("<loc>/b")[0]
    site = {"/sitemap.xml": (200, half), "/a": (200, _urlset("2", "1"))}
    report = await _look(site, _source("sitemap"))
    assert [each.url for each in report.candidates] == ["https://e.org/1", "https://e.org/2"]
    assert (report.validators, report.complete, report.partial) == (None, False, True)
    assert report.memory is not None
    source = replace(_source("sitemap"), memory=report.memory, children=report.children)
    again = await _look(site, source)
    assert (again.status, again.validators, again.memory) == ("ok", None, report.memory)


async def test_only_sitemaps_that_changed_are_read_again() -> None:
    site = {"/sitemap.xml": (200, _INDEX), "/a": (200, _urlset("2", "1")), "/b": (200, _urlset("4", "3"))}
    first = await _look(site, _source("sitemap"))
    assert not first.partial
    assert first.validators is not None
    known = replace(_source("sitemap"), validators=first.validators, children=first.children)
    again = await _look(site, known)
    assert (again.status, again.candidates, again.error) == ("not_modified", (), None)
    site["/a"] = (200, _urlset("5", "2", "1"))
    changed = await _look(site, known)
    assert [each.url for each in changed.candidates] == [f"https://e.org/{n}" for n in (1, 2, 5)]
    assert (changed.status, changed.partial) == ("ok", True)
    assert changed.children["https://e.org/b"] == first.children["https://e.org/b"]
    assert changed.children["https://e.org/a"] != first.children["https://e.org/a"]
    assert changed.validators == first.validators


def _dated(*lastmods: str) -> str:
    members = "".join(
        f"<sitemap><loc>/{name}</loc><lastmod>{lastmod}</lastmod></sitemap>"
        for name, lastmod in zip("abc", lastmods, strict=False)
    )
    return f"<sitemapindex>{members}</sitemapindex>"


async def test_sitemaps_that_an_index_calls_unchanged_are_not_asked_for() -> None:
    dates = ["2024-01-01", "2024-01-01T10:00:00Z", "2024-03-01"]
    site = {"/sitemap.xml": (200, _dated(*dates)), **{f"/{n}": (200, _urlset(f"{n}1")) for n in "abc"}}
    now_ms = 1_709_287_200_000  # 2024-03-01
    first = await _look(site, _source("sitemap"), now_ms=now_ms)
    assert len(first.candidates) == 3
    source = replace(_source("sitemap"), children=first.children, validators=first.validators or Validators())
    asked: list[str] = []
    again = await _look(site, source, asked, now_ms=now_ms)
    assert (again.status, asked) == ("not_modified", ["/sitemap.xml", "/c"]), (
        "also where the index is unchanged"
    )
    asked.clear()
    dates[0] = "2024-02-02"
    site |= {"/sitemap.xml": (200, _dated(*dates)), "/a": (200, _urlset("a2", "a1")), "/b": (500, "")}
    changed = await _look(site, source, asked, now_ms=now_ms)
    assert asked == ["/sitemap.xml", "/c", "/a"]
    assert [each.url for each in changed.candidates] == ["https://e.org/a1", "https://e.org/a2"]
    assert changed.partial
    assert changed.children["https://e.org/b"] == first.children["https://e.org/b"]
    assert changed.children["https://e.org/a"].listed_ms == 1_706_832_000_000


async def test_a_sitemap_that_broke_off_is_asked_for_again() -> None:
    broken = _urlset("1", "2").removesuffix("</urlset>")
    site = {"/sitemap.xml": (200, _dated("2024-01-01")), "/a": (200, broken)}
    first = await _look(site, _source("sitemap"), now_ms=1_709_287_200_000)
    asked: list[str] = []
    await _look(site, replace(_source("sitemap"), children=first.children), asked, now_ms=1_709_287_200_000)
    assert asked == ["/sitemap.xml", "/a"]


async def test_each_further_document_waits_for_its_turn(autojump_clock: MockClock) -> None:
    asked: list[float] = []

    async def answer(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        asked.append(trio.current_time())
        body = _INDEX if request.path == "/sitemap.xml" else _urlset(request.path[1:])
        return Reply(body=body.encode())

    web = _web(answer, hosts=Hosts(gap_s=3.0))
    web.hosts.begin("e.org")
    await look_at(web, InlineReader(), _source("sitemap"), now_ms=0)
    assert [each - asked[0] for each in asked] == [0.0, 3.0, 6.0]


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ((301,), "https://e.org/1"),
        ((308, 301), "https://e.org/2"),
        ((301, 302), "https://e.org/1"),
        ((302, 301), None),
        ((307,), None),
        ((), None),
    ],
    ids=str,
)
async def test_where_a_source_says_that_it_is_from_now_on(
    statuses: tuple[int, ...], moved_to: str | None
) -> None:
    async def answer(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        step = 0 if request.path == "/sitemap.xml" else int(request.path[1:])
        if step < len(statuses):
            return Reply(status=statuses[step], headers=(("location", f"/{step + 1}"),))
        return Reply(body=_urlset("x").encode())

    report = await look_at(_web(answer), InlineReader(), _source("sitemap"), now_ms=0)
    assert (report.status, report.moved_to) == ("ok", moved_to)


async def test_one_sitemap_that_fails_fails_the_poll() -> None:
    for status in (410, 500, 304):
        site = {"/sitemap.xml": (200, _INDEX), "/b": (200, _urlset("3")), "/a": (status, "")}
        report = await _look(site, _source("sitemap"))
        assert (report.status, report.candidates) == ("failed", ())
        assert report.final_url == "https://e.org/sitemap.xml"
    assert report.validators is None


async def test_one_sitemap_that_is_none_fails_the_poll() -> None:
    site = {"/sitemap.xml": (200, _INDEX), "/a": (200, _urlset("3")), "/b": (200, "<html>")}
    report = await _look(site, _source("sitemap"))
    assert (report.status, report.error) == ("failed", "not_a_sitemap")


async def test_plain_sitemap_keeps_its_validators() -> None:
    report = await _look({"/sitemap.xml": (200, _urlset("1"))}, _source("sitemap"))
    assert report.validators is not None
    assert (report.validators.etag, report.children) == ('"1"', {})


async def test_rules_reach_the_reader() -> None:
    page = "<ul><li class=x><a href=/1>One</a><li><a href=/2>Two</a></ul>"
    source = _source("list", "https://e.org/", '{"item":".x"}')
    report = await _look({"/": (200, page)}, source)
    assert [each.title for each in report.candidates] == ["One"]


async def test_rules_that_no_version_takes_are_told() -> None:
    source = _source("list", "https://e.org/", '{"old":"rule"}')
    assert (await _look({"/": (200, "<p>")}, source)).error == "bad_rules"


async def test_lists_that_could_be_meant_are_told() -> None:
    items = "".join(f"<li><a href=/{n}>Title {n}</a>" for n in range(4))
    page = f"<ul class=a>{items}</ul><ul class=b>{items.replace('/', '/x')}</ul>"
    report = await _look({"/": (200, page)}, _source("list", "https://e.org/"))
    assert report.error == "which_list"
    assert "ul.a > li" in report.error_args[0]


def _rss(*items: tuple[str, str]) -> str:
    inner = "".join(
        f"<item><title>{title}</title><link>/{path}</link><guid>{path}</guid><description>d</description></item>"
        for path, title in items
    )
    return f"<rss><channel><title>T</title>{inner}</channel></rss>"


async def test_of_what_a_feed_showed_last_time_only_the_news_are_read() -> None:
    site = {"/sitemap.xml": (200, _rss(("2", "Two"), ("1", "One")))}
    first = await _look(site, _source("feed"))
    assert [each.title for each in first.candidates] == ["One", "Two"]
    assert first.memory is not None
    site["/sitemap.xml"] = (200, _rss(("3", "Three"), ("2", "Two"), ("1", "One")))
    again = await _look(site, replace(_source("feed"), memory=first.memory))
    assert [each.title for each in again.candidates] == ["Three"]
    assert again.known == 2
    assert again.memory is not None
    assert again.memory.hashes > first.memory.hashes


async def test_a_feed_that_begins_to_tell_entries_apart_by_fragment_is_read_in_full() -> None:
    carries = "/www.google.com/url?q=https%3A%2F%2Fother.example%2Fpage%23part"
    site = {"/sitemap.xml": (200, _rss((carries, "Carried")))}
    first = await _look(site, _source("feed"))
    assert first.memory is not None
    site["/sitemap.xml"] = (200, _rss(("p#2", "Two"), ("p#1", "One"), (carries, "Carried")))
    again = await _look(site, replace(_source("feed"), memory=first.memory))
    assert again.fragments
    assert all(each.title for each in again.candidates)
    assert [each.title for each in again.candidates][-2:] == ["One", "Two"]

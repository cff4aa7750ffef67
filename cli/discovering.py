"""What to watch behind an address that somebody gave without saying what it is."""

from actors.reader.reading import Reader
from actors.web import Web
from cli.starting import real_environment
from core.discovery import Suggestion, choose, suggest_from_url, well_known
from core.entries import Document
from core.errors import UnreadableDocument, UserError
from core.protocol import Validators
from core.settings import Settings
from core.words import say


async def find_sources(settings: Settings, urls: tuple[str, ...]) -> list[Suggestion]:
    """Find one source behind each address: it is fetched once, and its site's usual addresses if need be.

    Raises:
        UserError: there is none behind an address, or several; the text shows them.
    """
    import supervisor

    env = real_environment(settings)
    async with supervisor.web(env) as web, env.open_reader() as reader:
        return [await _find(web, reader, url, env.now_ms()) for url in urls]


async def _find(web: Web, reader: Reader, url: str, now_ms: int) -> Suggestion:
    if (known := suggest_from_url(url)) and choose(known) is None:
        raise _question(url, known)
    found = choose(known)
    document = await _get(web, found.url if found is not None else url, now_ms)
    if found is not None:
        await _must_be_readable(reader, found, document)
        return found
    suggestions = await reader.discover(document) or await _usual(web, reader, url, now_ms)
    chosen = choose(suggestions)
    if suggestions and chosen is None:
        raise _question(url, suggestions)
    if chosen is not None and chosen.url != document.url:
        return chosen
    # The address as it was given, where it is the source itself: whether redirects last is another matter.
    itself = Suggestion(kind="auto" if chosen is None else chosen.kind, url=url)
    await _must_be_readable(reader, itself, document)
    return itself


async def _get(web: Web, url: str, now_ms: int) -> Document:
    fetched = await web.get(url, Validators(), now_ms=now_ms)
    if fetched.status != "ok":
        reason = say(fetched.error or "", *fetched.error_args)
        raise UserError(f"{url}: {reason}. If that will pass, add it with --as feed")
    return Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)


async def _usual(web: Web, reader: Reader, url: str, now_ms: int) -> tuple[Suggestion, ...]:
    """Try the usual addresses in order; the first that can be read is the answer."""
    for each in well_known(url):
        fetched = await web.get(each.url, Validators(), now_ms=now_ms)
        document = Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)
        if fetched.status != "ok":
            continue
        try:
            await reader.read(each.kind, document, each.rules)
        except UnreadableDocument:
            continue
        return (each,)
    return ()


async def _must_be_readable(reader: Reader, found: Suggestion, document: Document) -> None:
    try:
        await reader.read(found.kind, document, found.rules)
    except UnreadableDocument as error:
        raise UserError(f"{found.url}: {say(error.code)} {error.detail}".rstrip()) from None


def _question(url: str, suggestions: tuple[Suggestion, ...]) -> UserError:
    lines = [
        f"  {each.url} --as {each.kind}" + f"   ({', '.join(filter(None, (each.title, each.why)))})"
        for each in suggestions
    ]
    return UserError(f"{url}: which of these? Add one of them by its own address.\n" + "\n".join(lines))

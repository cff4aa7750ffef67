"""What to watch behind an address that somebody gave without saying what it is."""

from actors.finding import find
from actors.reader.reading import Reader
from actors.web import Web
from cli.starting import real_environment
from core.access import split_userinfo
from core.discovery import Suggestion
from core.errors import UserError
from core.found_words import how_found
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
    clean, access = split_userinfo(url)
    found = (await find(web, reader, clean, now_ms=now_ms, access=access)).found
    if found.reached and found.chosen is not None:
        return found.chosen
    if found.error is None:
        raise _question(clean, found.suggestions)
    reason = say(found.error, *found.error_args)
    if not found.reached:
        raise UserError(f"{clean}: {reason}. If that will pass, add it with --as feed")
    where = found.suggestions[0].url if found.suggestions else clean
    raise UserError(f"{where}: {reason} {found.detail}".rstrip())


def _question(url: str, suggestions: tuple[Suggestion, ...]) -> UserError:
    lines = [
        f"  {each.url} --as {each.kind}   ({', '.join(filter(None, (each.title, how_found(each.why))))})"
        for each in suggestions
    ]
    return UserError(f"{url}: which of these? Add one of them by its own address.\n" + "\n".join(lines))

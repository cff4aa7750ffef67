"""`adopt`: what stands in a chat already counts as sent there."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import trio

from cli.bars import bar_of_bytes
from cli.places import find_place, target_of
from cli.starting import private_files, real_environment, settings_for
from cli.writing import note, writing
from core.chat_export import ExportedChat, ExportedMessage, messages_of
from core.errors import UserError
from core.json_stream import BrokenJson, JsonStream
from core.requests import Target
from core.settings import Settings
from core.urls.normalize import RefusedUrl
from store import adoption, chats

if TYPE_CHECKING:
    from supervisor import Environment

_PIECE_BYTES = 2**18
_BATCH_LINKS = 1_000
"""Rows of one transaction."""
_HOW_TO_EXPORT = "in Telegram Desktop open the chat's menu, Export chat history, format Machine-readable JSON"


@click.command("adopt")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--chat", required=True, metavar="CHAT", help="Numeric id, or @name (asks Telegram).")
@click.pass_context
def command(ctx: click.Context, file: Path, chat: str) -> None:
    """Mark every link ever posted to a chat as sent there, so that it is not posted again.

    For moving in from any other bot, and after losing the database. FILE is the history that Telegram
    Desktop exports for a chat: in the chat's menu choose Export chat history, format Machine-readable JSON;
    media are not needed. FILE may be result.json or the folder around it, of one chat or of a whole account.

    Posts that wait for this chat and are in its history already are marked as sent too, and so are those
    of which nobody knew. Running it again changes nothing. Add the sources afterwards, or before. The
    bot may run meanwhile.

    \b
    python run.py adopt ~/Downloads/ChatExport_2026-01-31/result.json --chat -1001234567890
    python run.py add https://example.com/feed.xml --chat -1001234567890 --backlog all
    """  # noqa: D301 - click's mark for a paragraph that is not to be wrapped
    private_files()
    settings = settings_for(ctx)
    path = file / "result.json" if file.is_dir() else file
    if not path.exists():
        raise UserError(f"{file}: no result.json in this folder; {_HOW_TO_EXPORT}")
    trio.run(_adopt, settings, path, path.stat().st_size, target_of(chat))


@dataclass(slots=True)
class _Tally:
    """Counts what was read, and what that changed."""

    messages: int = 0
    links: int = 0
    refused: int = 0
    chat: ExportedChat | None = None
    """The chat that was read."""
    passed_over: set[int | None] = field(default_factory=set)
    """Other chats of an account."""
    done: adoption.Recorded = field(default_factory=adoption.Recorded)

    def lines(self, chat_id: int) -> Iterator[str]:
        yield f"read      {self.messages:,} messages with {self.links:,} links"
        if self.chat is not None and self.chat.chat_id != chat_id:
            yield f"of        {self.chat.name or 'another chat'}: its links count as sent to {chat_id}"
        if self.refused:
            yield f"ignored   {self.refused:,} that do not lead to the web"
        yield f"new       {self.done.new_posts:,} links are known to be in the chat now"
        for state, count in sorted(self.done.settled.items()):
            yield f"settled   {count:,} that were {state} are marked as sent: they are in the chat"


async def _adopt(settings: Settings, path: Path, size: int, target: Target) -> None:
    place, chat_type, title = await find_place(settings, target)
    known = ExportedChat(chat_id=place.chat_id, chat_type=chat_type, name=title)
    await adopt(real_environment(settings), path, size, known)


async def adopt(env: "Environment", path: Path, size: int, here: ExportedChat) -> None:
    """Mark the links of an export (of `size` bytes) as sent to a chat, and say what that changed.

    Raises:
        UserError: it is no export, breaks off, or does not hold this chat.
    """
    tally = _Tally()
    chat_id = here.chat_id or 0
    problem = None
    with path.open("rb") as file, bar_of_bytes("reading", size) as advance:
        stream = JsonStream(_text_of(file, advance))
        async with writing(env) as store:
            try:
                for links in _links(stream, chat_id, tally, env.now_ms()):
                    tally.done.add(
                        await store.write(adoption.record, links, chat_id=chat_id, now_ms=env.now_ms())
                    )
            except BrokenJson as error:
                problem = str(error)
            if tally.chat is not None:
                told = tally.chat if tally.chat.chat_id == chat_id else here
                await store.write(chats.ensure, chat_id, chat_type=told.chat_type, title=told.name)
                await note(env, store, f"adopt {path.name}: {tally.done.new_posts}", chat_id)
    _tell(path, chat_id, tally, problem)


def _tell(path: Path, chat_id: int, tally: _Tally, problem: str | None) -> None:
    if tally.messages:
        click.echo("\n".join(tally.lines(chat_id)))
        if problem is not None:
            raise UserError(f"{path}: {problem}; what comes before is adopted. Export it anew")
    elif problem is not None:
        raise UserError(f"{path}: no history exported as JSON ({problem}); {_HOW_TO_EXPORT}")
    elif tally.passed_over:
        raise UserError(f"{path}: none of its {len(tally.passed_over)} chats is {chat_id}; {_HOW_TO_EXPORT}")
    else:
        click.echo("there is no message in it")


def _links(
    stream: JsonStream, chat_id: int, tally: _Tally, now_ms: int
) -> Iterator[list[adoption.KnownLink]]:
    """Yield the links of a chat in batches, the last one also where the export breaks off."""
    batch: list[adoption.KnownLink] = []
    broken: BrokenJson | None = None
    messages = messages_of(stream)
    while True:
        try:
            message = next(messages, None)
        except BrokenJson as error:
            message, broken = None, error
        if message is None:
            break
        if not message.chat.alone and message.chat.chat_id != chat_id:
            tally.passed_over.add(message.chat.chat_id)
            continue
        tally.messages += 1
        tally.chat = message.chat
        batch += _known(message, chat_id, tally, now_ms)
        if len(batch) >= _BATCH_LINKS:
            yield batch
            batch = []
    if batch:
        yield batch
    if broken is not None:
        raise broken


def _known(
    message: ExportedMessage, chat_id: int, tally: _Tally, now_ms: int
) -> Iterator[adoption.KnownLink]:
    same = message.chat.chat_id == chat_id
    for url in message.links:
        try:
            yield adoption.link_of(
                url,
                at_ms=message.date_ms or now_ms,
                topic_id=message.topic_id if same else 0,
                message_id=message.message_id if same else None,
            )
        except RefusedUrl:
            tally.refused += 1
        else:
            tally.links += 1


def _text_of(file: BinaryIO, advance: Callable[[int], None]) -> Iterator[str]:
    """Yield the text of a file in pieces; what is no UTF-8 is replaced."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    while piece := file.read(_PIECE_BYTES):
        advance(len(piece))
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)

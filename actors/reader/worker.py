"""The program of the worker process: reads one document after the other, until its standard input ends.

A request is two frames, what to do and the document. The answer is frames of entries, and one that ends it.
"""

import argparse
import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from typing import BinaryIO

from actors.reader import limits, wire
from actors.reader.pages import pack_page
from core.discovery import discover
from core.documents.fallback import fallback
from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds import listed_by, parse_as
from core.pages.reading import read_page


def main(arguments: list[str]) -> None:
    """Serve standard input, within limits."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--lifeline", type=int, required=True, help="A pipe that is open while we are needed."
    )
    parser.add_argument("--memory-bytes", type=int, default=limits.MEMORY_BYTES)
    parser.add_argument("--cpu-s", type=int, default=limits.CPU_S)
    parser.add_argument("--worn-out-bytes", type=int, default=limits.WORN_OUT_BYTES)
    options = parser.parse_args(arguments)
    limits.die_with(options.lifeline)
    limits.bound_memory(options.memory_bytes)
    # Whatever a library prints must not get between the frames.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        try:
            serve(sys.stdin.buffer, answers, cpu_s=options.cpu_s, worn_out_bytes=options.worn_out_bytes)
        except MemoryError:
            os._exit(wire.OUT_OF_MEMORY)  # there may be none left for anything else


def serve(requests: BinaryIO, answers: BinaryIO, *, cpu_s: int, worn_out_bytes: int) -> None:
    """Answer requests until they end. Who asks decides whether a process that is worn out is asked again."""
    while (head := _receive(requests)) is not None and (body := _receive(requests)) is not None:
        limits.grant_cpu(cpu_s)
        answers.writelines(wire.frame(payload) for payload in answer(wire.decode(head), body))
        answers.write(wire.frame(wire.encode({"worn_out": limits.holds_more_than(worn_out_bytes)})))
        answers.flush()


def answer(head: dict[str, str], body: bytes) -> Iterator[bytes]:
    """Yield the answer to one request; whatever happens is an answer, but for a lack of memory.

    Raises:
        MemoryError: the process is better replaced.
    """
    document = Document(body=body, url=head["url"], content_type=head["content_type"])
    try:
        yield from _do(head, document)
    except UnreadableDocument as error:
        yield wire.encode({"unreadable": [error.code, error.detail[:2000]]})
    except UserError as error:
        yield wire.encode({"refused": str(error)[:2000]})
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a document must not cost more than its own source
        yield wire.encode({"unreadable": ["crashed", f"{type(error).__name__}: {error}"[:200]]})


def _do(head: dict[str, str], document: Document) -> Iterator[bytes]:
    match head["task"]:
        case "wanted":
            further = listed_by(head["kind"], document)
            yield wire.encode({"wanted": tuple(further.dates.items()), "complete": further.complete})
        case "page":
            yield wire.encode({"page": pack_page(read_page(document))})
        case "discover":
            found = discover(document)
            yield wire.encode({"found": [[s.kind, s.url, s.title, s.why, s.rules] for s in found]})
        case "picture":
            from core.pictures.preparing import prepare  # costs a start of the worker 50 ms that few need

            yield wire.encode({"picture": b64encode(prepare(document.body)).decode("ascii")})
        case "chart":
            from core.pictures.chart import draw_packed

            yield wire.encode({"picture": b64encode(draw_packed(document.body)).decode("ascii")})
        case _:
            yield from _packed(parse_as(head["kind"], document, head["rules"], fallback=fallback))


def _packed(parsed: ParsedDocument) -> Iterator[bytes]:
    """Yield the entries in frames that are quick to decode, and the rest of the document behind them."""
    batch: list[Entry] = []
    size = 0
    for entry in parsed.entries:
        batch.append(entry)
        size += len(entry.summary)
        if size > wire.BATCH_CHARACTERS or len(batch) >= wire.BATCH_ENTRIES:
            yield wire.encode(wire.pack_entries(batch))
            batch, size = [], 0
    yield wire.encode(wire.pack_entries(batch))
    yield wire.encode({"document": wire.pack_head(parsed)})


def _receive(requests: BinaryIO) -> bytes | None:
    """Return the next frame, or None at the end."""
    length = requests.read(wire.LENGTH_BYTES)
    if len(length) < wire.LENGTH_BYTES:
        return None
    expected = int.from_bytes(length, "big")
    payload = requests.read(expected)
    return payload if len(payload) == expected else None

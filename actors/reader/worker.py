"""The program of the worker process: reads one document after the other, until its standard input ends.

A request is two frames, what to do and the document. The answer is frames of entries, and one that ends it.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

from actors.reader import limits, wire
from core.discovery import discover
from core.documents.fallback import fallback
from core.entries import Document, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds import parse_as, wanted_by


def main(arguments: list[str]) -> None:
    """Serve standard input, within limits."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--lifeline", type=int, required=True, help="A pipe that is open while we are needed."
    )
    parser.add_argument("--memory-bytes", type=int, default=limits.MEMORY_BYTES)
    parser.add_argument("--cpu-s", type=int, default=limits.CPU_S)
    options = parser.parse_args(arguments)
    limits.die_with(options.lifeline)
    limits.bound_memory(options.memory_bytes)
    # Whatever a library prints must not get between the frames.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(sys.stdin.buffer, answers, cpu_s=options.cpu_s)


def serve(requests: BinaryIO, answers: BinaryIO, *, cpu_s: int) -> None:
    """Answer requests until they end. Who asks decides whether a process that is worn out is asked again."""
    while (head := _receive(requests)) is not None and (body := _receive(requests)) is not None:
        limits.grant_cpu(cpu_s)
        answers.writelines(wire.frame(payload) for payload in answer(wire.decode(head), body))
        answers.write(wire.frame(wire.encode({"worn_out": limits.is_worn_out()})))
        answers.flush()


def answer(head: dict[str, str], body: bytes) -> Iterator[bytes]:
    """Yield the answer to one request; whatever happens is an answer."""
    document = Document(body=body, url=head["url"], content_type=head["content_type"])
    try:
        yield from _do(head, document)
    except UnreadableDocument as error:
        yield wire.encode({"unreadable": [error.code, error.detail[:2000]]})
    except UserError as error:
        yield wire.encode({"refused": str(error)[:2000]})
    except MemoryError:
        yield wire.encode({"unreadable": ["too_much_memory", ""]})
    except Exception as error:  # noqa: BLE001 - a document must not cost more than its own source
        yield wire.encode({"unreadable": ["crashed", f"{type(error).__name__}: {error}"[:200]]})


def _do(head: dict[str, str], document: Document) -> Iterator[bytes]:
    match head["task"]:
        case "wanted":
            yield wire.encode({"wanted": wanted_by(head["kind"], document)})
        case "discover":
            found = discover(document)
            yield wire.encode({"found": [[s.kind, s.url, s.title, s.why, s.rules] for s in found]})
        case _:
            yield from _packed(parse_as(head["kind"], document, head["rules"], fallback=fallback))


def _packed(parsed: ParsedDocument) -> Iterator[bytes]:
    """Yield the entries in frames that are quick to decode, and the rest of the document behind them."""
    batch: list[bytes] = []
    size = 0
    for entry in parsed.entries:
        row = wire.encode(wire.pack_entry(entry))
        batch.append(row)
        size += len(row)
        if size > wire.BATCH_BYTES or len(batch) >= wire.BATCH_ENTRIES:
            yield b"[" + b",".join(batch) + b"]"
            batch, size = [], 0
    yield b"[" + b",".join(batch) + b"]"
    yield wire.encode({"document": wire.pack_head(parsed)})


def _receive(requests: BinaryIO) -> bytes | None:
    """Return the next frame, or None at the end."""
    length = requests.read(wire.LENGTH_BYTES)
    if len(length) < wire.LENGTH_BYTES:
        return None
    expected = int.from_bytes(length, "big")
    payload = requests.read(expected)
    return payload if len(payload) == expected else None

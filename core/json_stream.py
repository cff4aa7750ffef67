"""JSON that is larger than memory, read in order: what is not asked for is passed over.

A consumer walks down: it enters an object or an array, and of each member takes the value, enters it in
turn, or does nothing, and it is passed over. Only what is taken is ever held, so memory is that of the
largest single value, within a limit.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_DECODER = json.JSONDecoder(strict=False)  # raw line breaks in strings do no harm
_SPACE = " \t\r\n"
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_CUT_NUMBER = re.compile(r"[.eE]?[+-]?")
"""Behind a value at the end of what is held: it may be a number that goes on."""
_DEEPEST = 100
_LONGEST_TOKEN = 16
"""Of words and escapes, so far before the end at most does an incomplete one begin."""


class BrokenJson(ValueError):
    """What comes next is no JSON, or breaks off, or is larger than one value may be."""


class JsonStream:
    """A JSON document in pieces of text.

    Args:
        pieces: The text, cut anywhere.
        limit: The most characters of a single value that is taken.
    """

    def __init__(self, pieces: Iterable[str], *, limit: int = 16 * 2**20) -> None:
        self._pieces = iter(pieces)
        self._limit = limit
        self._text = ""
        self._at = 0
        self._passed = 0
        """Characters before those that are held."""
        self._ended = False
        self._waiting = True
        """Whether a value comes next that nobody has taken yet."""

    def next_is(self, opening: str) -> bool:
        """Return whether the value that comes next begins with this character."""
        return self._peek() == opening

    def members(self) -> Iterator[str]:
        """Enter the object that comes next: yield each name, when its value comes next.

        Raises:
            BrokenJson: it is no object.
        """
        for _ in self._enter("{", "}"):
            name = self._decoded()
            if not isinstance(name, str):
                raise BrokenJson("a member of an object has no name")
            self._expect(":")
            self._waiting = True
            yield name

    def elements(self) -> Iterator[None]:
        """Enter the array that comes next: yield before each element.

        Raises:
            BrokenJson: it is no array.
        """
        for _ in self._enter("[", "]"):
            self._waiting = True
            yield

    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """Take the value that comes next, whole.

        Raises:
            BrokenJson: it is no JSON, breaks off, or is larger than the limit.
        """
        self._waiting = False
        return self._decoded()

    def skip(self, depth: int = 0) -> None:
        """Pass over the value that comes next, whatever its size.

        Raises:
            BrokenJson: it is no JSON, or is nested too deeply.
        """
        if depth > _DEEPEST:
            raise BrokenJson("it is nested too deeply")
        if self.next_is("{"):
            for _ in self.members():
                self.skip(depth + 1)
        elif self.next_is("["):
            for _ in self.elements():
                self.skip(depth + 1)
        else:
            self.value()

    def _enter(self, opening: str, closing: str) -> Iterator[None]:
        self._expect(opening)
        self._waiting = False
        if self._peek() == closing:
            self._at += 1
            return
        while True:
            yield
            if self._waiting:
                self.skip()
            if self._peek() == closing:
                self._at += 1
                return
            self._expect(",")

    def _expect(self, character: str) -> None:
        if self._peek() != character:
            raise BrokenJson(f"{character} is missing at character {self._passed + self._at:,}")
        self._at += 1

    def _peek(self) -> str:
        """Return the next character that is no space; at the end, nothing."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._read_on():
                return ""

    def _decoded(self) -> Any:  # noqa: ANN401 - any JSON
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._repair(error):
                    continue
                if self._is_wrong(error) or not self._read_on():
                    raise BrokenJson(self._complaint(error)) from None
            except (RecursionError, ValueError):
                raise BrokenJson("it is nested too deeply, or holds an endless number") from None
            else:
                if not _CUT_NUMBER.fullmatch(self._text, end) or not self._read_on():
                    self._at = end
                    return value

    def _repair(self, error: json.JSONDecodeError) -> bool:
        r"""Write as JSON does what Telegram Desktop writes as `\x0B`; return whether that was the matter."""
        if not error.msg.startswith("Invalid \\escape"):
            return False
        head, rest = self._text[: self._at], self._text[self._at :]
        mended = _ESCAPE.sub(lambda found: f"\\u00{found[1]}" if found[1] else found[0], rest)
        self._text = head + mended
        return mended != rest

    def _is_wrong(self, error: json.JSONDecodeError) -> bool:
        """Return whether reading on cannot help: what is wrong lies before the end of what is held."""
        return not error.msg.startswith("Unterminated") and error.pos < len(self._text) - _LONGEST_TOKEN

    def _complaint(self, error: json.JSONDecodeError) -> str:
        if self._is_wrong(error):
            return f"it is damaged at character {self._passed + error.pos:,}"
        if self._ended:
            return f"it breaks off after {self._passed + len(self._text):,} characters"
        return f"a value at character {self._passed + self._at:,} is larger than {self._limit:,} characters"

    def _read_on(self) -> bool:
        """Forget what was taken and hold as much again; return whether there was more, within the limit."""
        kept = len(self._text) - self._at
        if self._ended or kept > self._limit:
            return False
        pieces = [self._text[self._at :]]
        wanted = max(kept, 1)  # doubling, so that a large value is not tried too often
        while wanted > 0:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            pieces.append(piece)
            wanted -= len(piece)
        self._passed += self._at
        self._text, self._at = "".join(pieces), 0
        return len(self._text) > kept

"""The answer to one request, as it comes off a connection: parsed, with bounds on all but its body."""

import httptools
import httpx

_MOST_HEADER_BYTES = 64 * 1024
_MOST_HEADERS = 200
_HEADER_EXTRA_BYTES = 4  # a colon, a blank and the end of the line
_FIRST_FINAL = 200
_SWITCHING = 101


class Answer:
    """Takes the bytes of a connection, and tells status, headers and pieces of the body.

    Interim answers (RFC 9110, 15.2) are passed over. What llhttp tolerates on top of the RFCs is a
    line that ends without a carriage return, and blanks behind the size of a chunk; both are common and
    neither changes where a body ends.

    Attributes:
        headers_done: Status and headers are there.
        complete: The last byte of the body is there as well.
        may_keep: Another request may follow on this connection, once this answer is complete.
        begun: Something was received.
    """

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.begun = False
        self.headers_done = False
        self.complete = False
        self.may_keep = False
        self._header_bytes = 0
        self._since_progress = 0
        self._framed = False
        self._refused = ""
        self._parser = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )

    def feed(self, data: bytes) -> None:
        """Take what was received; nothing means that the other side has closed.

        Raises:
            httpx.RemoteProtocolError: this is no HTTP, or more of it than there may be, or it broke off.
        """
        if not data:
            self._end()
            return
        self.begun = True
        self._since_progress += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.may_keep = False
            if not self.complete:  # what comes after the end is not ours
                raise httpx.RemoteProtocolError(self._refused or str(error)) from None
        if self._refused:
            raise httpx.RemoteProtocolError(self._refused)
        if self._since_progress > _MOST_HEADER_BYTES and not self.complete:
            raise httpx.RemoteProtocolError("too much between two pieces of the body, or before the first")

    def _end(self) -> None:
        self.may_keep = False
        if not self.headers_done or self._framed:
            raise httpx.RemoteProtocolError("the connection was closed before the answer was complete")
        self.complete = True

    # What follows is called by the parser. It would wrap errors, so they are noted.

    def on_message_begin(self) -> None:
        if self.complete:  # nobody has asked for a second answer
            self.may_keep = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.headers_done:  # a trailer (RFC 9110, 6.5), or of a second answer
            return
        self._header_bytes += len(name) + len(value) + _HEADER_EXTRA_BYTES
        if len(self.headers) >= _MOST_HEADERS or self._header_bytes > _MOST_HEADER_BYTES:
            self._refused = "too many headers"
            return
        name = name.lower()
        value = value.strip()
        self.headers.append((name, value))
        if name == b"transfer-encoding":
            if self._framed or value.lower() != b"chunked":
                self._refused = "this transfer coding is not known"
            self._framed = True
        elif name == b"content-length":
            self._framed = True

    def on_headers_complete(self) -> None:
        if self.headers_done:
            return
        self.status = self._parser.get_status_code()
        if self.status >= _FIRST_FINAL:
            self.headers_done = True
            self.may_keep = self._parser.should_keep_alive()
            self._since_progress = 0
        elif self.status == _SWITCHING or self.status < 100:  # noqa: PLR2004
            self._refused = "an answer that was not asked for"

    def on_body(self, piece: bytes) -> None:
        if not self.complete:
            self._since_progress = 0
            self.pieces.append(piece)

    def on_message_complete(self) -> None:
        if self.headers_done:
            self.complete = True
        else:
            self.headers.clear()
            self._framed = False

"""Getting the pictures of posts ready that Telegram could not fetch itself."""

from dataclasses import replace

import structlog
import trio

from actors.reader.reading import Reader
from actors.web import Web
from core.entries import Document
from core.errors import UnreadableDocument
from core.pictures.ways import Picture
from core.protocol import Validators
from core.urls.normalize import without_secrets

_AT_ONCE = 2
"""Downloads, each of which may weigh MAX_BODY."""

log = structlog.get_logger("gallery")


class Gallery:
    """Downloads pictures through the guarded web, and has the reader make of them what Telegram takes."""

    def __init__(self, web: Web, reader: Reader) -> None:
        self._web = web
        self._reader = reader
        self._slots = trio.Semaphore(_AT_ONCE)

    async def upload(self, picture: Picture, *, now_ms: int) -> Picture | None:
        """Return a picture with the file to upload; None where it cannot be had, whatever the reason.

        It takes no longer than one fetch and the reading of one document may.
        """
        async with self._slots:
            fetched = await self._web.get(picture.url, Validators(), now_ms=now_ms)
            if fetched.status != "ok":
                _note_failure(picture, fetched.error or fetched.status)
                return None
            document = Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)
            try:
                body = await self._reader.picture(document)
            except UnreadableDocument as error:
                _note_failure(picture, error.code)
                return None
        return replace(picture, body=body)


def _note_failure(picture: Picture, error: str) -> None:
    log.info("picture_not_had", url=without_secrets(picture.url), error=error)

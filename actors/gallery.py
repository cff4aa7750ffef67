"""Getting the pictures of posts ready that Telegram could not fetch itself."""

from dataclasses import replace

import structlog
import trio

from actors.context import Context
from actors.insisting import insist
from actors.reader.reading import Reader
from actors.web import Web
from core.entries import Document
from core.errors import UnreadableDocument
from core.pictures.ways import Picture
from core.protocol import Delivery, Validators
from core.urls.normalize import without_secrets
from store import pictures

_AT_ONCE = 2
"""Downloads, each of which may weigh MAX_BODY."""

log = structlog.get_logger("gallery")


class Gallery:
    """Downloads pictures through the guarded web, and has the reader make of them what Telegram takes."""

    def __init__(self, web: Web, reader: Reader) -> None:
        self._web = web
        self._reader = reader
        self._slots = trio.Semaphore(_AT_ONCE)

    async def hang(self, ctx: Context, delivery: Delivery) -> Delivery:
        """Return a delivery with its picture as it can be sent; what cannot be had is not tried again."""
        picture = delivery.picture
        if picture is None or picture.way != "upload":
            return delivery
        ready = await self.upload(picture, now_ms=ctx.now_ms())
        if ready is None:
            await insist(
                lambda: ctx.store.write(
                    pictures.refused,
                    picture,
                    queue_id=delivery.queue_id,
                    here_only=False,
                    now_ms=ctx.now_ms(),
                )
            )
            ready = replace(picture, way="preview")
        return replace(delivery, picture=ready)

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

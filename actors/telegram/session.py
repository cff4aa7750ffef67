"""aiogram's HTTP session, on httpx and trio: `await bot.send_message(...)` works straight from trio."""

import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import trio
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import EditMessageText, GetUpdates, Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile, Message

from actors.telegram import plain
from actors.telegram.plain import Posted
from actors.telegram.shared_ids import SharedIds
from actors.web import Guard, Transport, ask_the_system, parse_proxy
from actors.web.connections import Kept
from core.addresses import parse_networks
from core.protocol import OutgoingMessage

REQUEST_TIMEOUT_S = 60.0
_KEEP_ALIVE_S = 5.0
_MOST_KEPT = 40
_OK = 200
_FORM = b"application/x-www-form-urlencoded"
_JSON = b"application/json"
_LONGEST_ANSWER_BYTES = 50 * 2**20


class NothingSent(TelegramNetworkError):
    """The connection could not be made: no byte of the request has left."""


class OutcomeUnknown(TelegramNetworkError):
    """The request, or a part of it, has left, and there is no clear answer."""


class HttpxSession(BaseSession):
    """Sends Bot methods over an httpx transport, and keeps aiogram's own mapping of errors.

    Errors never carry the address of a request, for it holds the token.
    """

    def __init__(self, api_url: str, transport: httpx.AsyncBaseTransport) -> None:
        super().__init__(
            api=TelegramAPIServer.from_base(api_url), json_loads=_described, timeout=REQUEST_TIMEOUT_S
        )
        self.shared_ids = SharedIds()
        self._transport = transport
        self._answers: set[object] = set()
        self._addresses: dict[str, httpx.URL] = {}

    def prepare(self) -> None:
        """Make the types of what every run asks and is answered.

        Each takes up to a tenth of a second, in which an event loop would do nothing else: this may run in a
        thread, before anything else happens. Other types are made when they are first used.
        """
        for method in (GetUpdates, SendMessage, EditMessageText):
            method.model_rebuild()
            self._answer_type(method).model_rebuild()

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Send one request and return its result.

        Raises:
            NothingSent: the connection failed.
            OutcomeUnknown: no whole answer came, or none within `timeout` seconds.
            TelegramAPIError: what the Bot API answered.
            ClientDecodeError: the answer is no answer of the Bot API.
        """
        url = self._address(bot.token, method.__api_method__)
        steps: list[str] = []
        request = await self._request(bot, method, url, {"steps": steps})
        status, content = await self._answer(request, steps, lambda: method, timeout)
        result = self._result(bot, method, status, content)
        self.shared_ids.note(result)
        return result

    async def send_text(self, bot: Bot, message: OutgoingMessage) -> Message | Posted:
        """Send a message without a photo, as `make_request` does, for a third of its cost.

        Raises as `make_request` does.
        """
        steps: list[str] = []
        url = self._address(bot.token, plain.METHOD)
        body = plain.body_of(message)
        request = _posting(url, body, _JSON, {"steps": steps})

        def method() -> SendMessage:
            return SendMessage(chat_id=message.place.chat_id, text=message.text)

        status, content = await self._answer(request, steps, method, None)
        posted = plain.posted(content) if status == _OK else None
        if posted is None:
            result = self._result(bot, method(), status, content)
            self.shared_ids.note(result)
            return result
        self.shared_ids.note_id(posted.chat_type, posted.message_id)
        return posted

    async def _answer(
        self,
        request: httpx.Request,
        steps: list[str],
        method: Callable[[], TelegramMethod[Any]],
        timeout: float | None,
    ) -> tuple[int, bytes]:
        """Return status and body of an answer; `method` is made for errors only."""
        try:
            with trio.fail_after(self.timeout if timeout is None else timeout):
                return await self._ask(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NothingSent(method=method(), message=type(error).__name__) from None
        except (httpx.HTTPError, httpx.StreamError, trio.TooSlowError) as error:
            kind = OutcomeUnknown if _may_have_left(steps) else NothingSent
            raise kind(method=method(), message=type(error).__name__) from None

    def _result(
        self, bot: Bot, method: TelegramMethod[TelegramType], status: int, content: bytes
    ) -> TelegramType:
        self._answer_type(type(method))
        text = content.decode("utf-8", errors="replace")
        checked = self.check_response(bot=bot, method=method, status_code=status, content=text)
        return cast("TelegramType", checked.result)

    def _answer_type(self, method: type[TelegramMethod[Any]]) -> type[Response[Any]]:
        """Return the type of an answer; pydantic itself forgets it when nobody uses it."""
        made: type[Response[Any]] = Response[method.__returning__]  # type: ignore[name-defined]
        self._answers.add(made)
        return made

    def _address(self, token: str, method: str) -> httpx.URL:
        """Return where a method is called; to read an address takes longer than all else of a request."""
        name = f"{token}/{method}"
        if name not in self._addresses:
            self._addresses[name] = httpx.URL(self.api.api_url(token=token, method=method))
        return self._addresses[name]

    async def _request(
        self, bot: Bot, method: TelegramMethod[Any], url: httpx.URL, extensions: dict[str, Any]
    ) -> httpx.Request:
        form, files = await self._form(bot, method)
        if files:
            return httpx.Request("POST", url, data=form, files=files, extensions=extensions)
        return _posting(url, urlencode(form).encode("ascii"), _FORM, extensions)

    async def _ask(self, request: httpx.Request) -> tuple[int, bytes]:
        response = await self._transport.handle_async_request(request)
        pieces, size = [], 0
        try:
            async for piece in response.stream:  # type: ignore[union-attr] # one of the two is async
                size += len(piece)
                if size > _LONGEST_ANSWER_BYTES:
                    raise httpx.RemoteProtocolError("the answer is too long")
                pieces.append(piece)
        finally:
            await response.aclose()
        return response.status_code, b"".join(pieces)

    async def _form(
        self, bot: Bot, method: TelegramMethod[TelegramType]
    ) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
        """Return the fields of a request, and the files that go with them."""
        files: dict[str, InputFile] = {}
        form = {}
        for name, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files=files)
            if prepared:
                form[name] = str(prepared)
        parts = {}
        for name, file in files.items():
            parts[name] = (file.filename or name, b"".join([piece async for piece in file.read(bot)]))
        return form, parts

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Download a file piece by piece.

        Raises:
            httpx.HTTPError, trio.TooSlowError: it could not be read.
            ValueError: the file server answered with an error.
        """
        sent = [("Host", httpx.URL(url).netloc.decode("ascii")), *(headers or {}).items()]
        with trio.fail_after(timeout):
            status, content = await self._ask(httpx.Request("GET", url, headers=sent))
        if raise_for_status and status != _OK:
            raise ValueError(f"the file server answered {status}")
        for start in range(0, len(content), chunk_size):
            yield content[start : start + chunk_size]

    async def close(self) -> None:
        """Close the transport."""
        await self._transport.aclose()


def _described(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Read an answer; one without a description, as a proxy may give, has an empty one: aiogram needs it."""
    answer = json.loads(text)
    return {"description": "", **answer} if isinstance(answer, dict) else answer


def _posting(url: httpx.URL, body: bytes, kind: bytes, extensions: dict[str, Any]) -> httpx.Request:
    # With a stream of its own a request adds no headers, which takes half of the time to make one.
    length = str(len(body)).encode("ascii")
    headers = [(b"Host", url.netloc), (b"Content-Type", kind), (b"Content-Length", length)]
    stream = httpx.ByteStream(body)
    return httpx.Request("POST", url, headers=headers, stream=stream, extensions=extensions)


def _may_have_left(steps: list[str]) -> bool:
    """Return whether a byte of the request may have left; a transport that tells no steps proves nothing."""
    return not steps or "sending" in steps


def telegram_transport(*, proxy: str | None) -> Transport:
    """Make the way to the Bot API, wherever its server is; only PROXY_TELEGRAM says how.

    Many requests go there at once, so as many connections are kept. One that the other side closes while a
    request is on its way makes a post uncertain, so they are kept only while requests follow each other.
    """
    anywhere = Guard(ask_the_system, networks=parse_networks("0.0.0.0/0 ::/0"))
    through = None if proxy is None else replace(parse_proxy(proxy), given_names=True)
    kept = Kept(most=_MOST_KEPT, each=_MOST_KEPT, kept_s=_KEEP_ALIVE_S)
    return Transport(anywhere, proxy=through, kept=kept)

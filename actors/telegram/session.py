"""aiogram's HTTP session, on httpx and trio: `await bot.send_message(...)` works straight from trio."""

from collections.abc import AsyncGenerator
from typing import Any, cast

import httpx
import trio
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from actors.telegram.shared_ids import SharedIds

REQUEST_TIMEOUT_S = 60.0
_CONNECT_TIMEOUT_S = 20.0
# A kept connection that the other side closes while a request is on its way makes a post uncertain,
# so connections are kept only as long as requests follow each other closely.
_KEEP_ALIVE_S = 5.0
_LONGEST_ANSWER_BYTES = 50 * 2**20


class NothingSent(TelegramNetworkError):
    """The connection could not be made: no byte of the request has left."""


class OutcomeUnknown(TelegramNetworkError):
    """The request, or a part of it, has left, and there is no clear answer."""


class HttpxSession(BaseSession):
    """Sends Bot methods over one httpx client, and keeps aiogram's own mapping of errors.

    Errors never carry the address of a request, for it holds the token.
    """

    def __init__(self, api_url: str, client: httpx.AsyncClient) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url), timeout=REQUEST_TIMEOUT_S)
        self.shared_ids = SharedIds()
        self._client = client

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
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        progress = _Progress()
        try:
            with trio.fail_after(self.timeout if timeout is None else timeout):
                answer = await self._client.post(
                    url,
                    data=self._form(bot, method),
                    extensions={"trace": progress.trace},
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NothingSent(method=method, message=type(error).__name__) from None
        except (httpx.HTTPError, trio.TooSlowError) as error:
            kind = OutcomeUnknown if progress.written else NothingSent
            raise kind(method=method, message=type(error).__name__) from None
        text = answer.content.decode("utf-8", errors="replace")
        checked = self.check_response(bot=bot, method=method, status_code=answer.status_code, content=text)
        self.shared_ids.note(checked.result)
        return cast("TelegramType", checked.result)

    def _form(self, bot: Bot, method: TelegramMethod[TelegramType]) -> dict[str, str]:
        files: dict[str, Any] = {}
        form = {}
        for name, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files=files)
            if prepared:
                form[name] = str(prepared)
        return form

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
            OutcomeUnknown: it could not be read; the message holds no address.
        """
        with trio.fail_after(timeout):
            answer = await self._client.get(url, headers=headers)
        if raise_for_status and not answer.is_success:
            raise ValueError(f"the file server answered {answer.status_code}")
        for start in range(0, len(answer.content), chunk_size):
            yield answer.content[start : start + chunk_size]

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()


class _Progress:
    """Notices when the first byte of a request goes out; without a trace that is assumed at once."""

    def __init__(self) -> None:
        self._steps: list[str] = []

    async def trace(self, name: str, _info: object) -> None:
        self._steps.append(name)

    @property
    def written(self) -> bool:
        if not self._steps:
            return True
        return any(step.endswith("send_request_headers.started") for step in self._steps)


def make_client(*, proxy: str | None, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Make the client for the Bot API; the environment's proxies are ignored, PROXY_TELEGRAM is not."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(None, connect=_CONNECT_TIMEOUT_S),
        limits=httpx.Limits(
            max_connections=None, max_keepalive_connections=20, keepalive_expiry=_KEEP_ALIVE_S
        ),
        trust_env=False,
        proxy=proxy,
        transport=transport,
    )

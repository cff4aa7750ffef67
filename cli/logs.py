"""Logging for people or machines, with one place through which everything passes: where secrets go."""

import logging
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

import structlog

from cli.repeats import Repeats
from core.redaction import Redaction, one_line
from core.settings import Settings

_NOISY = ("httpx", "httpcore", "aiogram", "asyncio", "aiohttp", "hypercorn")


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Hides secrets and control characters in the finished line, tracebacks included."""

    def __init__(self, *, redaction: Redaction, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return self.redaction(super().format(record))


def redact(text: str) -> str:
    """Hide in any text what logs hide, as far as logging is set up."""
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    known = [each.redaction for each in formatters if isinstance(each, RedactingFormatter)]
    return (known[0] if known else Redaction())(text)


def secrets_of(settings: Settings) -> Iterator[str]:
    """Yield every text of the settings that no line may show."""
    if settings.bot_token is not None:
        token = settings.bot_token.get_secret_value()
        yield token
        yield token.partition(":")[2]
    for proxy in (settings.proxy_fetch, settings.proxy_telegram):
        if proxy is not None:
            url = proxy.get_secret_value()
            yield url
            password = urlsplit(url).password
            if password:
                yield password
                yield unquote(password)


def _on_one_line(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Write out line breaks in what is logged; those of tracebacks come later and stay."""
    return {name: one_line(value) if isinstance(value, str) else value for name, value in event.items()}


def set_up(*, level: str, style: str, secrets: Iterable[str]) -> None:
    """Send all logs of the process to standard error.

    Args:
        level: a name of the standard library's levels.
        style: `console` for people, `json` for machines.
        secrets: texts that no line may show.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _on_one_line,
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if style == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        RedactingFormatter(
            redaction=Redaction(secrets),
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _NOISY:
        # They write addresses, and the Bot API's addresses hold the token.
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )

"""Logging for people or machines, with one place through which everything passes: where secrets go."""

import logging
import re
from collections.abc import Iterable

import structlog

_NOISY = ("httpx", "httpcore", "aiogram", "asyncio", "aiohttp", "hypercorn")
_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")
_USERINFO = re.compile(r"(\w+://)[^/\s@:]+:[^/\s@]+@")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Hides secrets and control characters in the finished line, tracebacks included."""

    def __init__(self, *, secrets: Iterable[str], **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        line = _USERINFO.sub(r"\1***@", _TOKEN.sub("***", line))
        return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", line)


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
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if style == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        RedactingFormatter(
            secrets=secrets,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
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

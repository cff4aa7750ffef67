"""Settings from the environment and `.env` files; every problem is reported at once, by name."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from core import VERSION
from core.addresses import IPNetwork, parse_networks
from core.backlog import parse_backlog
from core.durations import parse_duration, parse_size
from core.errors import SettingsError, UserError
from core.hosts import AllowedHost, parse_hosts
from core.listening import parse_listening
from core.posting.zones import find_zone, host_zone
from core.uncertainty import UncertainAfter, parse_uncertain_after

SECRETS = ("bot_token", "proxy_fetch", "proxy_telegram", "database_url")
"""Settings that may be given as NAME_FILE, the path of a file that holds the value."""

_RENAMED = {"token": "BOT_TOKEN", "bot_key": "BOT_TOKEN", "manager": "OWNER_IDS", "owner": "OWNER_IDS"}


def _number_list(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return [int(part) for part in value.replace(",", " ").split()]
    except ValueError:
        raise ValueError("write Telegram user ids, such as 123456789, with commas between them") from None


def _from_text(read: Any) -> BeforeValidator:  # noqa: ANN401 - any reader of one string
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _backlog_name(value: str) -> str:
    return parse_backlog(value).text


def _zone_name(value: str) -> str:
    try:
        return find_zone(value)
    except UserError as error:
        raise ValueError(str(error)) from None


Duration = Annotated[float, _from_text(parse_duration)]
Size = Annotated[int, _from_text(parse_size)]


class Settings(BaseSettings):
    """All settings; field names are the environment's names in lower case."""

    model_config = SettingsConfigDict(extra="ignore", validate_default=True, hide_input_in_errors=True)

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    owner_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_number_list)] = ()
    bot_api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite:///bot_database.db"
    database_url_file: Path | None = None

    # Order matters: a validator sees the fields above its own.
    interval_min: Duration = 60.0
    interval_default: Duration = 600.0
    interval_max: Duration = 3_600.0
    backoff_max: Duration = 86_400.0
    http_timeout: Duration = 20.0
    http_concurrency: int = Field(64, ge=1, le=1024)
    http_per_host: int = Field(2, ge=1, le=64)
    http_host_gap: Duration = 1.0
    max_body: Size = 10 * 2**20
    user_agent: str = f"Vestnik/{VERSION}"
    proxy_fetch: SecretStr | None = None
    proxy_fetch_file: Path | None = None
    proxy_telegram: SecretStr | None = None
    proxy_telegram_file: Path | None = None
    allow_networks: Annotated[tuple[IPNetwork, ...], NoDecode, _from_text(parse_networks)] = ()
    allow_hosts: Annotated[tuple[AllowedHost, ...], NoDecode, _from_text(parse_hosts)] = ()

    backlog_default: Annotated[str, AfterValidator(_backlog_name)] | None = None
    fetch_pages: bool = True
    keep_pages: Duration = 90 * 86_400.0
    flood_brake: int = Field(20, ge=0)
    on_uncertain: Literal["ask", "resend", "drop"] = "ask"
    uncertain_after: Annotated[UncertainAfter, NoDecode, _from_text(parse_uncertain_after)] = UncertainAfter(
        wait_s=86_400.0, then="drop"
    )
    probe_chat: str | None = None
    alert_chat: str | None = None
    chat_gap: Duration = 1.0
    group_gap: Duration = 3.0
    global_rate: float = Field(25, ge=0, le=1000)

    bot_language: Literal["en", "ru"] = "en"
    time_zone: Annotated[str, AfterValidator(_zone_name)] | None = None
    backup_every: Duration = 86_400.0
    backup_keep: int = Field(7, ge=1)
    backup_dir: Path | None = None
    monitor_address: str = "127.0.0.1:8478"

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        number, colon, secret = value.get_secret_value().partition(":")
        if not (number.isdigit() and colon and secret) or any(c.isspace() for c in secret):
            raise ValueError("this is no token: copy it from @BotFather, it looks like 123456:ABC-DEF")
        return value

    @field_validator("bot_api_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("write the whole address, such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_sqlite(cls, value: str) -> str:
        if not value.startswith("sqlite:///") or value == "sqlite:///":
            raise ValueError("write sqlite:/// and a path, such as sqlite:///bot_database.db")
        return value

    @field_validator("proxy_fetch", "proxy_telegram")
    @classmethod
    def _is_proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(
            ("http://", "https://", "socks5://", "socks5h://")
        ):
            raise ValueError("write a proxy as http://host:port, https://host:port or socks5://host:port")
        return value

    @field_validator("alert_chat", "probe_chat")
    @classmethod
    def _is_place(cls, value: str | None) -> str | None:
        if value is not None:
            parse_place(value)
        return value

    @field_validator("monitor_address")
    @classmethod
    def _is_listening(cls, value: str) -> str:
        if value:
            parse_listening(value)
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Drop empty values where they mean nothing, and read each secret that is given as a file."""
        given = {name: value for name, value in values.items() if value != "" or name == "monitor_address"}
        for name in SECRETS:
            path = given.get(f"{name}_file")
            if path and name not in given:
                with suppress(OSError, UnicodeDecodeError):  # said with all other problems, below
                    given[name] = Path(path).read_text(encoding="utf-8").strip()
        return given

    @field_validator("bot_token_file", "database_url_file", "proxy_fetch_file", "proxy_telegram_file")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        try:
            if value is not None:
                value.read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"{value}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{value}: this is no text") from None
        return value

    @field_validator("interval_min")
    @classmethod
    def _not_too_often(cls, value: float) -> float:
        if value < 1:
            raise ValueError("at least 1s")
        return value

    @field_validator("http_timeout")
    @classmethod
    def _some_time(cls, value: float) -> float:
        if value <= 0:
            raise ValueError("more than 0, such as 20s")
        return value

    @field_validator("interval_default")
    @classmethod
    def _above_the_least(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("interval_min", 0):
            raise ValueError("shorter than INTERVAL_MIN; lower INTERVAL_MIN too (to 1s at the least)")
        return value

    @field_validator("interval_max")
    @classmethod
    def _adapts_upwards(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("interval_default", 0):
            raise ValueError("shorter than INTERVAL_DEFAULT; write a longer one")
        return value

    @field_validator("backoff_max")
    @classmethod
    def _above_the_default(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("interval_default", 0):
            raise ValueError("shorter than INTERVAL_DEFAULT; write a longer one")
        return value

    @property
    def database_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))

    @cached_property
    def zone(self) -> str:
        """IANA name of the time zone of chats that have not chosen one: TIME_ZONE, or the host's."""
        paths = [str(Path("/etc/localtime").resolve())]
        with suppress(OSError, UnicodeDecodeError):
            paths.append(f"zoneinfo/{Path('/etc/timezone').read_text(encoding='utf-8').strip()}")
        return self.time_zone or host_zone(os.environ.get("TZ"), paths)

    @property
    def backup_folder(self) -> Path:
        """Where backups are kept."""
        return self.backup_dir or self.database_path.absolute().parent

    @property
    def token(self) -> str:
        """The bot's token.

        Raises:
            SettingsError: there is none.
        """
        if self.bot_token is None:
            raise SettingsError(["BOT_TOKEN: missing; get one from @BotFather and write it into .env"])
        return self.bot_token.get_secret_value()

    @property
    def alert_place(self) -> tuple[int, int] | None:
        """Chat and topic for cards and questions, as far as the settings say."""
        if self.alert_chat is not None:
            return parse_place(self.alert_chat)
        return (self.owner_ids[0], 0) if self.owner_ids else None

    @property
    def probe_place(self) -> tuple[int, int] | None:
        """Chat and topic in which copies of messages are made to look at them, if the settings say."""
        return None if self.probe_chat is None else parse_place(self.probe_chat)


def parse_place(text: str) -> tuple[int, int]:
    """Read `-100123` or `-100123/45` as chat id and topic id (0: none).

    Raises:
        ValueError: it is neither.
    """
    chat, slash, topic = text.strip().partition("/")
    try:
        return int(chat), int(topic) if slash else 0
    except ValueError:
        raise ValueError("write a numeric chat id, or id/topic") from None


def load_settings(env_files: Sequence[Path], *, bot_token: str | None = None) -> tuple[Settings, list[str]]:
    """Read the settings; later files win over earlier ones, the environment over all, `bot_token` over it.

    Returns:
        The settings and warnings about names that mean nothing.

    Raises:
        SettingsError: with one line for each problem; values are not repeated, they may be secrets.
    """
    present, problems = _texts(path for path in env_files if path.is_file())
    unreadable = _unreadable_names()
    problems += [f"{name.upper()}: this is no text in UTF-8" for name in unreadable]
    given = {name: Settings.model_fields[name].default for name in unreadable}
    if bot_token is not None:
        given["bot_token"] = bot_token
    try:
        settings = Settings(_env_file=present, **given)  # type: ignore[call-arg] # its own argument
    except ValidationError as error:
        raise SettingsError(problems + _problems(error)) from None
    if problems:
        raise SettingsError(problems)
    return settings, _unknown_names(present)


def _texts(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Return the files that can be read as text, and what is wrong with the other ones."""
    present, problems = [], []
    for path in paths:
        try:
            path.read_text(encoding="utf-8")
        except OSError as error:
            problems.append(f"{path}: {error.strerror}")
        except UnicodeDecodeError:
            problems.append(f"{path}: this is no text in UTF-8; save it as such")
        else:
            present.append(path)
    return present, problems


def _unreadable_names() -> list[str]:
    """Return the settings whose values in the environment are no text in UTF-8 (PEP 383)."""
    texts = ((name.lower(), value) for name, value in os.environ.items())
    unreadable = {name for name, value in texts if any("\ud800" <= c <= "\udfff" for c in value)}
    return sorted(unreadable & set(Settings.model_fields))


def _problems(error: ValidationError) -> list[str]:
    lines: dict[str, None] = {}
    for problem in error.errors(include_url=False, include_input=False):
        message = problem["msg"].removeprefix("Value error, ")
        name = str(problem["loc"][0]).upper() if problem["loc"] else ""
        said = (f"{name}: {line}" if name else line for line in message.splitlines())
        lines |= dict.fromkeys("".join(c if c.isprintable() else "\ufffd" for c in line) for line in said)
    return list(lines)


def _unknown_names(env_files: Sequence[Path]) -> list[str]:
    """Name what means nothing; what is no name at all is not repeated, it may be a secret."""
    known = set(Settings.model_fields)
    warnings = []
    for path in env_files:
        names = DotEnvSettingsSource(Settings, env_file=path).env_vars
        for name, value in names.items():
            if value is None or not (name.isidentifier() and name.isascii()):
                warnings.append(f"{path}: a line is no setting: write NAME=value")
            elif name.lower() not in known:
                hint = _RENAMED.get(name.lower())
                advice = f"rename it to {hint}" if hint else "it has no effect"
                warnings.append(f"{path}: {name.upper()} is no setting: {advice}")
    return list(dict.fromkeys(warnings))

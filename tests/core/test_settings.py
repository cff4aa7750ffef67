"""Settings: read from the environment and files, wrong ones all named at once, secrets never shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.hosts import AllowedHost
from core.posting.zones import zone_of
from core.settings import SECRETS, Settings, load_settings, parse_place
from core.uncertainty import UncertainAfter

TOKEN = "123456:SECRET-token"

EnvFile = Callable[..., Path]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def env_file(tmp_path: Path) -> EnvFile:
    """Write lines to a file of settings."""

    def write(*lines: str, name: str = ".env") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def problems(*paths: Path) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings(paths)
    return refused.value.problems


def test_defaults() -> None:
    settings, warnings = load_settings([])
    assert warnings == []
    assert settings.bot_token is None
    assert settings.owner_ids == ()
    assert settings.database_path == Path("bot_database.db")
    assert (settings.interval_min, settings.interval_default, settings.backoff_max) == (60, 600, 86_400)
    assert (settings.http_timeout, settings.max_body, settings.http_concurrency) == (20, 10 * 2**20, 64)
    assert settings.uncertain_after == UncertainAfter(wait_s=86_400, then="drop")
    assert (settings.on_uncertain, settings.backlog_default, settings.alert_place) == ("ask", None, None)
    assert settings.user_agent.startswith("Vestnik/")


def test_everything_is_read(env_file: EnvFile) -> None:
    path = env_file(
        f"BOT_TOKEN={TOKEN}",
        "OWNER_IDS=12, 34 56",
        "BOT_API_URL=http://127.0.0.1:8081/",
        "DATABASE_URL=sqlite:////var/lib/bot.db",
        "INTERVAL_MIN=1s",
        "INTERVAL_DEFAULT=5m",
        "MAX_BODY=500KB",
        "PROXY_FETCH=socks5://127.0.0.1:1080",
        "ALLOW_NETWORKS=10.0.0.0/8, fd00::/8",
        "ALLOW_HOSTS=rsshub:1200",
        "BACKLOG_DEFAULT=007",
        "ON_UNCERTAIN=resend",
        "UNCERTAIN_AFTER=2h:resend",
        "ALERT_CHAT=-100123/45",
        "GLOBAL_RATE=0",
        "TIME_ZONE=berlin",
        "log_level=debug",
        "LOG_FORMAT=json",
        "PROXY_TELEGRAM=",
    )
    settings, warnings = load_settings([path])
    assert warnings == []
    assert settings.token == TOKEN
    assert settings.owner_ids == (12, 34, 56)
    assert settings.bot_api_url == "http://127.0.0.1:8081"
    assert settings.database_path == Path("/var/lib/bot.db")
    assert (settings.interval_min, settings.interval_default, settings.max_body) == (1, 300, 500_000)
    assert settings.proxy_fetch is not None
    assert settings.proxy_fetch.get_secret_value() == "socks5://127.0.0.1:1080"
    assert settings.proxy_telegram is None
    assert [str(network) for network in settings.allow_networks] == ["10.0.0.0/8", "fd00::/8"]
    assert settings.allow_hosts == (AllowedHost("rsshub", 1200),)
    assert (settings.backlog_default, settings.on_uncertain) == ("7", "resend")
    assert settings.uncertain_after == UncertainAfter(wait_s=7200, then="resend")
    assert settings.alert_place == (-100123, 45)
    assert (settings.time_zone, settings.zone) == ("Europe/Berlin", "Europe/Berlin")
    assert (settings.global_rate, settings.log_level, settings.log_format) == (0, "DEBUG", "json")


def test_the_environment_wins_and_later_files_win(env_file: EnvFile, monkeypatch: pytest.MonkeyPatch) -> None:
    first = env_file("HTTP_TIMEOUT=1s", "MAX_BODY=1", "CHAT_GAP=1s", name="first")
    second = env_file("HTTP_TIMEOUT=2s", "MAX_BODY=2", name="second")
    monkeypatch.setenv("HTTP_TIMEOUT", "3s")
    settings, _ = load_settings([first, second, first.parent / "missing"])
    assert (settings.http_timeout, settings.max_body, settings.chat_gap) == (3, 2, 1)


def test_all_problems_are_said_at_once_each_with_its_name(env_file: EnvFile, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    path = env_file(
        f"BOT_TOKEN_FILE={missing}",
        "OWNER_IDS=12,ann",
        "BOT_API_URL=api.telegram.org",
        "DATABASE_URL=postgres://u:SECRET@host/db",
        "INTERVAL_MIN=soon",
        "HTTP_TIMEOUT=0",
        "HTTP_CONCURRENCY=0",
        "MAX_BODY=big",
        "PROXY_FETCH=SECRET@host",
        "ALLOW_NETWORKS=10.0.0.1/8",
        "ALLOW_HOSTS=http://rsshub",
        "BACKLOG_DEFAULT=some",
        "ON_UNCERTAIN=maybe",
        "UNCERTAIN_AFTER=24h:ask",
        "ALERT_CHAT=@news",
        "GLOBAL_RATE=-1",
        "TIME_ZONE=Atlantis",
        "LOG_LEVEL=loud",
    )
    found = problems(path)
    names = [problem.partition(":")[0] for problem in found]
    assert sorted(names) == sorted(
        [
            *("BOT_TOKEN_FILE", "OWNER_IDS", "BOT_API_URL", "DATABASE_URL", "INTERVAL_MIN", "HTTP_TIMEOUT"),
            *(
                "HTTP_CONCURRENCY",
                "MAX_BODY",
                "PROXY_FETCH",
                "ALLOW_NETWORKS",
                "ALLOW_HOSTS",
                "BACKLOG_DEFAULT",
                "ON_UNCERTAIN",
            ),
            *("UNCERTAIN_AFTER", "ALERT_CHAT", "GLOBAL_RATE", "TIME_ZONE", "LOG_LEVEL"),
        ]
    )
    assert f"BOT_TOKEN_FILE: {missing}: No such file or directory" in found
    assert "INTERVAL_MIN: 'soon' is no duration: write it like 90s, 10m, 2h or 1d" in found


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["INTERVAL_MIN=500ms"], "INTERVAL_MIN: '500ms' is no duration"),
        (["INTERVAL_MIN=0.5"], "INTERVAL_MIN: at least 1s"),
        (["INTERVAL_DEFAULT=30s"], "INTERVAL_DEFAULT: shorter than INTERVAL_MIN"),
        (["INTERVAL_MIN=1h"], "INTERVAL_DEFAULT: shorter than INTERVAL_MIN"),
        (["BACKOFF_MAX=5m"], "BACKOFF_MAX: shorter than INTERVAL_DEFAULT"),
        (["DATABASE_URL=sqlite:///"], "DATABASE_URL: write sqlite:///"),
        (["ALERT_CHAT=12/"], "ALERT_CHAT: write a numeric chat id"),
    ],
)
def test_impossible_values_and_combinations(lines: list[str], problem: str, env_file: EnvFile) -> None:
    [found] = problems(env_file(*lines))
    assert found.startswith(problem)


@pytest.mark.parametrize("token", ["SECRET", "12:", ":SECRET", "12:SEC RET", "x12:SECRET", "SECRET:12"])
def test_what_is_no_token_is_not_repeated(token: str, env_file: EnvFile) -> None:
    [found] = problems(env_file(f"BOT_TOKEN='{token}'"))
    assert found.startswith("BOT_TOKEN: this is no token")
    assert "SECRET" not in found


def test_unknown_names_are_warnings_with_advice(env_file: EnvFile) -> None:
    path = env_file("TOKEN=SECRET", "MANAGER=12", "HTTP_TIMEUOT=5s", "HTTP_TIMEOUT=5s")
    settings, warnings = load_settings([path])
    assert settings.http_timeout == 5
    assert warnings == [
        f"{path}: TOKEN is no setting: rename it to BOT_TOKEN",
        f"{path}: MANAGER is no setting: rename it to OWNER_IDS",
        f"{path}: HTTP_TIMEUOT is no setting: it has no effect",
    ]


VALUES = {
    "bot_token": TOKEN,
    "proxy_fetch": "http://u:SECRET@host:1",
    "proxy_telegram": "https://u:SECRET@host:1",
    "database_url": "sqlite:///other.db",
}


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_from_files(name: str, env_file: EnvFile) -> None:
    secret = env_file(f"  {VALUES[name]} \n", name="secret")
    settings, warnings = load_settings([env_file(f"{name.upper()}_FILE={secret}")])
    value = getattr(settings, name)
    assert (value if isinstance(value, str) else value.get_secret_value()) == VALUES[name]
    assert warnings == []


def test_a_value_wins_over_its_file(env_file: EnvFile) -> None:
    secret = env_file("99:OTHER", name="secret")
    settings, _ = load_settings([env_file(f"BOT_TOKEN={TOKEN}", f"BOT_TOKEN_FILE={secret}")])
    assert settings.token == TOKEN


def test_a_secret_file_that_is_no_text(env_file: EnvFile, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"\xff\xfe\x00")
    assert problems(env_file(f"BOT_TOKEN_FILE={secret}")) == [f"BOT_TOKEN_FILE: {secret}: this is no text"]


def test_an_empty_secret_file_is_no_token(env_file: EnvFile) -> None:
    secret = env_file("", name="secret")
    [found] = problems(env_file(f"BOT_TOKEN_FILE={secret}"))
    assert found.startswith("BOT_TOKEN: this is no token")


def test_secrets_are_in_no_representation(env_file: EnvFile) -> None:
    settings, _ = load_settings([env_file(f"BOT_TOKEN={TOKEN}", "PROXY_FETCH=http://u:SECRET@h:1")])
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "SECRET" not in shown


def test_secrets_are_in_no_error(env_file: EnvFile) -> None:
    path = env_file(f"BOT_TOKEN=x{TOKEN}", "PROXY_FETCH=u:SECRET@h:1", "DATABASE_URL=mysql://u:SECRET@h")
    with pytest.raises(SettingsError) as refused:
        load_settings([path])
    error = refused.value
    assert len(error.problems) == 3
    assert "SECRET" not in f"{error!r} {error} {error.__context__!r} {error.__context__}"


def test_a_missing_token_says_where_to_get_one() -> None:
    settings, _ = load_settings([])
    with pytest.raises(SettingsError, match="BOT_TOKEN: missing; get one from @BotFather"):
        _ = settings.token


def test_the_zone_of_the_host_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, _ = load_settings([])
    assert zone_of(settings.zone).key == settings.zone
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert load_settings([])[0].zone == "Asia/Tokyo"


def test_alerts_go_to_the_first_owner() -> None:
    assert Settings.model_validate({"owner_ids": (7, 8)}).alert_place == (7, 0)


@pytest.mark.parametrize(("text", "place"), [("-100123", (-100123, 0)), (" 5/45 ", (5, 45))])
def test_places(text: str, place: tuple[int, int]) -> None:
    assert parse_place(text) == place


def test_what_is_no_text_is_named_with_all_other_problems(
    env_file: EnvFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "latin.env").write_bytes(b"TIME_ZONE=caf\xe9\n")
    monkeypatch.setenv("BACKUP_DIR", "caf\udce9")
    monkeypatch.setenv("BOT_TOKEN_FILE", "/no\x1b/where")
    found = problems(env_file("FLOOD_BRAKE=-1"), tmp_path / "latin.env")
    assert f"{tmp_path}/latin.env: this is no text in UTF-8; save it as such" in found
    assert "BACKUP_DIR: this is no text in UTF-8" in found
    assert "BOT_TOKEN_FILE: /no\ufffd/where: No such file or directory" in found
    assert any(line.startswith("FLOOD_BRAKE: ") for line in found)


@pytest.mark.parametrize("line", [TOKEN, f"BOT_TOKEN:{TOKEN}", "SECRET-token"])
def test_a_line_that_is_no_setting_is_not_repeated(env_file: EnvFile, line: str) -> None:
    _, warnings = load_settings([env_file(line)])
    assert warnings
    assert not any("SECRET" in warning for warning in warnings)

"""`setup`, against a Telegram on a real socket."""

import re
from pathlib import Path

from tests.process.conftest import TOKEN, Done, Loopback

WRONG = "7654321:AAF-this-is-a-wrong-token-indeed"


async def _setup(loopback: Loopback, token: str = TOKEN, **changes: str) -> Done:
    given = loopback.folder / "given"
    _write(given, f" {token}\n")
    return await loopback.command(
        "setup", "--token-file", "given", **{"BOT_TOKEN": "", "OWNER_IDS": "", **changes}
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text)


async def test_it_writes_the_token_and_prints_the_way_in(loopback: Loopback) -> None:
    env_file = loopback.folder / ".env"
    _write(env_file, "# mine\nBOT_TOKEN=\nTIME=1\n")
    env_file.chmod(0o644)
    done = await _setup(loopback)
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert env_file.read_text() == f"# mine\nBOT_TOKEN={TOKEN}\nTIME=1\n"
    assert env_file.stat().st_mode & 0o777 == 0o600
    link = re.search(r"https://t\.me/\w+\?start=[0-9a-f]{24}", said)
    assert link is not None
    assert "█" in said
    assert TOKEN not in said
    again = await _setup(loopback)
    assert link[0] in again.stdout.decode(), "the code stays the same until it is used"
    owned = await _setup(loopback, OWNER_IDS="5")
    assert "has its owner already" in owned.stdout.decode()


async def test_nothing_is_written_of_a_refused_token(loopback: Loopback) -> None:
    done = await _setup(loopback, WRONG)
    assert done.returncode == 2
    assert b"error: Telegram refuses this token" in done.stderr
    assert WRONG.encode() not in done.stderr + done.stdout
    assert not (loopback.folder / ".env").exists()


async def test_what_is_no_token_is_not_sent_anywhere(loopback: Loopback) -> None:
    done = await _setup(loopback, "my-secret")
    assert done.returncode == 2
    assert b"BOT_TOKEN: this is no token" in done.stderr
    assert b"my-secret" not in done.stderr
    assert loopback.api.calls == []


async def test_a_telegram_out_of_reach_has_a_hint(loopback: Loopback) -> None:
    done = await _setup(loopback, BOT_API_URL="http://127.0.0.1:9")
    assert done.returncode == 2
    assert b"cannot be reached" in done.stderr
    assert b"PROXY_TELEGRAM=socks5://" in done.stderr
    proxied = await _setup(loopback, BOT_API_URL="http://127.0.0.1:9", PROXY_TELEGRAM="socks5://127.0.0.1:9")
    assert b"through PROXY_TELEGRAM" in proxied.stderr
    web = await _setup(loopback, BOT_API_URL=f"http://127.0.0.1:{loopback.web_port}")
    assert web.returncode == 2
    assert b"error:" in web.stderr
